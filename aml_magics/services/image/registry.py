"""Images are created, found, edited and deleted."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aml_magics.errors import ImageInUseError, ImageNotFoundError, PropertyExistsError, did_you_mean
from aml_magics.records.image import ImageRecord
from aml_magics.records.name import IMAGE, PROPERTY, TAG, check_folder_name
from aml_magics.records.value import plain_fields, plain_text
from aml_magics.services.model import registry as models
from aml_magics.services.model.edit import locked
from aml_magics.store.ownership import current_user
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import sqlalchemy as sa

    from aml_magics.records.service import Deployment
    from aml_magics.store.store import Store

USE = "image"
"""The kind of a model's user that an image is."""


def create(
    store: Store,
    name: str,
    deployment: Deployment,
    *,
    description: str = "",
    tags: Mapping[str, Any] | None = None,
    properties: Mapping[str, Any] | None = None,
) -> ImageRecord:
    """Keep a deployment as the next version of a name; its models cannot be deleted from now on.

    Raises:
        InvalidNameError: a name breaks its rule.
        ModelNotFoundError: a model of the deployment is not registered.
    """
    now = time.time()
    new = ImageRecord(
        name=check_folder_name(name, IMAGE),
        version=0,
        created=now,
        updated=now,
        deployment=deployment,
        author=plain_text(current_user()),
        description=plain_text(description),
        tags=plain_fields(tags or {}, TAG),
        properties=plain_fields(properties or {}, PROPERTY),
    )
    used = models.find_all(store, deployment.models)

    def work(connection: sa.Connection) -> ImageRecord:
        keys = [locked(store, connection, one).key for one in used]
        made = store.images.add(connection, new)
        store.models.set_uses(connection, USE, made.id, keys)
        return made

    return store.catalogue.transact(work, durable=True)


@retried
def images(
    store: Store,
    name: str | None = None,
    *,
    model_name: str | None = None,
    model_id: str | None = None,
    tags: Iterable[tuple[str, str | None]] = (),
    properties: Iterable[tuple[str, str | None]] = (),
) -> list[ImageRecord]:
    """The images that match all given conditions, newest first.

    Args:
        tags: names with the value that an image must have; any where the value is None.
        properties: the same.
    """
    wanted, having = list(tags), list(properties)
    with store.catalogue.read() as connection:
        found = store.images.matching(connection, name)
    return [
        one
        for one in found
        if (model_id is None or model_id in one.deployment.models)
        and (model_name is None or model_name in map(_name_of, one.deployment.models))
        and _has(one.tags, wanted)
        and _has(one.properties, having)
    ]


def get(store: Store, name: str, version: int | None = None) -> ImageRecord:
    """An image's version, the newest by default; raises ImageNotFoundError."""
    text = plain_text(name).strip()
    found = images(store, text)
    for one in found:
        if version is None or one.version == version:
            return one
    if not found:
        known = sorted({one.name for one in images(store)})
        raise ImageNotFoundError(
            f"ImageNotFound: no image {text!r:.80} in workspace {store.record.name!r}."
            f"{did_you_mean(text, known)} Image.create(workspace, name, models, image_config) makes one."
        )
    raise ImageNotFoundError(
        f"ImageNotFound: image {text!r:.80} has no version {version}; it has "
        f"{', '.join(str(one.version) for one in found[:10])}."
    )


def find(store: Store, text: str) -> ImageRecord:
    """The image that ``NAME`` or ``NAME:VERSION`` names; raises ImageNotFoundError."""
    name, mark, version = plain_text(text).strip().rpartition(":")
    return get(store, name, int(version)) if mark and version.isdecimal() else get(store, text)


def edit(
    store: Store,
    record: ImageRecord,
    *,
    description: str | None = None,
    all_tags: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    removed_tags: Iterable[str] = (),
    properties: Mapping[str, Any] | None = None,
) -> ImageRecord:
    """Describe and tag an image; returns it as it is now.

    Args:
        all_tags: replaces all tags; ``tags`` sets some, ``removed_tags`` removes some.

    Raises:
        ImageNotFoundError: it is deleted.
        PropertyExistsError: a property has another value already.
    """
    replaced = None if all_tags is None else plain_fields(all_tags, TAG)
    added = plain_fields(tags or {}, TAG)
    removed = {plain_text(one) for one in removed_tags} - added.keys()
    given = plain_fields(properties or {}, PROPERTY)

    def work(connection: sa.Connection) -> ImageRecord:
        now = _now(store, connection, record)
        for name, value in given.items():
            if name in now.properties and now.properties[name] != value:
                raise PropertyExistsError(
                    f"Property {name!r:.80} of image {now.id!r} is {now.properties[name]!r:.80} for ever; "
                    "a tag can be changed."
                )
        kept = {**(now.tags if replaced is None else replaced), **added}
        values: dict[str, Any] = {
            "tags": {name: value for name, value in kept.items() if name not in removed},
            "properties": {**now.properties, **given},
            "updated": time.time(),
        }
        if description is not None:
            values["description"] = plain_text(description)
        store.images.change(connection, now.key, values)
        return replace(now, **values)

    return store.catalogue.transact(work, durable=True)


def delete(store: Store, record: ImageRecord) -> None:
    """Delete an image.

    Raises:
        ImageNotFoundError: it is deleted already.
        ImageInUseError: a service runs it.
    """

    def work(connection: sa.Connection) -> None:
        now = _now(store, connection, record)
        users = _users(store, connection).get(now.id)
        if users:
            raise ImageInUseError(
                f"Image {now.id!r} is run by the service {users[0]!r}: update or delete that first."
            )
        store.models.set_uses(connection, USE, now.id, [])
        store.images.remove(connection, now.key)

    store.catalogue.transact(work, durable=True)


@retried
def users(store: Store) -> dict[str, list[str]]:
    """The names of the services that run images, by the id of an image."""
    with store.catalogue.read() as connection:
        return _users(store, connection)


def _users(store: Store, connection: sa.Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for service in store.services.all(connection):
        numbers = [one.revision for one in service.traffic]
        for revision in store.services.revisions(connection, service.key, numbers):
            image = revision.deployment.requested.get("image")
            if image and service.name not in found.setdefault(str(image), []):
                found[str(image)].append(service.name)
    return found


def _now(store: Store, connection: sa.Connection, record: ImageRecord) -> ImageRecord:
    found = store.images.matching(connection, record.name, record.version)
    if not found:
        raise ImageNotFoundError(f"ImageNotFound: image {record.id!r} has been deleted.")
    return found[0]


def _name_of(model_id: str) -> str:
    return model_id.rpartition(":")[0]


def _has(values: Mapping[str, str | None], wanted: Iterable[tuple[str, str | None]]) -> bool:
    return all(
        name in values and (value is None or values[name] == value) for name, value in wanted
    )
