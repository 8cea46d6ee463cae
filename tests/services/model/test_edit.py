"""Models are edited and deleted, on both kinds of catalogue."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from aml_magics.errors import (
    AlreadyExistsError,
    ArtifactNotFoundError,
    EditConflictError,
    InvalidArgumentError,
    InvalidNameError,
    ModelInUseError,
    ModelNotFoundError,
    PropertyExistsError,
    WebserviceError,
)
from aml_magics.records.model import ModelDataset
from aml_magics.services.model import edit, registry
from aml_magics.services.model.edit import ModelEdit
from aml_magics.services.model.files import download
from aml_magics.services.model.registration import (
    Registration,
    register_local_files,
    register_run_files,
)


@pytest.fixture
def versions(store, record):
    """Three versions of one model."""
    wanted = Registration("m", {"a": "1"}, {"p": "1"})
    return [
        register_run_files(store, record, path, wanted)
        for path in ("shared", "outputs/x", "outputs")
    ]


def test_an_edit_sets_what_it_names_and_leaves_the_rest(store, versions):
    dataset = ModelDataset("training", "id-1")
    edit.edit(
        store,
        versions[0],
        ModelEdit(
            description="b\0c",
            tags={"b": 2, "c": None},
            removed_tags=["a", "never"],
            properties={"q": 0.5},
            datasets=[dataset],
            sample_input="id-2",
            resources={"cpu": 2},
        ),
    )
    changed = edit.edit(store, versions[0], ModelEdit(datasets=[dataset], stage="staging"))

    assert changed == registry.get(store, "m", 1)
    assert (changed.description, changed.stage) == ("bc", "Staging")
    assert changed.tags == {"b": "2", "c": None}
    assert changed.properties == {"p": "1", "q": "0.5"}
    assert (changed.datasets, changed.sample_input) == ((dataset,), "id-2")
    assert changed.resources == {"cpu": 2}
    assert changed.updated > versions[0].updated
    assert registry.get(store, "m", 2) == versions[1]

    assert edit.edit(store, changed, ModelEdit(all_tags={"z": "1"})).tags == {"z": "1"}


def test_an_edit_is_done_in_all_that_it_names_or_in_nothing(store, versions):
    edit.set_alias(store, "m", "champion", 1)
    before = [registry.get(store, "m", number) for number in (1, 2)]
    for refused, error in (
        (ModelEdit(aliases=["champion", "v2"]), InvalidNameError),
        (ModelEdit(aliases=["champion"], properties={"p": 2}), PropertyExistsError),
        (ModelEdit(aliases=["champion"], description="new", was="old"), EditConflictError),
    ):
        with pytest.raises(error):
            edit.edit(store, versions[1], refused)
        assert [registry.get(store, "m", number) for number in (1, 2)] == before

    changed = edit.edit(
        store, versions[1], ModelEdit(aliases=["@champion", "best"], description="new", was="")
    )
    assert changed == registry.get(store, "m", 2)
    assert (changed.aliases, changed.description) == (("best", "champion"), "new")
    assert registry.get(store, "m", 1).aliases == ()
    # what the database did, and whose answer was lost, is done again
    assert edit.edit(store, changed, ModelEdit(description="new", was="")).description == "new"
    assert edit.edit(store, changed, ModelEdit(aliases=[])).aliases == ()


def test_a_property_keeps_its_value(store, versions):
    assert edit.edit(store, versions[0], ModelEdit(properties={"p": 1})).properties == {"p": "1"}
    with pytest.raises(PropertyExistsError, match="Property 'p' of model m:1 is '1' and cannot"):
        edit.edit(store, versions[0], ModelEdit(properties={"p": 2, "r": 1}))
    assert registry.get(store, "m", 1).properties == {"p": "1"}


def test_edits_at_once_lose_nothing(store, versions):
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda n: edit.edit(store, versions[0], ModelEdit(tags={f"t{n}": n})), range(16)
            )
        )
    assert len(registry.get(store, "m", 1).tags) == 17


def test_an_alias_leads_to_one_version(store, versions):
    edit.set_alias(store, "m", "champion", 1)
    edit.set_alias(store, "m", "old-one", 1)
    assert edit.set_alias(store, "m", "@champion", 3).aliases == ("champion",)

    assert registry.get(store, "m", "champion").version == 3
    assert registry.find(store, "m@champion").version == registry.find(store, "m:3").version == 3
    assert registry.find(store, "m").version == 3
    assert registry.get(store, "m", 1).aliases == ("old-one",)
    assert registry.get_registered(store, "m").aliases == {"champion": 3, "old-one": 1}
    with pytest.raises(
        ModelNotFoundError, match="no version 9; it has 3, 2, 1 and the aliases champion"
    ):
        registry.get(store, "m", 9)

    assert edit.delete_alias(store, "m", "champion")
    assert not edit.delete_alias(store, "m", "champion")
    with pytest.raises(ModelNotFoundError):
        registry.find(store, "m@champion")


@pytest.mark.parametrize("alias", ["", "latest", "v1", "7", "a b", "a:b", "x" * 256, "é!"])
def test_an_alias_that_could_be_taken_for_a_version_is_refused(store, versions, alias):
    with pytest.raises(InvalidNameError, match="An alias has 1 to 255 letters"):
        edit.set_alias(store, "m", alias, 1)


def test_a_stage_may_put_the_others_into_the_archive(store, versions):
    edit.set_stage(store, versions[0], "Production")
    edit.set_stage(store, versions[1], "production", archive_others=True)
    assert [one.stage for one in registry.list_models(store)] == ["", "Production", "Archived"]
    assert edit.set_stage(store, versions[1], "None").stage == ""
    with pytest.raises(InvalidArgumentError, match="not 'live'"):
        edit.set_stage(store, versions[0], "live")


def test_a_deleted_version_is_gone_and_its_number_is_not_used_again(store, record, versions):
    edit.set_alias(store, "m", "champion", 3)
    edit.delete(store, versions[2])

    assert [one.version for one in registry.list_models(store)] == [2, 1]
    assert registry.get_registered(store, "m").aliases == {}
    assert register_run_files(store, record, "shared", Registration("m")).version == 4
    for again in (edit.delete, lambda *to: edit.edit(*to, ModelEdit(stage="Staging"))):
        with pytest.raises(ModelNotFoundError, match="model m:3 has been deleted"):
            again(store, versions[2])


def test_bytes_go_with_the_last_that_has_them(store, record, tmp_path):
    (tmp_path / "only").write_bytes(b"only")
    first = register_local_files(store, tmp_path / "only", Registration("a"))
    second = register_local_files(store, tmp_path / "only", Registration("b"))
    of_run = register_run_files(store, record, "outputs/x", Registration("c"))

    edit.delete(store, first)
    assert download(store, second, tmp_path / "copy").read_bytes() == b"only"
    edit.delete(store, second)
    edit.delete(store, of_run)

    with pytest.raises(ArtifactNotFoundError):
        store.blobs.open(hashlib.sha256(b"only").hexdigest())
    with store.blobs.open(hashlib.sha256(b"x").hexdigest()) as kept:
        assert kept.read() == b"x"


def test_a_model_that_is_needed_stays(store, versions):
    keys = [versions[0].key, versions[1].key, versions[0].key]
    store.catalogue.transact(
        lambda connection: store.models.set_uses(connection, "service", "s", keys), durable=True
    )
    with pytest.raises(
        ModelInUseError, match="Model m:1 is used by service 's'; delete that first"
    ):
        edit.delete(store, versions[0])
    with pytest.raises(WebserviceError):
        edit.delete_name(store, "m")
    with pytest.raises(ModelInUseError):
        edit.rename(store, "m", "n")
    assert len(registry.list_models(store)) == 3

    store.catalogue.transact(
        lambda connection: store.models.set_uses(connection, "service", "s", []), durable=True
    )
    edit.delete(store, versions[0])


def test_names_are_made_described_renamed_and_deleted(store, versions):
    made = edit.create_name(store, "empty", description="d", tags={"a": 1})
    assert registry.get_registered(store, "empty") == made
    assert registry.names(store) == ["m"]
    assert [one.name for one in registry.list_registered(store)] == ["empty", "m"]
    for taken in ("empty", "m"):
        with pytest.raises(AlreadyExistsError, match=f"Model '{taken}' is there already"):
            edit.create_name(store, taken)

    changed = edit.edit_name(
        store, "m", description="new", tags={"a": 1, "b": 2}, removed_tags=["a"]
    )
    assert (changed.description, changed.tags) == ("new", {"b": "2"})

    edit.set_alias(store, "m", "champion", 2)
    renamed = edit.rename(store, "m", "n")
    assert (renamed.aliases, renamed.description) == ({"champion": 2}, "new")
    assert registry.get(store, "n", "champion") == replace(
        versions[1], name="n", aliases=("champion",)
    )
    with pytest.raises(AlreadyExistsError):
        edit.rename(store, "n", "empty")

    assert edit.delete_name(store, "n") == 3
    assert edit.delete_name(store, "empty") == 0
    assert registry.list_registered(store) == []
    for unknown in (
        lambda: edit.rename(store, "n", "x"),
        lambda: edit.edit_name(store, "n"),
        lambda: edit.delete_name(store, "n"),
        lambda: registry.get_registered(store, "n"),
    ):
        with pytest.raises(ModelNotFoundError, match="no model 'n' in workspace"):
            unknown()
