"""The base of the commands that put a mark on runs, or take it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._suggestion import RUN_HELP, run_words
from aml_magics.sdk.run.run import Run
from aml_magics.services.run import run as runs
from aml_magics.services.run.manage.edit import RunEdit, edit
from aml_magics.services.run.search import Query, find_keys, records_of
from aml_magics.views.text.format import short_id

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from aml_magics.commands._parser import Parser
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace


class MarkCommand(Command):
    """Changes a mark of runs; the value is a list of their handles."""

    change: ClassVar[RunEdit]
    done: ClassVar[tuple[str, str]]
    """What is said of one run, and of several."""

    only: ClassVar[str] = ""
    """The filter that runs meet to which this can be done; for completion."""

    def arguments(self, parser: Parser) -> None:
        """Declare the runs."""
        parser.add_argument("runs", nargs="+", metavar="RUN", help=RUN_HELP)

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Change the runs, all or none."""
        store = workspace.store
        found = [runs.find(store, text) for text in options.runs]
        records = edit(store, [record.id for record in found], self.change)
        text = f"{named(records)} {self.done[0] if len(records) == 1 else self.done[1]}"
        return Answer.of_text(text, [Run.get(workspace, record.id) for record in records])

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest runs."""
        if name != "runs":
            return []
        if not self.only:
            return run_words(workspace)
        query = Query(filter=self.only, include_children=True)
        keys, _ = find_keys(workspace.store, query)
        return words_of(records_of(workspace.store, keys))


def named(records: Sequence[RunRecord]) -> str:
    """``Run 'a' (1234abcd)``, or ``3 runs ('a', 'b', 'c')``."""
    if len(records) == 1:
        return f"Run {records[0].name!r} ({short_id(records[0].id)})"
    some = ", ".join(repr(record.name) for record in records[:5])
    return f"{len(records):,} runs ({some}{', …' if len(records) > 5 else ''})"


def words_of(records: Sequence[RunRecord]) -> list[str]:
    """Names and ids, without duplicates."""
    names = [record.name for record in records]
    return list(dict.fromkeys([*names, *(short_id(record.id) for record in records)]))
