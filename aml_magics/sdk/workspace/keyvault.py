"""The key vault of a workspace, as Azure ML SDK v1 names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.services.workspace import keyvault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aml_magics.sdk.workspace.workspace import Workspace


class Keyvault:
    """Secrets by name, for the notebook and for scripts that are submitted from it.

    They are kept in a private file in the workspace's folder, readable by this user alone, and
    neither in the catalogue nor with a run. It is not encrypted: who can read your files can read it.
    In errors and logs that are kept their values are masked, where they have six letters or more.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def get_secret(self, name: str) -> str | None:
        """The value of a secret; None where there is none of that name, as in Azure."""
        return self.get_secrets([name])[name]

    def get_secrets(self, secrets: Iterable[str]) -> dict[str, str | None]:
        """The values of secrets by name; None for those that are not there."""
        kept = keyvault.secrets_of(self.workspace.store)
        return {name: kept.get(name) for name in secrets}

    def set_secret(self, name: str, value: str, content_type: object = None) -> None:
        """Set a secret, in place of one of the same name.

        Args:
            name: 1 to 127 letters, digits and dashes.
            value: any text.
            content_type: accepted as in Azure.

        Raises:
            InvalidNameError: the name breaks that rule.
            InvalidArgumentError: the value is no text.
        """
        self.set_secrets({name: value})

    def set_secrets(self, secrets_batch: Mapping[str, str]) -> None:
        """Set secrets by name; all of them or, where one is refused, none.

        Raises:
            InvalidNameError: a name breaks the rule.
            InvalidArgumentError: a value is no text.
        """
        keyvault.set_secrets(self.workspace.store, secrets_batch)

    def list_secrets(self) -> list[dict[str, str]]:
        """The names of all secrets, without their values, each in a dict as Azure gives them."""
        return [{"name": name} for name in sorted(keyvault.secrets_of(self.workspace.store))]

    def delete_secret(self, name: str) -> None:
        """Remove a secret.

        Raises:
            SecretNotFoundError: there is none of that name.
        """
        self.delete_secrets([name])

    def delete_secrets(self, secrets: Iterable[str]) -> None:
        """Remove secrets; all of them or, where one is not there, none.

        Raises:
            SecretNotFoundError: one of them is not there.
        """
        keyvault.delete_secrets(self.workspace.store, list(secrets))

    def __repr__(self) -> str:
        """Whose it is, and nothing of what it holds."""
        return f"Keyvault(workspace={self.workspace.name!r})"
