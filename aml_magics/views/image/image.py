"""The images of a workspace, and one of them with its Dockerfile."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import AmlError
from aml_magics.services.image import registry
from aml_magics.services.image.context import PORT, definition_of, dockerfile
from aml_magics.services.image.engine import ENGINES
from aml_magics.services.model import registry as models
from aml_magics.views.environment.environment import environment_view
from aml_magics.views.text.format import iso

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.image import ImageRecord
    from aml_magics.store.store import Store

_STATE: Final = "Succeeded"
"""The only state of an image, as Azure names it: what it is made of is kept with it."""


@dataclass(frozen=True, slots=True)
class ImageRowView:
    """An image: ``size`` are the bytes of its models and its code, ``used_by`` the services that run it."""

    name: str
    version: int
    state: str
    models: tuple[str, ...]
    entry_script: str
    size: int
    used_by: tuple[str, ...]
    author: str
    created: str


@dataclass(frozen=True, slots=True)
class ImagesView:
    """The images of a workspace, the newest first."""

    workspace: str
    rows: tuple[ImageRowView, ...]


@dataclass(frozen=True, slots=True)
class ImageView:
    """An image. ``dockerfile`` is empty where none can be written, and ``problem`` says why.

    ``build`` are the lines that build and start it; ``files`` are those of its code with their bytes.
    """

    row: ImageRowView
    description: str
    tags: dict[str, str | None]
    properties: dict[str, str | None]
    files: tuple[tuple[str, int], ...]
    environment: str
    packages: tuple[str, ...]
    dockerfile: str
    problem: str
    build: tuple[str, ...]


def images_view(store: Store) -> ImagesView:
    """All versions of all images."""
    found = registry.images(store)
    used = registry.users(store)
    sizes = _sizes(store, found)
    rows = tuple(_row(one, used.get(one.id, ()), sizes) for one in found)
    return ImagesView(store.record.name, rows)


def image_view(store: Store, record: ImageRecord) -> ImageView:
    """One image; nothing is resolved or built for it."""
    deployment = record.deployment
    text, problem = "", ""
    try:
        text = dockerfile(store, deployment)
    except AmlError as error:
        problem = str(error)
    environment = environment_view(definition_of(store, deployment))
    used = registry.users(store).get(record.id, ())
    return ImageView(
        row=_row(record, used, _sizes(store, [record])),
        description=record.description,
        tags=record.tags,
        properties=record.properties,
        files=tuple((one.name, one.size) for one in deployment.code),
        environment=environment.name
        if deployment.environment
        else "what its code and models import here",
        packages=environment.packages,
        dockerfile=text,
        problem=problem,
        build=_build_lines(record) if text else (),
    )


def _sizes(store: Store, records: Sequence[ImageRecord]) -> dict[str, int]:
    """The bytes of the models of images, by the id of a model."""
    ids = dict.fromkeys(each for one in records for each in one.deployment.models)
    return {one: models.find(store, one).size for one in ids}


def _row(record: ImageRecord, used: Sequence[str], sizes: Mapping[str, int]) -> ImageRowView:
    deployment = record.deployment
    return ImageRowView(
        name=record.name,
        version=record.version,
        state=_STATE,
        models=deployment.models,
        entry_script=deployment.entry_script,
        size=sum(sizes[one] for one in deployment.models)
        + sum(one.size for one in deployment.code),
        used_by=tuple(used),
        author=record.author,
        created=iso(record.created) or "",
    )


def _build_lines(record: ImageRecord) -> tuple[str, ...]:
    """With the first engine that is installed here, else with docker."""
    engine = next((one for one in ENGINES if shutil.which(one)), ENGINES[0])
    tag = f"{record.name.lower()}:{record.version}"
    start = "podman" if engine == "buildah" else engine
    return (
        f"aml-magics image {record.id} save context",
        f"{engine} build --tag {tag} context",
        f"{start} run --publish {PORT}:{PORT} {tag}",
    )
