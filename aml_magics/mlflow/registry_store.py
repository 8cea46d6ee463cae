"""MLflow's registry of models: what is registered at ``aml-magics://NAME`` is a model of that workspace."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any, Final

from mlflow.entities.model_registry import (
    ModelVersion,
    ModelVersionTag,
    RegisteredModel,
    RegisteredModelAlias,
    RegisteredModelTag,
)
from mlflow.entities.model_registry.model_version_stages import (
    ALL_STAGES,
    DEFAULT_STAGES_FOR_GET_LATEST_VERSIONS,
    STAGE_NONE,
    get_canonical_stage,
)
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.model_registry import (
    SEARCH_MODEL_VERSION_MAX_RESULTS_THRESHOLD,
    SEARCH_REGISTERED_MODEL_MAX_RESULTS_THRESHOLD,
)
from mlflow.store.model_registry.abstract_store import AbstractStore
from mlflow.utils.search_utils import SearchModelUtils, SearchModelVersionUtils, SearchUtils
from mlflow.utils.validation import (
    _validate_model_name,
    _validate_model_version_tag,
    _validate_registered_model_tag,
)

from aml_magics.errors import RunNotFoundError
from aml_magics.mlflow.failure import invalid, missing, raising_mlflow_errors
from aml_magics.mlflow.model_source import Source, register_source
from aml_magics.mlflow.tracking_store import AmlTrackingStore
from aml_magics.mlflow.workspace import InWorkspace, open_store
from aml_magics.services.model import edit as edits
from aml_magics.services.model import registry
from aml_magics.services.model.edit import ModelEdit
from aml_magics.services.model.registration import Registration
from aml_magics.services.run import run as runs
from aml_magics.services.run.mlflow import model_uri, place_of, tracking_uri

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aml_magics.records.model import ModelRecord
    from aml_magics.records.model import RegisteredModel as NameRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

_RUN_LINK: Final = "mlflow.runLink"
_MODEL_ID: Final = "mlflow.modelId"
_LATEST: Final = "latest"
_KNOWN: Final = signature(ModelVersion.__init__).parameters  # `model_id` came with MLflow 3


class AmlRegistryStore(InWorkspace, AbstractStore):
    """The registry of a workspace.

    Args:
        store_uri: ``aml-magics://NAME``.
        tracking_uri: where MLflow's runs are kept.

    Raises:
        MlflowException: the address is malformed, or there is no such workspace.
    """

    @raising_mlflow_errors
    def __init__(self, store_uri: str, tracking_uri: str | None = None) -> None:
        super().__init__(store_uri, tracking_uri)
        self._workspace = place_of(store_uri).workspace
        open_store(self._workspace)

    # -- names ----------------------------------------------------------------------------

    @raising_mlflow_errors
    def create_registered_model(
        self, name: str, tags: Any = None, description: str | None = None, *_: Any, **__: Any
    ) -> RegisteredModel:
        """Register a name; one that is there is an error that MLflow's client expects."""
        values = {tag.key: tag.value for tag in tags or ()}
        edits.create_name(self._store, name, description=description or "", tags=values)
        return self._named(name)

    @raising_mlflow_errors
    def update_registered_model(
        self, name: str, description: str | None, *_: Any, **__: Any
    ) -> RegisteredModel:
        """Describe a name."""
        edits.edit_name(self._store, name, description=description or "")
        return self._named(name)

    @raising_mlflow_errors
    def rename_registered_model(self, name: str, new_name: str) -> RegisteredModel:
        """Rename a model with all versions."""
        edits.rename(self._store, name, new_name)
        return self._named(new_name)

    @raising_mlflow_errors
    def delete_registered_model(self, name: str) -> None:
        """Delete a name with all versions."""
        edits.delete_name(self._store, name)

    @raising_mlflow_errors
    def get_registered_model(self, name: str) -> RegisteredModel:
        """A name with its latest versions."""
        return self._named(name)

    @raising_mlflow_errors
    def search_registered_models(
        self,
        filter_string: str | None = None,
        max_results: int | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> Any:
        """Names that match MLflow's filter, one page."""
        _check_page(max_results, SEARCH_REGISTERED_MODEL_MAX_RESULTS_THRESHOLD)
        store = self._store
        versions: dict[str, list[ModelRecord]] = {}
        for one in registry.list_models(store):
            versions.setdefault(one.name, []).append(one)
        found = [
            _name_entity(store, one, versions.get(one.name, ()))
            for one in registry.list_registered(store)
        ]
        chosen = SearchModelUtils.filter(found, _without_prompts(filter_string))
        return _page(SearchModelUtils.sort(chosen, order_by), max_results, page_token)

    @raising_mlflow_errors
    def set_registered_model_tag(self, name: str, tag: RegisteredModelTag) -> None:
        """Set a tag of a name."""
        _validate_registered_model_tag(tag.key, tag.value)
        edits.edit_name(self._store, name, tags={tag.key: tag.value})

    @raising_mlflow_errors
    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Remove a tag of a name."""
        edits.edit_name(self._store, name, removed_tags=[key])

    @raising_mlflow_errors
    def set_registered_model_alias(self, name: str, alias: str, version: Any) -> None:
        """Let an alias lead to a version."""
        edits.set_alias(self._store, name, alias, _number(version))

    @raising_mlflow_errors
    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Remove an alias, if it is there."""
        edits.delete_alias(self._store, registry.get_registered(self._store, name).name, alias)

    # -- versions -------------------------------------------------------------------------

    @raising_mlflow_errors
    def create_model_version(
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: Any = None,
        run_link: str | None = None,
        description: str | None = None,
        local_model_path: str | None = None,
        model_id: str | None = None,
    ) -> ModelVersion:
        """Register what an address holds as the next version; the files are kept with it."""
        del local_model_path
        store = self._store
        registry.get_registered(store, name)  # MLflow registers names apart
        uri, made_by = self._files_of(source, model_id)
        maker = run_id or made_by or ""
        run = _run(store, maker)
        properties = {_RUN_LINK: run_link, _MODEL_ID: model_id}
        wanted = Registration(
            name=name,
            tags={tag.key: tag.value for tag in tags or ()},
            properties={key: value for key, value in properties.items() if value},
            description=description or "",
            source=source,
            run_id=maker,
        )
        return _version_entity(store, register_source(store, Source(uri, run), wanted))

    @raising_mlflow_errors
    def get_model_version(self, name: str, version: Any) -> ModelVersion:
        """A version."""
        return _version_entity(self._store, self._version(name, version))

    @raising_mlflow_errors
    def get_model_version_by_alias(self, name: str, alias: str) -> ModelVersion:
        """The version that an alias leads to; ``latest`` is the highest."""
        known = registry.get_registered(self._store, name).aliases
        if alias.lower() == _LATEST:
            return _version_entity(self._store, registry.get(self._store, name))
        if alias not in known:
            raise invalid(f"Registered model alias {alias} not found.")
        return self.get_model_version(name, known[alias])

    @raising_mlflow_errors
    def get_latest_versions(
        self, name: str, stages: Sequence[str] | None = None
    ) -> list[ModelVersion]:
        """The highest version of each stage, of all if none is named."""
        registry.get_registered(self._store, name)
        wanted = {get_canonical_stage(stage) for stage in stages or ALL_STAGES}
        latest = _latest(registry.list_models(self._store, name))
        return [
            _version_entity(self._store, one)
            for one in latest
            if (one.stage or STAGE_NONE) in wanted
        ]

    @raising_mlflow_errors
    def get_model_version_download_uri(self, name: str, version: Any) -> str:
        """The address of a version's files."""
        return model_uri(self._store, name, self._version(name, version).version)

    @raising_mlflow_errors
    def search_model_versions(
        self,
        filter_string: str | None = None,
        max_results: int | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> Any:
        """Versions that match MLflow's filter, one page; those changed last come first."""
        _check_page(max_results, SEARCH_MODEL_VERSION_MAX_RESULTS_THRESHOLD)
        store = self._store
        found = [_version_entity(store, one) for one in registry.list_models(store)]
        chosen = SearchModelVersionUtils.filter(found, _without_prompts(filter_string))
        default = ["last_updated_timestamp DESC", "name ASC", "version_number DESC"]
        return _page(
            SearchModelVersionUtils.sort(chosen, order_by or default), max_results, page_token
        )

    @raising_mlflow_errors
    def update_model_version(
        self, name: str, version: Any, description: str | None = None
    ) -> ModelVersion:
        """Describe a version."""
        return self._edited(name, version, ModelEdit(description=description or ""))

    @raising_mlflow_errors
    def transition_model_version_stage(
        self, name: str, version: Any, stage: str, archive_existing_versions: bool
    ) -> ModelVersion:
        """Move a version to a stage, and the others that are in it to the archive if asked to."""
        wanted = get_canonical_stage(stage)
        if archive_existing_versions and wanted not in DEFAULT_STAGES_FOR_GET_LATEST_VERSIONS:
            raise invalid(
                f"Other versions are archived for the stages {DEFAULT_STAGES_FOR_GET_LATEST_VERSIONS}, not for {stage!r}; "
                "leave archive_existing_versions out."
            )
        record = edits.set_stage(
            self._store,
            self._version(name, version),
            wanted,
            archive_others=archive_existing_versions,
        )
        return _version_entity(self._store, record)

    @raising_mlflow_errors
    def delete_model_version(self, name: str, version: Any) -> None:
        """Delete a version; its number is not used again."""
        edits.delete(self._store, self._version(name, version))

    @raising_mlflow_errors
    def set_model_version_tag(self, name: str, version: Any, tag: ModelVersionTag) -> None:
        """Set a tag of a version."""
        _validate_model_version_tag(tag.key, tag.value)
        self._edited(name, version, ModelEdit(tags={tag.key: tag.value}))

    @raising_mlflow_errors
    def delete_model_version_tag(self, name: str, version: Any, key: str) -> None:
        """Remove a tag of a version."""
        self._edited(name, version, ModelEdit(removed_tags=[key]))

    # -- parts ----------------------------------------------------------------------------

    def _named(self, name: str) -> RegisteredModel:
        found = registry.get_registered(self._store, name)
        return _name_entity(self._store, found, registry.list_models(self._store, found.name))

    def _version(self, name: str, version: Any) -> ModelRecord:
        _validate_model_name(name)
        number = _number(version)
        found = registry.list_models(self._store, str(name), number)
        if not found:
            raise missing(f"Model Version (name={name}, version={number}) not found")
        return found[0]

    def _edited(self, name: str, version: Any, change: ModelEdit) -> ModelVersion:
        record = edits.edit(self._store, self._version(name, version), change)
        return _version_entity(self._store, record)

    def _files_of(self, source: str, model_id: str | None) -> tuple[str, str | None]:
        """The address of the files of MLflow's own address, and the id of the run of a logged model."""
        model, _, version = source.removeprefix("models:/").partition("/")
        if source.startswith("models:/") and not version and model_id is None:
            model_id = model
        if model_id is not None:
            logged = AmlTrackingStore(tracking_uri(self._store)).get_logged_model(model_id)
            is_model = source.startswith("models:/")
            return (logged.artifact_location if is_model else source), logged.source_run_id
        if source.startswith("models:/"):
            return self.get_model_version_download_uri(model, version), None
        return source, None


def _run(store: Store, run_id: str) -> RunRecord | None:
    """The run that made a model; None if there is none, or if it is deleted."""
    try:
        return runs.get(store, run_id) if run_id else None
    except RunNotFoundError:
        return None


def _name_entity(
    store: Store, record: NameRecord, versions: Iterable[ModelRecord]
) -> RegisteredModel:
    return RegisteredModel(
        name=record.name,
        creation_timestamp=_milliseconds(record.created),
        last_updated_timestamp=_milliseconds(record.updated),
        description=record.description or None,
        latest_versions=[_version_entity(store, one) for one in _latest(versions)],
        tags=[RegisteredModelTag(key, value) for key, value in record.tags.items()],
        aliases=[RegisteredModelAlias(alias, version) for alias, version in record.aliases.items()],
    )


def _version_entity(store: Store, record: ModelRecord) -> ModelVersion:
    values: dict[str, Any] = {
        "name": record.name,
        "version": record.version,
        "creation_timestamp": _milliseconds(record.created),
        "last_updated_timestamp": _milliseconds(record.updated),
        "description": record.description or None,
        "user_id": record.author,
        "current_stage": record.stage or STAGE_NONE,
        "source": record.source or model_uri(store, record.name, record.version),
        "run_id": record.run_id or None,
        "tags": [ModelVersionTag(key, value) for key, value in record.tags.items()],
        "run_link": record.properties.get(_RUN_LINK),
        "aliases": list(record.aliases),
        "model_id": record.properties.get(_MODEL_ID),
    }
    return ModelVersion(**{name: value for name, value in values.items() if name in _KNOWN})


def _latest(versions: Iterable[ModelRecord]) -> list[ModelRecord]:
    """The highest version of each stage."""
    latest: dict[str, ModelRecord] = {}
    for one in sorted(versions, key=lambda version: version.version):
        latest[one.stage] = one
    return list(latest.values())


def _number(version: Any) -> int:
    try:
        return int(version)
    except (TypeError, ValueError) as error:
        raise invalid(f"A version of a model is a whole number, not {version!r:.80}.") from error


def _check_page(max_results: Any, limit: int) -> None:
    if not isinstance(max_results, int) or not 1 <= max_results <= limit:
        raise invalid(f"max_results is a whole number from 1 to {limit}, not {max_results!r:.80}.")


def _page(ordered: list[Any], max_results: int | None, page_token: str | None) -> Any:
    return PagedList(*SearchUtils.paginate(ordered, page_token, max_results))


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)


def _without_prompts(filter_string: str | None) -> str | None:
    """A filter that leaves out prompts, which MLflow 3 keeps as models; MLflow 2 has none at first."""
    try:
        from mlflow.prompt.registry_utils import add_prompt_filter_string
    except ImportError:
        return filter_string
    narrowed: str | None = add_prompt_filter_string(filter_string, is_prompt=False)
    return narrowed
