"""Executes a notebook: the command of a ``NotebookRunnerStep``.

::

    python -m aml_magics.workers.step.notebook_runner --notebook train.ipynb --text rate 0.1 -- --depth 3
"""

from __future__ import annotations

import argparse
import ast
import json
import math
import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NoReturn

from aml_magics._optional import optional_module
from aml_magics.errors import AmlError, PipelineError
from aml_magics.records.pipeline.definition import is_parameter, parameter_placeholder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_FEATURE: Final = "A notebook as a step"
_OUTPUTS: Final = "outputs"
_TAG, _INJECTED = "parameters", "injected-parameters"
"""The tags of cells that papermill reads and writes."""

_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(slots=True)
class Options:
    """What to do.

    ``texts`` came as words: each becomes a value of the type that the notebook's own has.
    """

    notebook: str
    output: str
    timeout: float | None = None
    copy_to: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def main(words: Sequence[str]) -> None:
    """Execute a notebook, and keep it as far as it came.

    Raises:
        PipelineError: there is no such notebook, it is none of Python, or its kernel does not end a cell.
        SystemExit: a cell failed; its error was told.
        DependencyError: nbclient is not installed.
    """
    options = read(words)
    client, formats = (optional_module(one, _FEATURE) for one in ("nbclient", "nbformat"))
    notebook = _loaded(options.notebook, formats)
    inject(notebook, options, formats.v4.new_code_cell)
    try:
        _execute(notebook, options, client)
    finally:
        _keep(notebook, options, formats)


# -- the command line ---------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise PipelineError(f"The command line of the step cannot be read: {message}.")


def read(words: Sequence[str]) -> Options:
    """The options of a command line; what follows ``--`` are further parameters, as ``--name value``.

    Raises:
        PipelineError: an option is unknown or missing, or a parameter has no name.
    """
    end = words.index("--") if "--" in words else len(words)
    parser = _Parser(prog="notebook_runner", allow_abbrev=False, add_help=False)
    parser.add_argument("--notebook", required=True)
    parser.add_argument("--output_notebook")
    parser.add_argument("--cell_timeout")
    parser.add_argument("--copy_to")
    parser.add_argument("--path", nargs=2, action="append", default=[])
    for kind in ("text", "string", "json"):  # as `--text=name=value`: a value may begin with a dash
        parser.add_argument(f"--{kind}", action="append", default=[])
    given = parser.parse_args(words[:end])
    plain = {name: json.loads(value) for name, value in map(_parted, given.json)}
    plain |= dict(map(_parted, given.string))
    plain |= {_variable(name): value for name, value in given.path}
    texts = dict(map(_parted, given.text))
    for name, value in texts.items():
        if is_parameter(value):
            raise PipelineError(
                f"{name} has no value for the parameter {value.removeprefix(parameter_placeholder(''))!r} of a pipeline; run "
                "the notebook as a step of one, or give a value."
            )
    return Options(
        notebook=given.notebook,
        output=_place(given.notebook, given.output_notebook),
        timeout=None if given.cell_timeout is None else float(given.cell_timeout),
        copy_to=given.copy_to,
        values=plain,
        texts=texts | _pairs(words[end + 1 :]),
    )


def _parted(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value


def _pairs(words: Sequence[str]) -> dict[str, str]:
    """Parameters of the words of a command line; one without a value is ``True``."""
    found: dict[str, str] = {}
    left = list(words)
    while left:
        word = left.pop(0)
        name, is_whole, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not _variable(name).isidentifier():
            raise PipelineError(
                f"The arguments of a notebook are '--name value', which set its variables; {word!r:.60} has no name."
            )
        if not is_whole:
            value = left.pop(0) if left and not left[0].startswith("--") else "True"
        found[_variable(name)] = value
    return found


def _variable(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _place(notebook: str, output: str | None) -> str:
    """Where the executed notebook goes: below ``outputs``, which the run keeps."""
    wanted = PurePosixPath(output or f"{PurePosixPath(notebook).stem}.output.ipynb")
    if wanted.is_absolute() or ".." in wanted.parts:
        raise PipelineError(
            f"output_notebook is a path below the folder of the step, not {output!r:.60}."
        )
    is_kept = wanted.parts[0] in (_OUTPUTS, "logs")
    return str(wanted if is_kept else PurePosixPath(_OUTPUTS) / wanted)


# -- the notebook -------------------------------------------------------------------------------


def _loaded(path: str, formats: Any) -> Any:  # noqa: ANN401 -- a package without types
    if not Path(path).is_file():
        there = ", ".join(sorted(one.as_posix() for one in Path().rglob("*.ipynb")))
        raise PipelineError(
            f"There is no notebook {path!r} in source_directory; it has: {there or 'no notebook'}."
        )
    try:
        notebook = formats.read(path, as_version=4)
    except (ValueError, AttributeError, formats.ValidationError) as error:
        raise PipelineError(f"{path} is no notebook: {error}") from None
    about = notebook.metadata
    language = about.get("kernelspec", {}).get("language") or about.get("language_info", {}).get(
        "name", "python"
    )
    if language.lower() not in ("python", "ipython"):
        raise PipelineError(
            f"{path} is a notebook of {language!r:.60}; a step executes those of Python."
        )
    for cell in notebook.cells:
        if cell.cell_type == "code":  # what it showed when it was saved is of another run
            cell.outputs, cell.execution_count = [], None
    return notebook


def inject(notebook: Any, options: Options, new_cell: Callable[..., Any]) -> None:  # noqa: ANN401
    """Set parameters in a cell of their own, after the one that is tagged ``parameters``, else at the top."""
    cells = notebook.cells
    cells[:] = [one for one in cells if _INJECTED not in one.metadata.get("tags", ())]
    tagged = [at for at, one in enumerate(cells) if _TAG in one.metadata.get("tags", ())]
    usual = _assigned(cells[tagged[0]].source) if tagged else {}
    typed = {name: _typed(value, usual.get(name)) for name, value in options.texts.items()}
    values = options.values | typed
    if values:
        lines = ["# Parameters", *(f"{name} = {value!r}" for name, value in values.items())]
        made = new_cell("\n".join(lines), metadata={"tags": [_INJECTED]})
        cells.insert(tagged[0] + 1 if tagged else 0, made)


def _assigned(source: str) -> dict[str, Any]:
    """The values that a cell gives to variables, where they are plain."""
    found: dict[str, Any] = {}
    try:
        lines = ast.parse(source).body
    except SyntaxError:  # a magic; the kernel knows what it means
        return found
    for one in lines:
        targets = one.targets if isinstance(one, ast.Assign) else [getattr(one, "target", None)]
        value = getattr(one, "value", None)
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
                found[target.id] = value.value
    return found


def _typed(text: str, usual: object) -> Any:  # noqa: ANN401 -- a plain value
    """A text as a value of the type of the notebook's own; where that has none, a number or a truth value if it is one."""
    if isinstance(usual, str):
        return text
    if text in ("True", "true", "False", "false"):
        return text in ("True", "true")
    try:
        value = json.loads(text)
    except ValueError:
        return text
    if isinstance(value, bool) or not isinstance(value, int | float):
        return text
    return float(value) if isinstance(usual, float) else value


# -- its execution ------------------------------------------------------------------------------


def _execute(notebook: Any, options: Options, client: Any) -> None:  # noqa: ANN401
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    # without folders to look in, `python3` is the kernel of this very interpreter
    specs = KernelSpecManager(kernel_dirs=[])
    runner = client.NotebookClient(
        notebook,
        km=AsyncKernelManager(kernel_spec_manager=specs),
        timeout=None if options.timeout is None else math.ceil(options.timeout),
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(Path.cwd())}},
    )
    keep = runner.output

    def output(outs: Any, message: Any, *rest: Any) -> Any:  # noqa: ANN401
        _say(message)
        return keep(outs, message, *rest)

    runner.output = output
    problems = client.exceptions
    try:
        runner.execute(cleanup_kc=True)  # also a kernel that we made is ended
    except problems.CellExecutionError as error:
        print(_told(notebook, options, error), file=sys.stderr, flush=True)
        sys.exit(1)
    except problems.CellTimeoutError:
        raise PipelineError(
            f"A cell of {options.notebook} took longer than {options.timeout:g} s; give it more, or none, by timeout."
        ) from None
    except problems.DeadKernelError:
        raise PipelineError(
            f"The kernel of {options.notebook} died while a cell ran; it may have had too little memory."
        ) from None


def _say(message: dict[str, Any]) -> None:
    """Tell the log of the step what a cell prints and shows."""
    content = message["content"]
    if message["msg_type"] == "stream":
        stream = sys.stderr if content["name"] == "stderr" else sys.stdout
        print(content["text"], end="", file=stream, flush=True)
    elif "text/plain" in content.get("data", {}):
        print(content["data"]["text/plain"], flush=True)


def _told(notebook: Any, options: Options, error: Any) -> str:  # noqa: ANN401
    """The error of a cell as Python tells one, so that it is found to be that of the run."""
    found = [
        (number, output["traceback"])
        for number, cell in enumerate(notebook.cells, 1)
        for output in cell.get("outputs", ())
        if output["output_type"] == "error"
    ]
    number, lines = found[-1]  # no cell after it was executed
    text = _COLOUR.sub("", "\n".join(lines))
    frames = [
        one
        for one in text.removesuffix(f"{error.ename}: {error.evalue}").splitlines()
        if one.strip("- ") and "Traceback (most recent call last)" not in one
    ]
    shown = [f"Cell {number} of {options.output}", *frames]
    return "\n".join(
        [
            "Traceback (most recent call last):",
            *(f"  {one}" for one in shown),
            f"{error.ename}: {error.evalue}",
        ]
    )


def _keep(notebook: Any, options: Options, formats: Any) -> None:  # noqa: ANN401
    """Write the executed notebook, also for steps after this one."""
    path = Path(options.output)
    path.parent.mkdir(parents=True, exist_ok=True)
    formats.write(notebook, path)
    if options.copy_to:
        folder = Path(options.copy_to)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / path.name)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except AmlError as error:
        # the log of the step says what is wrong, and not where in this package it was found
        sys.tracebacklimit = 0
        raise error.with_traceback(None) from None
