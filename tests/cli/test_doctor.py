from __future__ import annotations

import json

import pytest

from aml_magics.services.doctor.doctor import CHECKS
from aml_magics.services.workspace.workspace import create, open_default
from aml_magics.store.home import home


@pytest.fixture(autouse=True)
def _private_home():
    home().mkdir(mode=0o700)
    (home() / "workspaces").mkdir(mode=0o700)


def test_a_sound_workspace_passes(shell):
    open_default()

    result = shell("doctor")

    assert (result.returncode, result.stderr) == (0, "")
    assert "fail" not in [line.split()[0] for line in result.stdout.splitlines()]
    for name in CHECKS.names():
        assert f"  {name} " in result.stdout


def test_the_doctor_makes_no_workspace(shell):
    result = shell("doctor")

    assert result.returncode == 0
    assert "the first use makes it" in result.stdout
    assert list((home() / "workspaces").iterdir()) == []


def test_a_damaged_catalogue_fails_with_a_remedy_and_is_left_as_it_is(shell):
    store = create("team")
    store.catalogue.close()
    for path in store.folder.glob("catalogue.db*"):
        path.write_bytes(b"no database" * 1000)

    result = shell("doctor", "--workspace", "team", "--json")

    assert result.returncode == 1
    found = {one["check"]: one for one in json.loads(result.stdout)}
    assert found["catalogue"]["level"] == "fail"
    assert "not a database" in found["catalogue"]["text"]
    assert found["journal"]["level"] == "warn"
    assert (store.folder / "catalogue.db").read_bytes().startswith(b"no database")


def test_the_remedy_stands_below_its_line(shell):
    open_default()[0].folder.chmod(0o755)

    lines = shell("doctor").stdout.splitlines()

    place = next(place for place, line in enumerate(lines) if line.startswith("warn  home"))
    assert lines[place + 1].strip().startswith("chmod 700 ")
