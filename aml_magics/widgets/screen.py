"""The panel of any kind of screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.widgets._base import LiveWidget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.sdk.workspace.workspace import Workspace


class ScreenWidget(LiveWidget):
    """The live panel of a subject of any kind, such as of a screen that another package adds.

    Args:
        workspace: where the data is.
        kind: the name of the screen, such as ``run``.
        subject: what it shows, such as ``{"run": run.id}``.

    Raises:
        UsageError: there is no such screen, or the subject is malformed.
        AmlError: the subject cannot be read.
    """

    def __init__(self, workspace: Workspace, kind: str, subject: Mapping[str, Any]) -> None:
        self._kind = kind
        self._given = dict(subject)
        super().__init__(workspace)

    def __repr__(self) -> str:
        return f"ScreenWidget({self._kind!r}, {self._given!r})"

    def _subject(self) -> Mapping[str, Any]:
        return self._given
