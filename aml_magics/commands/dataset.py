"""``dataset``: show one dataset, or what changed between two versions of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from aml_magics.commands._base import Answer, Command
from aml_magics.errors import AmlError, UsageError
from aml_magics.sdk.data.dataset.abstract_dataset import of_record
from aml_magics.services.data import dataset as datasets
from aml_magics.services.data.profile import profile
from aml_magics.views.data.dataset import dataset_view
from aml_magics.views.data.diff import dataset_diff_view
from aml_magics.views.data.output import dataset_output
from aml_magics.views.data.static_column import dataset_diff_page

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.sdk.workspace.workspace import Workspace

SMALL: Final = 1 << 30
"""Bytes up to which data is read for a profile, even without --exact."""

_ONE: Final = (
    "Version {} cannot be compared with itself: --diff {} wants the number of another version."
)


class DatasetCommand(Command):
    """Shows one dataset; the value is its handle."""

    summary = "Show one dataset: first rows, columns with their statistics, versions, runs."
    details = """\
A dataset of up to 1 GB that has no profile yet is given one, which reads all of its rows, and keeps
it. Numbers of different values are estimated (~) unless --exact counts them.
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the dataset, and what to show of it."""
        parser.add_argument("dataset", metavar="NAME", help="its name or its id")
        parser.add_argument(
            "--version", metavar="N", type=int, help="a version, instead of the newest"
        )
        parser.add_argument(
            "--diff", metavar="N", type=int, help="what changed from or to version N"
        )
        parser.add_argument(
            "--exact", action="store_true", help="count different values, instead of an estimate"
        )

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Show the dataset, or the columns that changed."""
        store = workspace.store
        record = datasets.find(store, options.dataset, options.version)
        if options.exact:
            profile.ensure(store, record, exact=True)
        elif options.diff is None and record.definition.kind == "tabular" and record.size <= SMALL:
            with suppress(AmlError):  # the screen says why its rows cannot be shown
                profile.ensure(store, record)
        if options.diff is not None:
            other = datasets.find(store, record.name or options.dataset, options.diff)
            if other.version == record.version:
                raise UsageError(_ONE.format(record.version, options.diff))
            return _difference(workspace, record, other)
        return _screen(workspace, record)

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest names of datasets."""
        return datasets.names(workspace.store) if name == "dataset" else []


def _screen(workspace: Workspace, record: DatasetRecord) -> Answer:
    return Answer.of_output(
        lambda: dataset_output(workspace.name, dataset_view(workspace.store, record)),
        lambda: of_record(workspace, record),
    )


def _difference(workspace: Workspace, record: DatasetRecord, other: DatasetRecord) -> Answer:
    before, after = sorted((record, other), key=lambda one: one.version)
    view = dataset_diff_view(workspace.store, before, after)
    return Answer.of_page(
        lambda: dataset_diff_page(view),
        lambda: of_record(workspace, record),
    )
