"""Environments of a workspace: registered in versions, found and listed."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import (
    EnvironmentNotFoundError,
    InvalidEnvironmentError,
    InvalidNameError,
)
from aml_magics.services.environment import registry as environments

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def test_the_same_content_keeps_its_version_and_another_gets_the_next(store: Store) -> None:
    first = environments.register(store, {"name": "e", "python": {"a": 1}})
    again = environments.register(store, {"name": " e ", "version": "9", "python": {"a": 1}})
    second = environments.register(store, {"name": "e", "python": {"a": 2}})

    assert first == again
    assert [first.version, second.version] == [1, 2]
    assert second.definition == {"name": "e", "version": "2", "python": {"a": 2}}
    assert environments.get(store, "e") == second
    assert environments.get(store, "e", "1") == first
    assert environments.list_environments(store) == [second]


def test_versions_that_are_registered_at_once_are_all_kept(store: Store) -> None:
    def register(number: int) -> int:
        return environments.register(store, {"name": "e", "number": number}).version

    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(register, range(8)))

    assert sorted(versions) == list(range(1, 9))


def test_what_is_not_there_is_named_with_what_is_near(store: Store) -> None:
    environments.register(store, {"name": "diabetes"})

    with pytest.raises(EnvironmentNotFoundError, match=r"No environment 'diabete'.*'diabetes'\?"):
        environments.get(store, "diabete")
    with pytest.raises(EnvironmentNotFoundError, match=r"'diabetes' has no version 7; it has 1"):
        environments.get(store, "diabetes", 7)
    with pytest.raises(EnvironmentNotFoundError, match=r"No environment"):
        environments.get(store, "a\0b")
    with pytest.raises(EnvironmentNotFoundError, match=r"No environment 'AzureML-Minimal'"):
        environments.get(store, "AzureML-Minimal", 99)


def test_curated_environments_are_found_and_not_replaced(sqlite_store: Store) -> None:
    found = environments.get(sqlite_store, "AzureML-Minimal")
    assert found in environments.list_curated()
    assert environments.get(sqlite_store, "AzureML-Minimal", 1) == found
    for name in ("AzureML-Minimal", "azureml-mine", "Microsoft.x"):
        with pytest.raises(InvalidNameError, match=r"begin with AzureML or Microsoft"):
            environments.register(sqlite_store, {"name": name})


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("azureml-sklearn-1.5", "AzureML-sklearn-1.5"),
        ("AZUREML-MINIMAL", "AzureML-Minimal"),
        ("azureml-acpt-pytorch-2.2-cuda12.1", "AzureML-acpt-pytorch-2.2-cuda12.1"),
        ("acpt-pytorch-1.11-cuda11.3", "AzureML-acpt-pytorch-1.11-cuda11.3"),
        ("tensorflow-2.11-cuda11", "AzureML-tensorflow-2.11-cuda11"),
        ("AzureML-TensorFlow-2.16-cuda12", "AzureML-tensorflow-2.16-cuda12"),
    ],
)
def test_curated_names_are_found_however_they_are_spelt(
    sqlite_store: Store, asked: str, name: str
) -> None:
    assert environments.get(sqlite_store, asked).name == name


def test_an_environment_of_ones_own_comes_before_a_curated_one_without_its_prefix(
    sqlite_store: Store,
) -> None:
    mine = environments.register(sqlite_store, {"name": "sklearn-1.5"})

    assert environments.get(sqlite_store, "sklearn-1.5") == mine
    with pytest.raises(EnvironmentNotFoundError, match=r"'sklearn-1.5' has no version 2; it has 1"):
        environments.get(sqlite_store, "sklearn-1.5", 2)


def test_what_cannot_be_kept_is_refused(sqlite_store: Store) -> None:
    with pytest.raises(InvalidNameError, match=r"line break or control character"):
        environments.register(sqlite_store, {"name": "a\nb"})
    for value in (object(), float("nan"), {1, 2}):
        with pytest.raises(InvalidEnvironmentError, match=r"An environment is kept as JSON"):
            environments.register(sqlite_store, {"name": "e", "x": value})
    with pytest.raises(InvalidEnvironmentError, match=r"at most 1,048,576 are kept"):
        environments.register(sqlite_store, {"name": "e", "x": "y" * (1 << 20)})


def test_an_environment_that_nobody_registered_has_a_version_to_show() -> None:
    version = environments.autosave_version({"name": "e"})

    assert re.fullmatch(r"Autosave_\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ_[0-9a-f]{8}", version)
