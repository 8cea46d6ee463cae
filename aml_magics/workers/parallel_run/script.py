"""A worker process: it loads the script, and runs it for each mini-batch that the driver sends.

It imports nothing of the store: a step may have many of them, each in the script's own environment. It ends when the
driver closes the socket, or is gone.
"""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import logging
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, cast

from aml_magics.workers.parallel_run.channel import Channel
from aml_magics.workers.parallel_run.message import Begin, Broken, Done, Failed, Ready, Work

if TYPE_CHECKING:
    from aml_magics.sdk.data.dataset.file_dataset import FileDataset
    from aml_magics.sdk.data.table.tabular_dataset import TabularDataset

Runner = Callable[[Any, "MiniBatchContext"], Any]
Result = TypeVar("Result")
Problem = TypeVar("Problem")

LOGGER: Final = "azureml_user"
_BROKEN: Final = 2


class EntryScript:
    """What Azure gives to a script of mini-batches; each call returns the same one of the process.

    ``logger`` writes to a file of the process below ``logs/user``.
    """

    _only: Self | None = None
    agent_name: str
    logger: logging.Logger
    log_dir: str
    output_dir: str
    working_dir: str

    def __new__(cls) -> Self:
        """The one of this process."""
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    @property
    def log(self) -> logging.Logger:
        """The logger."""
        return self.logger


@dataclass(frozen=True, slots=True)
class MiniBatchContext:
    """What a ``run`` with a second parameter learns of its mini-batch."""

    minibatch_index: int
    partition_key_value: dict[str, Any] | None = None
    _input: str = field(default="", repr=False)

    @property
    def dataset(self) -> FileDataset | TabularDataset | None:
        """The part of the input's dataset that this is; None without ``partition_keys``, or outside of a run."""
        if self.partition_key_value is None:
            return None
        from aml_magics.sdk.run.run import Run

        found = cast("FileDataset | TabularDataset", Run.get_context().input_datasets[self._input])
        for key, value in self.partition_key_value.items():
            found = found.filter(found[key] == value)
        return found


class ScriptError(Exception):
    """The script lacks a function, or returned what cannot be appended."""


def main(handle: int) -> int:
    """Serve a driver.

    Args:
        handle: file descriptor of the socket.

    Returns:
        The process's exit code.
    """
    with Channel.inherited(handle) as driver:
        begin: Begin = driver.receive()
        begun = _tried(lambda: _begun(begin), Broken)
        if isinstance(begun, Broken):
            driver.send(begun)
            return _BROKEN
        module, run = begun
        with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
            driver.send(Ready())
            while True:
                driver.send(_answered(run, driver.receive(), is_appended=begin.is_appended))
    if (shutdown := getattr(module, "shutdown", None)) is not None:
        shutdown()
    return 0


def _tried(work: Callable[[], Result], told: Callable[[str, str], Problem]) -> Result | Problem:
    """The result of calling the script, or what is told of its exception: the line, and the traceback."""
    try:
        return work()
    except BaseException as problem:  # noqa: BLE001 -- a script may raise anything, SystemExit too
        return told(_brief(problem), _trace(problem))


def _begun(begin: Begin) -> tuple[ModuleType, Runner]:
    """The script, initialized, and its ``run``."""
    _prepare(begin)
    module = _imported(begin)
    run = _runner(module)
    if (init := getattr(module, "init", None)) is not None:
        init()
    return module, run


def _prepare(begin: Begin) -> None:
    """Give the process what scripts rely on: arguments, import paths, and Azure's helper."""
    script = Path(begin.entry_script)
    sys.argv[:] = [begin.entry_script, *begin.arguments]
    folders = [os.path.abspath(script.parent), os.getcwd()]  # noqa: PTH100, PTH109 -- texts
    sys.path[:] = [*dict.fromkeys(folders), *(one for one in sys.path if one not in folders)]
    helper = EntryScript()
    helper.agent_name = begin.name
    helper.log_dir = os.path.dirname(begin.log)  # noqa: PTH120 -- a text
    helper.output_dir = begin.output
    helper.working_dir = folders[-1]
    helper.logger = _logger(begin)
    for name in ("azureml_user.parallel_run", "entry_script"):
        if name == "entry_script" and importlib.util.find_spec(name) is not None:
            continue  # a module of the user's
        _add_module(name, EntryScript=EntryScript)


def _logger(begin: Begin) -> logging.Logger:
    logger = logging.getLogger(LOGGER)
    logger.setLevel(begin.logging_level)
    handler = logging.FileHandler(begin.log, delay=True, encoding="utf-8")
    handler.setFormatter(
        logging.Formatter(f"%(asctime)s|%(levelname)s|{begin.name}|%(process)d|%(message)s")
    )
    logger.addHandler(handler)
    logger.propagate = False
    return logger


def _add_module(path: str, **names: object) -> None:
    """Let the script import a module that is no file."""
    package, _, last = path.rpartition(".")
    module = ModuleType(path)
    vars(module).update(names)
    sys.modules[path] = module
    if package:
        parent = sys.modules.setdefault(package, ModuleType(package))
        parent.__path__ = []
        setattr(parent, last, module)


def _imported(begin: Begin) -> ModuleType:
    name = Path(begin.entry_script).stem
    specification = importlib.util.spec_from_file_location(name, begin.entry_script)
    if specification is None or specification.loader is None:
        raise ScriptError(f"entry_script {begin.entry_script!r} is no Python file; it ends in .py")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module  # dataclasses and pickle look for it
    specification.loader.exec_module(module)
    return module


def _runner(module: ModuleType) -> Runner:
    """The script's ``run``, called with a mini-batch, and with its context where it takes that."""
    run = getattr(module, "run", None)
    if not callable(run):
        raise ScriptError(f"{module.__name__}.py has no function run(mini_batch); write one")
    try:
        inspect.signature(run).bind(None, None)
    except TypeError:
        return lambda items, _context: run(items)
    return cast("Runner", run)


def _answered(run: Runner, work: Work, *, is_appended: bool) -> Done | Failed:
    def done() -> Done:
        payload = (
            work.payload if isinstance(work.payload, bytes) else Path(work.payload).read_bytes()
        )
        items = pickle.loads(payload)  # noqa: S301 -- the driver wrote it
        result = run(items, MiniBatchContext(work.index, work.partition, work.input))
        count, rows = encoded(result)
        return Done(work.index, count, rows if is_appended else b"")

    return _tried(done, partial(Failed, work.index))


def encoded(result: Any) -> tuple[int, bytes]:  # noqa: ANN401 -- what the script returned
    """How many items ``run()`` returned, and a line of text for each.

    Raises:
        ScriptError: it is neither a list (a tuple, an array, a Series) nor a DataFrame.
    """
    if hasattr(result, "to_csv") and hasattr(result, "columns"):
        text = result.to_csv(sep=" ", header=False, index=False)
    elif isinstance(result, list | tuple) or hasattr(result, "tolist"):
        result = list(result)
        text = "".join([f"{one}\n" for one in result])
    else:
        raise ScriptError(
            f"run() returns a list or a pandas DataFrame, with one element for each item that it did, not {type(result).__name__}; "
            "return [] for none"
        )
    return len(result), text.encode("utf-8", "surrogateescape")


def _brief(problem: BaseException) -> str:
    said = traceback.format_exception_only(problem)[-1].strip()
    return said if len(said) <= 300 else f"{said[:300]}…"


def _trace(problem: BaseException) -> str:
    """Its traceback from the first line of the user's code on."""
    frames = problem.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename == __file__:
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(problem), problem, frames))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
