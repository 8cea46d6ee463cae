"""``experiments``: the experiments of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._frame import experiment_frame
from aml_magics.services.run.experiment import list_experiments, run_counts
from aml_magics.views.run.experiments import experiments_view
from aml_magics.views.run.static_table import experiments_page

if TYPE_CHECKING:
    from argparse import Namespace

    import pandas as pd

    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store


class ExperimentsCommand(Command):
    """Lists experiments; the value is a DataFrame with one row per experiment."""

    summary = "List experiments with how many runs each has, the newest first."

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """List the experiments."""
        del options
        store = workspace.store
        return Answer.of_page(
            lambda: experiments_page(experiments_view(store)),
            lambda: _frame(store),
        )


def _frame(store: Store) -> pd.DataFrame:
    records = list_experiments(store, archived=None)
    return experiment_frame(records[::-1], run_counts(store))
