"""``python -m aml_magics.magics.pipeline.worker NAME=VALUE ...``: runs a cell that is a step of a pipeline.

An input is a variable that another step left; each output of the cell is left in a folder of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import AmlError, UsageError
from aml_magics.magics.failure import one_line, run_error
from aml_magics.magics.pipeline.notebook import VARIABLES_FILE
from aml_magics.magics.remote.shipment import CELL_FILE, OPTIONS_FILE, PYTHON, pack, unpack
from aml_magics.magics.remote.worker import worker_shell
from aml_magics.sdk.run.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VALUE_FILE: Final = "value.pkl"
"""The file of an output with the variable, pickled."""

FILES: Final = "files"
"""The folder of an output whose variable is the path of a file or folder."""

_BESIDE: Final = (
    "A step has a folder of its own. A file beside the notebook goes along where the cell has its whole path as one text, or by "
    "`%%aml_step … --files PATH`; other files come as a dataset, by --input data=dataset:NAME."
)
_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "bool": lambda text: text.lower() == "true",
    "int": int,
    "float": float,
    "string": str,
}


def main(words: list[str]) -> int:
    """Run the cell; return 0 if it ended well and left its outputs."""
    folder = Path.cwd()
    options = json.loads((folder / OPTIONS_FILE).read_text(encoding="utf-8"))
    places = dict(word.split("=", 1) for word in words)
    run = Run.get_context()
    shell = worker_shell()
    try:
        shell.push({**_given(folder, options, places, run), "run": run})  # type: ignore[no-untyped-call]
    except AmlError as error:
        print(one_line(error))  # noqa: T201 -- the log of the run
        run.fail_with(run_error(error, shell))
        return 1
    cell = (folder / CELL_FILE).read_text(encoding="utf-8")
    result = shell.run_cell(cell, store_history=False)  # type: ignore[no-untyped-call]
    failure = result.error_before_exec or result.error_in_exec
    if isinstance(failure, FileNotFoundError) and not os.path.isabs(failure.filename or "/"):  # noqa: PTH117 -- or bytes
        print(_BESIDE)  # noqa: T201 -- as above
    is_fine = failure is None or (isinstance(failure, SystemExit) and failure.code in (None, 0))
    if is_fine:
        try:
            _leave(shell.user_ns, options["outputs"], places)
        except AmlError as error:
            print(one_line(error))  # noqa: T201 -- as above
            failure, is_fine = error, False
    if not is_fine:
        run.fail_with(run_error(failure, shell))
    return 0 if is_fine else 1


def _given(
    folder: Path, options: Mapping[str, Any], places: Mapping[str, str], run: Run
) -> dict[str, Any]:
    """The variables that the cell begins with: the notebook's, parameters, datasets and inputs."""
    if options["python"] != PYTHON:
        raise UsageError(
            f"A cell goes to the Python that pickled its variables, {options['python']}, not {PYTHON}; give its step another compute."
        )
    values = unpack((folder / VARIABLES_FILE).read_bytes())
    for name, kind in options["params"].items():
        values[name] = _READERS[kind](places[name])
    for name in options["datasets"]:
        values[name] = run.input_datasets[name]
    for name in options["inputs"]:
        values[name] = _taken(Path(places[name]))
    return values


def _taken(place: Path) -> Any:  # noqa: ANN401 -- any value
    """What another step left: only this user's own steps leave any."""
    files = place / FILES
    if files.is_dir():
        return next(files.iterdir())
    return unpack((place / VALUE_FILE).read_bytes())["value"]


def _leave(values: Mapping[str, Any], names: list[str], places: Mapping[str, str]) -> None:
    for name in names:
        if name not in values:
            raise UsageError(
                f"The cell has the output {name!r} and left no such variable; assign it, or take it from --output."
            )
        place = Path(places[name])
        place.mkdir(parents=True, exist_ok=True)
        value = values[name]
        if isinstance(value, Path) and value.exists():
            target = place / FILES / value.name
            target.parent.mkdir()
            copy = shutil.copytree if value.is_dir() else shutil.copy2
            copy(value, target)
            continue
        data, _ = pack({"value": value}, ["value"])
        (place / VALUE_FILE).write_bytes(data)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
