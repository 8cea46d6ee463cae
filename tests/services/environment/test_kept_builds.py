"""Environments that were built: listed, used, removed, and damaged ones told apart."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import (
    EnvironmentInUseError,
    EnvironmentNotFoundError,
)
from aml_magics.services.environment import build as environment_build
from aml_magics.services.environment.build import builds, find_built, prune, remove
from aml_magics.services.environment.lock import environments, using
from tests.services.environment.conftest import definition

if TYPE_CHECKING:
    from pathlib import Path


def _fake_build(digest: str, *, used: float = 0.0, ready: bool = True) -> Path:
    folder = environments() / digest
    folder.mkdir(parents=True)
    if ready:
        (folder / "READY").write_text(
            f'{{"python": "{sys.executable}", "python_version": "3", "packages": {{}}, "size": 7, "name": "n"}}'
        )
        os.utime(folder / "READY", (used, used))
    return folder


def test_a_build_is_removed_by_the_start_of_its_digest():
    one, other = _fake_build("a" * 32), _fake_build("ab" * 16)

    with pytest.raises(
        EnvironmentNotFoundError, match=r"Several built environments begin with 'a'"
    ):
        remove("a")
    for wrong in ("c", "", "..", "*"):
        with pytest.raises(EnvironmentNotFoundError, match=r"No built environment begins with"):
            remove(wrong)
    assert remove("aa").digest == one.name
    assert not one.exists()
    assert other.exists()


def test_what_is_used_is_not_removed():
    folder = _fake_build("a" * 32)

    with using(folder.name):
        with pytest.raises(
            EnvironmentInUseError, match=r"builds or uses the environment aaaaaaaaaaaa"
        ):
            remove(folder.name)
        assert prune() == []
    assert remove(folder.name).digest == folder.name


def test_prune_removes_old_builds_and_rests_of_dead_ones():
    old, new = _fake_build("a" * 32), _fake_build("b" * 32, used=time.time())
    rest = _fake_build("c" * 32, ready=False)

    assert {one.digest for one in prune()} == {old.name, rest.name}
    assert [one.digest for one in builds()] == [new.name]


def test_a_build_whose_interpreter_is_gone_is_not_ready():
    folder = _fake_build("a" * 32)
    assert builds()[0].state == "Ready"
    text = (folder / "READY").read_text().replace(sys.executable, "/none/python")
    (folder / "READY").write_text(text)

    assert builds()[0].state == "Unfinished"


@pytest.mark.parametrize(
    "ready",
    [
        "", "[]", "{", '"x"',
        f'{{"python": "{sys.executable}"}}',
        f'{{"python": "{sys.executable}", "python_version": "3", "packages": 7, "size": 7}}',
        f'{{"python": "{sys.executable}", "python_version": "3", "packages": {{}}, "size": "x"}}',
        f'{{"python": "{sys.executable}", "python_version": "3", "packages": {{}}, "size": 1, "resolution": 7}}',
    ],
)  # fmt: skip
def test_a_damaged_build_is_unfinished_and_hides_no_other(ready):
    asked = definition("six")
    planned = environment_build.plan(asked)
    whole, damaged = _fake_build("a" * 32), _fake_build(planned.digest)
    (damaged / "READY").write_text(ready)

    assert {one.digest: one.state for one in builds()} == {
        whole.name: "Ready",
        damaged.name: "Unfinished",
    }
    assert find_built(asked) is None


def test_a_build_that_is_removed_while_builds_are_listed_is_left_out(monkeypatch):
    one, other = _fake_build("a" * 32), _fake_build("b" * 32)
    described = environment_build._described

    def gone_meanwhile(folder):
        if folder == one:
            (folder / "READY").unlink()
            folder.rmdir()
        return described(folder)

    monkeypatch.setattr(environment_build, "_described", gone_meanwhile)

    assert [build.digest for build in builds()] == [other.name]
