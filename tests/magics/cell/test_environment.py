"""Packages and the state of git."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from aml_magics.magics.cell import environment
from aml_magics.magics.cell.environment import git_parts, packages

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, *words: str) -> None:
    name = ["-c", "user.name=A", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *name, *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-b", "trunk")
    (tmp_path / "a.py").write_text("x = 1\n")
    git(tmp_path, "add", "a.py")
    git(tmp_path, "commit", "-m", "first")
    return tmp_path


def test_packages_are_sorted_lines_with_versions() -> None:
    lines = packages().splitlines()

    names = [line.partition("==")[0].lower() for line in lines]
    assert names == sorted(names)
    assert any(line.startswith("pytest==") for line in lines)


def test_packages_are_read_again_when_one_was_installed_and_not_for_other_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    before = packages()
    (tmp_path / "outputs").mkdir()
    assert packages() is before

    installed = tmp_path / "aa_new-1.5.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: aa-new\nVersion: 1.5\n")
    assert "aa-new==1.5" in packages().splitlines()


def test_clean_repository_has_no_patch(repository: Path) -> None:
    parts = git_parts(repository)
    state = json.loads(parts["git"])

    assert "patch" not in parts
    assert (state["branch"], state["dirty"], len(state["commit"])) == ("trunk", False, 40)


def test_change_since_the_commit_is_the_patch(repository: Path) -> None:
    (repository / "a.py").write_text("x = 2\n")
    (repository / "below").mkdir()
    parts = git_parts(repository / "below")

    assert json.loads(parts["git"])["dirty"] is True
    assert "+x = 2" in parts["patch"]


def test_password_of_the_remote_is_masked(repository: Path) -> None:
    git(repository, "remote", "add", "origin", "https://ann:hunter22@example.org/x.git")

    assert json.loads(git_parts(repository)["git"])["remote"] == "https://***@example.org/x.git"


def test_large_patch_is_cut(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "PATCH_BYTES", 100)
    (repository / "a.py").write_text("x = 2\n" * 1000)
    patch = git_parts(repository)["patch"]

    assert patch.endswith("more bytes of changes were left out\n")
    assert len(patch) < 200


def test_outside_a_repository_there_is_nothing(tmp_path: Path) -> None:
    assert git_parts(tmp_path) == {}


def test_repository_without_a_commit_has_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init")

    assert git_parts(tmp_path) == {}


def test_without_git_there_is_nothing(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert git_parts(repository) == {}
