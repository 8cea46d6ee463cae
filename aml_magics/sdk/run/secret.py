"""The secrets of the workspace, asked for from a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.sdk.workspace.workspace import Workspace


class RunSecret:
    """``get_secret`` and ``get_secrets``."""

    _workspace: Workspace

    def get_secret(self, name: str) -> str | None:
        """The value of a secret of the workspace; None where it has none of that name."""
        return self._workspace.get_default_keyvault().get_secret(name)

    def get_secrets(self, secrets: Iterable[str]) -> dict[str, str | None]:
        """The values of secrets by name; None for those that the workspace does not have."""
        return self._workspace.get_default_keyvault().get_secrets(secrets)
