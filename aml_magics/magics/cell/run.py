"""One execution of a ``%%aml_run`` cell: started by its first line, finished when it ends."""

from __future__ import annotations

import ast
import asyncio
import inspect
import io
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from aml_magics.errors import AmlError, ExpectationError
from aml_magics.magics.cell.capture import Capture, Log
from aml_magics.magics.cell.interruption import Interruption
from aml_magics.magics.cell.panel import Panel
from aml_magics.magics.cell.rich_output import RichOutput
from aml_magics.magics.cell.source import CodeSnapshotThread
from aml_magics.magics.failure import complain, run_error
from aml_magics.magics.other_workspace import tell_of_other
from aml_magics.records.run import RunError
from aml_magics.sdk.run import context
from aml_magics.sdk.run.experiment import Experiment
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.run import run as runs
from aml_magics.services.run.expectation import check
from aml_magics.services.run.log import log_path
from aml_magics.services.run.open_runs import open_runs
from aml_magics.views.run.output import run_output
from aml_magics.views.run.run import run_view, run_view_of
from aml_magics.views.run.source import RunSource

if TYPE_CHECKING:
    from collections.abc import Hashable
    from types import CodeType

    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.magics.cell.cell import Cell
    from aml_magics.magics.options import RunOptions
    from aml_magics.store.store import Store
    from aml_magics.views.run.run import RunView
    from aml_magics.views.static.output import Bundle


def begin(
    shell: InteractiveShell, cell: Cell, options: RunOptions, default_experiment: str
) -> CellRun:
    """Start the run of a cell, or resume one.

    Args:
        options: from the cell's first line.
        default_experiment: the experiment if the line names none.

    Raises:
        AmlError: the run cannot be started; none was created then.
    """
    workspace = Workspace.from_config()
    tell_of_other(shell, workspace)
    if options.resume:
        run = _resumed(workspace, options, options.resume)
    else:
        run = Experiment(workspace, options.experiment or default_experiment).start_logging(
            display_name=options.name,
            parameters=options.params,
            tags=options.tags,
            description=options.description,
        )
    cell_run = CellRun(shell, cell, workspace.store, run, options)
    cell_run.begin()
    return cell_run


def run_as_text(
    shell: InteractiveShell, cell: Cell, options: RunOptions, default_experiment: str, body: str
) -> Any:  # noqa: ANN401 -- what the user's code gives
    """Run a cell that IPython passes as text, and make it a run.

    ``nbconvert --to script`` writes a cell as ``get_ipython().run_cell_magic(...)``, and consoles can
    call it so. Then no transformer has seen the cell, and this function has to run its body.

    Raises:
        BaseException: the code's own error, with its own traceback.
        ExpectationError: the run does not meet an expectation.
    """
    __tracebackhide__ = True
    with begin(shell, cell, options, default_experiment):
        return _run_body(shell, body)


def _resumed(workspace: Workspace, options: RunOptions, which: str) -> Run:
    record = runs.find(workspace.store, which)
    run = Run.get(workspace, record.id).resume()
    if options.params:
        run.log_parameters(options.params)
    if options.tags:
        run.set_tags(options.tags)
    if options.description:
        run.description = options.description
    return run


class CellRun:
    """A cell that is a run.

    Args:
        run: already started.
        options: from the cell's first line.
    """

    def __init__(
        self,
        shell: InteractiveShell,
        cell: Cell,
        store: Store,
        run: Run,
        options: RunOptions,
    ) -> None:
        self.cell = cell
        self.run = run
        self.depth = 0
        """How many cells are running inside this one, by ``%run`` or ``%%capture``."""
        self.nested_error: BaseException | None = None
        """The error of a cell magic stacked below, which IPython does not see."""
        self._shell = shell
        self._options = options
        self._store = store
        self._record = run._record  # noqa: SLF001 -- as it began, without asking the catalogue
        self._undo = ExitStack()
        self._ended = ExitStack()
        self._figures = 0
        self._began = time.monotonic()
        self._interruption = Interruption(store, self._record)
        panel_id = f"aml-run-{run.id}-{time.time_ns():x}"
        self._panel = Panel(shell, self._draw, self._state, panel_id)

    def begin(self) -> None:
        """Start capture, panel and watchers of the cell; if that fails, so does the run."""
        with ExitStack() as failing:
            failing.push(self._give_up)
            self._prepare()
            failing.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        """End the run as its cell ended."""
        unmet = self.finish(error)
        if unmet is not None:
            raise unmet

    def _give_up(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        self._undo.close()
        self._ended.close()
        self._end(error)

    def _prepare(self) -> None:
        context.enter(self.run)
        self._undo.callback(context.leave, self.run)
        snapshot = CodeSnapshotThread(self._store, self._record, self.cell, self._shell.user_ns)
        snapshot.start()
        self._ended.callback(snapshot.cell_ended)
        self._shell.push({self._options.out: self.run})  # type: ignore[no-untyped-call]
        if not self._options.quiet:
            self._panel.start(self._draw_first())
            self._undo.callback(self._panel.stop)
        if self._options.capture:
            self._capture()
        self._interruption.start()
        self._undo.callback(self._interruption.stop)

    def _capture(self) -> None:
        log = Log(log_path(self._store, self._record))
        capture = Capture(log)
        capture.start()
        self._undo.callback(capture.stop)
        rich = RichOutput(self._shell, log, self._keep_figure, self._panel.display_id)
        rich.start()
        self._undo.callback(rich.stop)

    def finish(self, error: BaseException | None) -> BaseException | None:
        """End the run as its cell ended, given the cell's error.

        Returns:
            An error that the cell must raise although its code did not: an expectation that is not met.
        """
        unmet: ExpectationError | None = None
        self._undo.close()
        with self._ended:
            if self._is_open:
                unmet = self._end(error)
            if not self._options.quiet:
                self._panel.finish()
        return unmet

    def abandon(self, reason: str) -> None:
        """End the run of a cell whose own end was never reported."""
        self._undo.close()
        self._ended.close()
        if self._is_open:
            self.run.fail_with(RunError("Abandoned", reason))

    def end_with_kernel(self) -> None:
        """At the end of the process: cancel the run if its cell is still running."""
        reason = self._interruption.end_of_kernel(self._shell)
        if reason is not None:
            self._undo.close()
            self._ended.close()
            if self._is_open:
                self.run.cancel(reason)

    @property
    def _is_open(self) -> bool:
        return open_runs(self._store).has(self._record.key)

    def _end(self, error: BaseException | None) -> ExpectationError | None:
        if self._interruption.is_cancel or isinstance(
            error, KeyboardInterrupt | asyncio.CancelledError
        ):
            asked = self.run.record.reason
            self.run.cancel(asked or self._interruption.reason(self._shell))
        elif error is not None and not _is_regular_exit(error):
            self.run.fail_with(run_error(error, self._shell))
        else:
            return self._complete()
        return None

    def _complete(self) -> ExpectationError | None:
        if self._options.expect:
            try:
                check(self._store, self._record, self._options.expect)
            except ExpectationError as unmet:
                self.run.fail_with(run_error(unmet, self._shell))
                return unmet
        self.run.complete()
        return None

    def _keep_figure(self, png: bytes) -> None:
        self._figures += 1
        try:
            self.run.log_image(f"figure_{self._figures}", path=io.BytesIO(png))
        except (AmlError, OSError) as error:
            complain(f"figure {self._figures} was not kept", error)

    def _draw(self) -> Bundle:
        record = self.run._record  # noqa: SLF001 -- of an ended run nothing changes any more
        return self._bundle(
            run_view(self._store, record if record.status.is_terminal else self.run.record)
        )

    def _draw_first(self) -> Bundle:
        """The panel of a new run, without reading anything: it has nothing to read yet."""
        if self._options.resume:
            return self._draw()
        return self._bundle(run_view_of(RunSource(self._record)))

    def _bundle(self, view: RunView) -> Bundle:
        return run_output(self._store.record.name, view, in_cell=True).bundle()

    def _state(self) -> Hashable:
        """Changes with the run's points and output, and now and then for its elapsed time."""
        writer = open_runs(self._store).writer(self._record.key)
        points = None if writer is None else (writer.part, writer.written)
        path = log_path(self._store, self._record)
        printed = path.stat().st_size if path.exists() else 0
        elapsed = time.monotonic() - self._began
        return points, printed, int(elapsed // max(1.0, elapsed / 100))


def _is_regular_exit(error: BaseException) -> bool:
    return isinstance(error, SystemExit) and error.code in (None, 0)


def _run_body(shell: InteractiveShell, body: str) -> Any:  # noqa: ANN401 -- what the user's code gives
    """The value of the last expression of a cell's text, which may have line magics and ``await``."""
    __tracebackhide__ = True
    statements, last = _compiled(shell, body)
    _evaluate(shell, statements)
    return None if last is None else _evaluate(shell, last)


def _compiled(shell: InteractiveShell, body: str) -> tuple[CodeType, CodeType | None]:
    # Under a name that IPython knows, so that tracebacks show the lines of the cell.
    python = shell.transform_cell(body)  # type: ignore[no-untyped-call]
    name = shell.compile.cache(python, shell.execution_count, raw_code=body)
    awaiting = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if shell.autoawait else 0
    with shell.compile.extra_flags(awaiting):
        tree = shell.compile.ast_parse(python, filename=name)
        tree = shell.transform_ast(tree)  # type: ignore[no-untyped-call]
        last = None
        # A semicolon at the end keeps a value from being shown, as everywhere in IPython.
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not python.rstrip().endswith(";"):
            expression = ast.Expression(tree.body.pop().value)
            last = shell.compile(expression, name, "eval")  # type: ignore[arg-type]
        return shell.compile(tree, name, "exec"), last


def _evaluate(shell: InteractiveShell, code: CodeType) -> Any:  # noqa: ANN401
    __tracebackhide__ = True
    value = eval(code, shell.user_global_ns, shell.user_ns)  # noqa: S307 -- running the cell is the task
    if code.co_flags & inspect.CO_COROUTINE:
        return shell.loop_runner(value)
    return value
