"""What is said of a registered model is changed, and the model is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import UsageError
from aml_magics.sdk.model.argument import dataset_id, references, resources
from aml_magics.sdk.model.description import ModelDescription
from aml_magics.services.model import edit as edits
from aml_magics.services.model import registry
from aml_magics.services.model.edit import ModelEdit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.sdk import handles
    from aml_magics.sdk.model.argument import References
    from aml_magics.sdk.model.resource_configuration import ResourceConfiguration


class ModelEditing(ModelDescription):
    """The part of ``Model`` that changes it."""

    def add_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags; the others stay."""
        self._edit(ModelEdit(tags=tags))

    def remove_tags(self, tags: str | Sequence[str]) -> None:
        """Remove tags by name; a name that is not there does nothing."""
        self._edit(ModelEdit(removed_tags=[tags] if isinstance(tags, str) else tags))

    def add_properties(self, properties: Mapping[str, Any]) -> None:
        """Add properties; raises PropertyExistsError for one that has another value."""
        self._edit(ModelEdit(properties=properties))

    def add_dataset_references(self, datasets: References) -> None:
        """Add datasets that it was made with: ``[("training data", dataset)]``."""
        self._edit(ModelEdit(datasets=references(self._workspace, datasets)))

    def update(
        self,
        tags: Mapping[str, Any] | None = None,
        description: str | None = None,
        sample_input_dataset: handles.AbstractDataset | None = None,
        sample_output_dataset: handles.AbstractDataset | None = None,
        resource_configuration: ResourceConfiguration | None = None,
    ) -> None:
        """Change what is given; ``tags`` replaces all tags."""
        self._edit(
            ModelEdit(
                all_tags=tags,
                description=description,
                sample_input=dataset_id(self._workspace, sample_input_dataset),
                sample_output=dataset_id(self._workspace, sample_output_dataset),
                resources=resources(resource_configuration),
            )
        )

    def update_tags_properties(
        self,
        add_tags: Mapping[str, Any] | None = None,
        remove_tags: str | Sequence[str] | None = None,
        add_properties: Mapping[str, Any] | None = None,
    ) -> None:
        """Change tags and properties in one step."""
        removed = [remove_tags] if isinstance(remove_tags, str) else remove_tags
        self._edit(
            ModelEdit(
                tags=add_tags or {}, removed_tags=removed or (), properties=add_properties or {}
            )
        )

    def set_alias(self, alias: str) -> None:
        """Let an alias such as ``champion`` lead to this version, and to no other."""
        self._record = edits.set_alias(self._workspace.store, self.name, alias, self.version)

    def delete_alias(self, alias: str) -> None:
        """Take an alias of this version away.

        Raises:
            UsageError: it does not lead to this version.
        """
        now = registry.get(self._workspace.store, self.name, self.version)
        wanted = str(alias).removeprefix("@")
        if wanted not in now.aliases:
            raise UsageError(
                f"Model {self.id} has no alias {alias!r:.80}; it has {', '.join(now.aliases) or 'none'}."
            )
        self._edit(ModelEdit(aliases=[one for one in now.aliases if one != wanted]))

    def set_stage(self, stage: str, archive_existing_versions: bool = False) -> None:
        """Move it to ``Staging``, ``Production``, ``Archived`` or ``None``."""
        self._record = edits.set_stage(
            self._workspace.store, self._record, stage, archive_others=archive_existing_versions
        )

    def delete(self) -> None:
        """Delete this version; its number is not used again.

        Raises:
            ModelInUseError: a service or an image needs it.
        """
        edits.delete(self._workspace.store, self._record)

    def _edit(self, change: ModelEdit) -> None:
        self._record = edits.edit(self._workspace.store, self._record, change)
