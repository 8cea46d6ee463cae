"""``models``: the registered models of the workspace."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.services.filter.models import FIELDS
from aml_magics.services.model import registry
from aml_magics.views.model.models import models_view
from aml_magics.views.model.output import models_output

if TYPE_CHECKING:
    from argparse import Namespace

    import pandas as pd

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.views.model.models import ModelsView


class ModelsCommand(Command):
    """Lists models; the value is a DataFrame with one row per model, or per version of one."""

    summary = "List registered models with the metrics of their runs; filter them."
    details = """\
  %aml models digits
  %aml models "metrics.accuracy > 0.9 and tags.team = 'blue'"
  %aml models --name digits

Each is shown in its newest version, or with --name one in all of its versions.
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the query."""
        parser.add_argument(
            "query", nargs="*", metavar="QUERY", help="words, or a filter such as metrics.acc>0.9"
        )
        parser.add_argument("--name", default="", metavar="NAME", help="all versions of one model")

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """List the models."""
        view = cache(lambda: models_view(workspace.store, options.name, " ".join(options.query)))
        view()  # a filter that cannot be read is said at once
        return Answer.of_output(lambda: models_output(view()), lambda: _frame(view()))

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest names of models, and fields of a filter."""
        names = registry.names(workspace.store)
        return names if name == "name" else [*names, *FIELDS]


def _frame(view: ModelsView) -> pd.DataFrame:
    """One row per model: ``size`` in bytes, ``created`` in UTC, a column ``metrics.NAME`` per metric."""
    import pandas as pd

    rows = [
        {
            "name": row.name,
            "version": row.version,
            "aliases": row.aliases,
            "stage": row.stage,
            "framework": row.framework,
            "size": row.size,
            "author": row.author,
            "created": row.created,
            "run": row.run,
            **{f"metrics.{name}": row.metrics.get(name) for name in view.metrics},
        }
        for row in view.rows
    ]
    columns = ["name", "version", "aliases", "stage", "framework", "size", "author", "created"]
    frame = pd.DataFrame(
        rows, columns=[*columns, "run", *(f"metrics.{one}" for one in view.metrics)]
    )
    frame["created"] = pd.to_datetime(frame["created"], utc=True).dt.as_unit("us")
    return frame.astype({"version": "int64", "size": "int64"})
