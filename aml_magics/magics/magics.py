"""The magics: each reads its line and makes one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, no_var_expand
from traitlets import Bool, Unicode

from aml_magics.magics.arguments import words_of
from aml_magics.magics.cell.cell import running_cell, visible_names
from aml_magics.magics.cell.transformer import refuse_empty
from aml_magics.magics.cell.watch import CellWatch
from aml_magics.magics.preload import Preload
from aml_magics.magics.sql.completion import sql_matcher
from aml_magics.sdk.workspace import session

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.magics.options import RunOptions


@magics_class
class AmlMagics(Magics):
    """``%aml`` and ``%%aml_run``, with the defaults that ``%config AmlMagics`` sets."""

    experiment = Unicode("", help="Experiment of runs that name none.").tag(config=True)
    quiet = Bool(False, help="Show no panel unless --no-quiet asks for it.").tag(config=True)
    capture = Bool(True, help="Keep what a cell prints and shows as its log.").tag(config=True)

    shell: InteractiveShell

    def __init__(self, shell: InteractiveShell, **configuration: Any) -> None:  # noqa: ANN401
        super().__init__(shell, **configuration)
        self.watch = CellWatch(shell)
        self.sql_matcher = sql_matcher(shell)
        self.preload = Preload(shell)

    @no_var_expand
    @line_magic
    def aml(self, line: str) -> Any:  # noqa: ANN401 -- each command has its own value
        """Runs, experiments and workspaces: ``%aml runs``, ``%aml run RUN``, ``%aml diff A B``.

        ``%aml`` alone lists the commands, ``%aml runs --help`` tells what one takes. As a statement
        it shows a panel; ``df = %aml runs`` gives the DataFrame (or handle, or text) without one.
        ``$name`` and ``{expression}`` stand for the value of a variable or expression.
        """
        from aml_magics.magics.aml import run_aml

        return run_aml(self.shell, line, self._experiment())

    @no_var_expand
    @line_magic("aml_run")  # type: ignore[arg-type]
    def begin_run(self, line: str) -> None:
        """Start the run of this cell: the transformer turns a first line ``%%aml_run`` into this."""
        options = self._options(line)
        if options is None:
            return
        cell = running_cell(self.shell)
        self.watch.refuse_second(cell)
        from aml_magics.magics.cell.run import begin

        self.watch.add(begin(self.shell, cell, options, self._experiment()))

    @no_var_expand
    @cell_magic("aml_run")  # type: ignore[arg-type]
    def aml_run(self, line: str, body: str) -> Any:  # noqa: ANN401 -- what the cell gives
        """Make this cell a run: what it logs, prints and shows is kept.

        ::

            %%aml_run [NAME] [options]         as the first line of the cell

            NAME                       name of the run; in quotes if it has blanks
            --experiment E             else %config AmlMagics.experiment, else the notebook's name
            --param K=V ...            parameters, such as --param lr=0.1 depth=3
            --tag K=V ...              tags
            --description TEXT         what the run is about
            --out VAR                  variable that holds the run (default: run)
            --compute NAME             run the cell in a process of its own, this notebook goes on: on
                                       local, this machine, or on a compute target of that name;
                                       --out VAR ... brings variables back when it has ended
            --resume RUN               go on with a failed or canceled run
            --expect "accuracy>=0.8"   fail the cell and its run unless it holds
            --quiet                    show no panel
            --no-capture               keep neither output nor figures

        In the cell, ``run`` is the run: ``run.log("accuracy", 0.9)``. A cell that raises makes its
        run Failed, an interrupt makes it Canceled, and running the cell again makes a new run.
        ``$name`` and ``{expression}`` stand for the value of a variable or expression.
        """
        __tracebackhide__ = True
        options = self._options(line)
        if options is None:
            return None
        refuse_empty(body)
        source = f"%%aml_run {line}\n{body}"
        if options.compute is not None:
            from aml_magics.magics.remote.cell import run_elsewhere

            run_elsewhere(self.shell, options, source, body, self._experiment())
            return None
        from aml_magics.magics.cell.run import run_as_text

        cell = running_cell(self.shell, source)
        return run_as_text(self.shell, cell, options, self._experiment(), body)

    @no_var_expand
    @cell_magic("aml_script")  # type: ignore[arg-type]
    def aml_script(self, line: str, body: str) -> None:
        """Write this cell to a script and submit it: ``%%aml_script train.py [options]``.

        ::

            %%aml_script PATH.py [options]

            --experiment E, --name N, --tag K=V ...
            --environment E            a registered environment, else this interpreter
            --compute NAME             a compute target, else this machine
            --source FOLDER            folder to keep with the run, else the script's
            --max-seconds S            cancel the run after so long
            --write-only               write the file, submit nothing
            --quiet                    show no panel
            --args ...                 what follows goes to the script as it is

        The run goes on without this notebook; ``run`` is its handle.
        """
        from aml_magics.magics.remote.script import run_script_cell

        run_script_cell(self.shell, line, body)

    @no_var_expand
    @cell_magic("aml_sweep")  # type: ignore[arg-type]
    def aml_sweep(self, line: str, body: str) -> None:
        """Run this cell many times with other parameters, and find the best: ``%%aml_sweep [NAME] [options]``.

        ::

            %%aml_sweep [NAME] --param K=EXPR ... --metric M --goal maximize|minimize [options]

            --param K=EXPR ...         a variable of the cell and its values: lr=loguniform(-6,-1)
                                       depth=choice(2,4,8)
            --metric M                 the metric that the cell logs: run.log("M", value)
            --goal G                   maximize or minimize it
            --max-runs N               how many trials (20)
            --concurrent N             how many at once
            --max-minutes M            end the sweep after so long
            --sampler S                random, grid or bayesian, as bayesian(seed=7) (random)
            --policy P                 end bad trials early: bandit(slack_factor=0.1)
            --compute NAME             a compute target, else this machine
            --experiment E, --tag K=V ..., --quiet
            --out VAR                  variable that holds the sweep's run (sweep)

        Each trial is a run in a process of its own, and the sweep goes on without this notebook. The
        parameters are variables of the cell, and in ``run.parameters``. ``%aml sweep last`` shows it again.
        """
        from aml_magics.magics.remote.sweep import run_sweep_cell

        run_sweep_cell(self.shell, line, body, self._experiment(), quiet=self.quiet)

    @no_var_expand
    @cell_magic("aml_step")  # type: ignore[arg-type]
    def aml_step(self, line: str, body: str) -> None:
        """Add this cell to the pipeline of the notebook: ``%%aml_step NAME [options]``.

        ::

            %%aml_step NAME [--input [V=]X ...] [--output X ...] [options]

            --input X ...              a variable that an earlier step has as output: x, train.x, v=train.x
                                       or v=dataset:NAME
            --output X ...             variables of the cell that others may take; a Path is copied
            --param K=V ...            parameters of the pipeline, and their defaults
            --after STEP ...           steps to run after, without data between
            --compute NAME             a compute target, else this machine
            --no-reuse                 run it each time, also where nothing changed

        Nothing runs yet: ``%aml pipeline run [--name N] [--param K=V] [--no-reuse] [--wait]`` runs all steps,
        ``%aml pipeline show`` lists them, ``%aml pipeline clear`` forgets them. Other variables of the notebook
        that the cell uses come along as they are now.
        """
        from aml_magics.magics.pipeline.step import add_step_cell

        add_step_cell(self.shell, line, body)

    @no_var_expand
    @cell_magic("aml_score")  # type: ignore[arg-type]
    def aml_score(self, line: str, body: str) -> None:
        """Deploy this cell as a web service: ``%%aml_score NAME --model MODEL [options]``.

        ::

            %%aml_score NAME [options]
            def init(): ...
            def run(data): ...

            --model MODEL ...          models (name or name:version), else those of the service
            --file PATH                where the script is written (score_NAME.py)
            --write-only               write the script, deploy nothing
            --auth key|token|none      how callers show that they may call (key)
            --env NAME                 a registered environment, else this Python
            --replicas N, --var K=V ..., --description TEXT, --no-wait

        The cell is the whole script: it sees no variable of the notebook. A service of the name gets
        a new revision, which takes over without a lost request.
        """
        from aml_magics.magics.remote.score import run_score_cell

        run_score_cell(self.shell, line, body)

    @no_var_expand
    @cell_magic("aml_sql")  # type: ignore[arg-type]
    def aml_sql(self, line: str, body: str) -> Any:  # noqa: ANN401 -- a pandas DataFrame
        """Run the SQL query in this cell over datasets: ``%%aml_sql DATASET ... [options]``.

        ::

            %%aml_sql DATASET ... [--out VAR] [--limit N]
            SELECT city, avg(age) FROM patients WHERE age > $youngest GROUP BY city

            DATASET        a registered dataset, else a variable: a tabular dataset, a DataFrame or
                           an Arrow table. NAME:3 is version 3, p=NAME is called p in the query
            --out VAR      variable that gets the DataFrame; nothing is shown then
            --limit N      give the first N rows at most

        The value of the cell is a pandas DataFrame. The dialect is DuckDB's; one query is run, and it
        reads the tables on the line and no files. ``$name`` in the query is the value of a variable.
        """
        from aml_magics.magics.sql.cell import run_sql_cell

        return run_sql_cell(self.shell, line, body)

    def _experiment(self) -> str:
        """A cell's default experiment; VS Code puts the notebook's path among the variables."""
        notebook = self.shell.user_ns.get("__vsc_ipynb_file__")
        return self.experiment or session.default_experiment(notebook) or session.LAST_RESORT

    def _options(self, line: str) -> RunOptions | None:
        """The options on the line; None after showing help."""
        from aml_magics.commands._parser import HelpRequested
        from aml_magics.magics.options import read_options

        words = words_of(line, visible_names(self.shell))
        try:
            return read_options(words, quiet=self.quiet, capture=self.capture)
        except HelpRequested as help_:
            print(help_.text)  # noqa: T201 -- where IPython's own magics print theirs
            return None
