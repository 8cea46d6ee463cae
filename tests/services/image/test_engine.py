"""Images are built by whatever engine works."""

from __future__ import annotations

import pytest

from aml_magics.errors import ContainerEngineError, InvalidNameError
from aml_magics.services.image import engine


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Puts scripts on an otherwise empty PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def put(name, script):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)

    return put


def test_first_engine_that_works_is_found(programs):
    programs("docker", "echo no daemon >&2; exit 1")
    programs("podman", "exit 0")

    assert engine.find().name == "podman"


def test_where_none_works_each_says_why(programs):
    programs("docker", "echo no daemon >&2; exit 1")

    with pytest.raises(ContainerEngineError) as refused:
        engine.find()
    said = str(refused.value)
    assert "docker does not work (no daemon); podman is not installed" in said
    assert "package.save(folder)" in said


def test_build_says_its_lines_and_why_it_failed(programs, tmp_path):
    programs("docker", 'echo "building $3"; test "$3" = "good:1"')
    found, said = engine.Engine("docker", str(tmp_path / "docker")), []

    engine.build(found, tmp_path, "good:1", said.append)
    assert said == ["building good:1"]
    with pytest.raises(ContainerEngineError, match=r"exit code 1.*building bad:1"):
        engine.build(found, tmp_path, "bad:1", said.append)
    with pytest.raises(InvalidNameError):
        engine.build(found, tmp_path, "--privileged", said.append)
