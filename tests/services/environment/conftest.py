"""Definitions of environments, and a uv that does what a test says."""

from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import pytest

from aml_magics.services.environment.uv import uv_program

if TYPE_CHECKING:
    from pathlib import Path

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def definition(*pip: str, python: str = HERE, name: str = "small", **more: object) -> dict:
    dependencies = [f"python={python}", {"pip": ["azureml-defaults", *pip]}]
    return {"name": name, "python": {"condaDependencies": {"dependencies": dependencies}}, **more}


@pytest.fixture
def fake_uv(tmp_path, monkeypatch):
    """Put a shell script in the place of uv; `$UV` in it is the real one."""

    def put(script: str) -> Path:
        path = tmp_path / "uv"
        path.write_text(f"#!/bin/sh\nUV={uv_program()}\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr("aml_magics.services.environment.uv.uv_program", lambda: str(path))
        return path

    return put
