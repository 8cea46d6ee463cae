from __future__ import annotations

import pytest

from aml_magics.commands._base import COMMANDS
from aml_magics.errors import DatasetNotFoundError, InvalidArgumentError, UsageError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data import dataset
from aml_magics.services.data.profile import profile
from aml_magics.views.data.output import DATASET


@pytest.fixture
def people(workspace, tmp_path):
    """Two versions of `people`."""
    made = []
    for number, rows in enumerate(("41,Ada\n20,Bo\n", "41,Ada\n,Bo\n7,Cy\n")):
        path = tmp_path / f"people{number}.csv"
        path.write_text(f"age,name\n{rows}")
        definition = Definition("tabular", (Location(str(path)),), "delimited")
        record = dataset.register(workspace.store, definition, "people", create_new_version=True)
        made.append(record)
    return made


def test_a_dataset_is_shown_in_its_newest_version(ask, workspace, people):
    answer = ask(workspace, "dataset", "people")

    assert (answer.value.name, answer.value.version) == ("people", 2)
    assert list(answer.bundle) == [DATASET, "text/html", "text/plain"]
    assert "Cy" in answer.text
    assert "Cy" in answer.html


def test_a_version_or_an_id_is_shown(ask, workspace, people):
    assert ask(workspace, "dataset", "people", "--version", "1").value.version == 1
    assert ask(workspace, "dataset", people[0].id).value.version == 1


def test_what_changed_between_versions_is_shown(ask, workspace, people):
    answer = ask(workspace, "dataset", "people", "--diff", "1")
    other = ask(workspace, "dataset", "people", "--version", "1", "--diff", "2")

    assert "Version 1 → 2: 2 → 3 rows" in answer.text
    assert "missing 0 % → 33 %" in answer.text
    assert "missing" in answer.html
    assert other.text == answer.text
    assert (answer.value.version, other.value.version) == (2, 1)


def test_a_dataset_gets_its_profile(ask, workspace, people):
    saved = dataset.save(
        workspace.store,
        Definition("tabular", people[0].definition.locations, "delimited", steps=({"transform": "take", "count": 1},)),
    )  # fmt: skip
    assert profile.kept(workspace.store, saved) is None
    assert "1 row" in ask(workspace, "dataset", saved.id).text
    assert profile.kept(workspace.store, saved).rows == 1
    assert ask(workspace, "dataset", saved.id, "--exact").value.id == saved.id


def test_data_that_is_away_is_told_and_what_was_kept_is_shown(ask, workspace, people, tmp_path):
    (tmp_path / "people1.csv").unlink()
    text = ask(workspace, "dataset", "people").text

    assert "✗ " in text
    assert "people1.csv" in text
    assert "age" in text


def test_a_file_dataset_is_shown_and_has_no_profile(ask, workspace, tmp_path):
    (tmp_path / "a.bin").write_bytes(b"abc")
    definition = Definition("file", (Location(str(tmp_path / "a.bin")),))
    dataset.register(workspace.store, definition, "files")

    assert "a.bin (3 B)" in ask(workspace, "dataset", "files").text
    with pytest.raises(InvalidArgumentError, match="A profile is of columns"):
        ask(workspace, "dataset", "files", "--exact")


def test_a_dataset_that_is_not_there_is_named_with_one_that_is(ask, workspace, people):
    with pytest.raises(DatasetNotFoundError, match="Did you mean 'people'"):
        ask(workspace, "dataset", "peopel")
    with pytest.raises(DatasetNotFoundError, match="has no version 9"):
        ask(workspace, "dataset", "people", "--diff", "9")


def test_a_version_is_not_compared_with_itself(ask, workspace, people):
    with pytest.raises(
        UsageError, match=r"Version 2 cannot be compared with itself: --diff 2 wants"
    ):
        ask(workspace, "dataset", "people", "--diff", "2")


def test_names_are_suggested(workspace, people):
    command = COMMANDS.load("dataset")()

    assert command.suggest(workspace, "dataset") == ["people"]
    assert command.suggest(workspace, "version") == []
