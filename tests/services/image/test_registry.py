"""Images have names and versions, hold their models, and are found by what they hold."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from aml_magics.errors import (
    ImageInUseError,
    ImageNotFoundError,
    InvalidNameError,
    ModelInUseError,
    ModelNotFoundError,
    PropertyExistsError,
)
from aml_magics.records.service import Revision, ServiceKind, ServiceRecord, ServiceState, Traffic
from aml_magics.services.image import registry
from aml_magics.services.model import edit


def test_versions_count_up_and_the_newest_is_found(store, deployment):
    first = registry.create(store, "scorer", deployment, tags={"a": 1}, description="one")
    second = registry.create(store, "scorer", replace(deployment, entry_script="other.py"))

    assert (first.id, second.id) == ("scorer:1", "scorer:2")
    assert registry.get(store, "scorer") == registry.find(store, "scorer") == second
    assert registry.get(store, "scorer", 1) == registry.find(store, "scorer:1") == first
    assert first.deployment == deployment
    assert first.tags == {"a": "1"}


def test_many_at_once_each_get_a_version(store, deployment):
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: registry.create(store, "scorer", deployment), range(8)))

    assert sorted(one.version for one in made) == list(range(1, 9))


def test_images_are_listed_by_what_they_hold(store, deployment):
    made = registry.create(store, "scorer", deployment, tags={"a": "1"}, properties={"p": "2"})
    other = registry.create(store, "other", replace(deployment, models=()))

    assert registry.images(store) == [other, made]
    assert registry.images(store, "scorer") == [made]
    assert registry.images(store, model_name="digits") == [made]
    assert registry.images(store, model_id="digits:1") == [made]
    assert registry.images(store, model_id="digits:2") == []
    assert registry.images(store, tags=[("a", None)], properties=[("p", "2")]) == [made]
    assert registry.images(store, tags=[("a", "2")]) == []


def test_unknown_image_is_refused_with_what_is_there(store, deployment):
    registry.create(store, "scorer", deployment)

    with pytest.raises(ImageNotFoundError, match="Did you mean 'scorer'"):
        registry.get(store, "scorr")
    with pytest.raises(ImageNotFoundError, match="no version 7; it has 1"):
        registry.find(store, "scorer:7")
    with pytest.raises(InvalidNameError):
        registry.create(store, "a/b", deployment)
    with pytest.raises(ModelNotFoundError):
        registry.create(store, "scorer", replace(deployment, models=("letters:1",)))


def test_model_of_an_image_stays_until_the_image_is_deleted(store, deployment, model):
    made = registry.create(store, "scorer", deployment)
    with pytest.raises(ModelInUseError):
        edit.delete(store, model)

    registry.delete(store, made)
    edit.delete(store, model)

    with pytest.raises(ImageNotFoundError):
        registry.delete(store, made)


def test_image_stays_while_a_service_runs_it(store, deployment):
    made = registry.create(store, "scorer", deployment)
    service = ServiceRecord(
        "digits",
        ServiceKind.ACI,
        1.0,
        1.0,
        1,
        ServiceState.HEALTHY,
        "here",
        traffic=(Traffic("", 1),),
    )
    of_image = replace(deployment, requested={"image": made.id})

    def work(connection):
        key = store.services.add(connection, service)
        store.services.add_revision(connection, key, Revision(1, 1.0, of_image))
        return key

    key = store.catalogue.transact(work)
    with pytest.raises(ImageInUseError, match="'digits'"):
        registry.delete(store, made)
    store.catalogue.transact(lambda connection: store.services.remove(connection, key))
    registry.delete(store, made)


def test_tags_change_and_properties_stay(store, deployment):
    made = registry.create(store, "scorer", deployment, tags={"a": 1}, properties={"p": 1})
    changed = registry.edit(
        store, made, tags={"b": 2}, removed_tags=["a"], properties={"q": 1}, description="new"
    )

    assert changed == registry.get(store, "scorer")
    assert (changed.tags, changed.properties) == ({"b": "2"}, {"p": "1", "q": "1"})
    assert registry.edit(store, made, all_tags={"c": 3}).tags == {"c": "3"}
    with pytest.raises(PropertyExistsError):
        registry.edit(store, made, properties={"p": 2})
