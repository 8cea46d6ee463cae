"""The key vault of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.services.workspace import keyvault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aml_magics.sdk.workspace.workspace import Workspace


class Keyvault:
    """Secrets by name, for the notebook and for scripts submitted from it.

    They are kept in a private file in the workspace's folder, readable by this user only, and neither in
    the catalogue nor with a run. The file is not encrypted: anyone who can read your files can read it.
    Stored errors and logs mask their values, if these have six letters or more.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def get_secret(self, name: str) -> str | None:
        """The value of a secret; None if it does not exist, as in Azure."""
        return self.get_secrets([name])[name]

    def get_secrets(self, secrets: Iterable[str]) -> dict[str, str | None]:
        """The values of secrets by name; None for missing ones."""
        kept = keyvault.secrets_of(self.workspace.store)
        return {name: kept.get(name) for name in secrets}

    def set_secret(self, name: str, value: str, content_type: object = None) -> None:
        """Set a secret, replacing one of the same name.

        Args:
            name: 1 to 127 letters, digits and dashes.
            value: any text.
            content_type: accepted as in Azure.

        Raises:
            InvalidNameError: the name is invalid.
            InvalidArgumentError: the value is not text.
        """
        self.set_secrets({name: value})

    def set_secrets(self, secrets_batch: Mapping[str, str]) -> None:
        """Set secrets by name: all of them or, if one is refused, none.

        Raises:
            InvalidNameError: a name is invalid.
            InvalidArgumentError: a value is not text.
        """
        keyvault.set_secrets(self.workspace.store, secrets_batch)

    def list_secrets(self) -> list[dict[str, str]]:
        """The names of all secrets, without their values, in Azure's form: one dict each."""
        return [{"name": name} for name in sorted(keyvault.secrets_of(self.workspace.store))]

    def delete_secret(self, name: str) -> None:
        """Remove a secret.

        Raises:
            SecretNotFoundError: no secret has that name.
        """
        self.delete_secrets([name])

    def delete_secrets(self, secrets: Iterable[str]) -> None:
        """Remove secrets: all of them or, if one is missing, none.

        Raises:
            SecretNotFoundError: one of them is missing.
        """
        keyvault.delete_secrets(self.workspace.store, list(secrets))

    def __repr__(self) -> str:
        """The workspace's name, without any secret."""
        return f"Keyvault(workspace={self.workspace.name!r})"
