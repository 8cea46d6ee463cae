"""Artifacts, by the address under which a metric refers to one."""

from __future__ import annotations

import re
from typing import Final

_ADDRESS: Final = re.compile(r"aml://artifactId/ExperimentRun/dcid\.[^/]+/")


def artifact_name(value: str) -> str:
    """The name of the file that a metric's ``aml://`` address, or bare name, stands for."""
    return _ADDRESS.sub("", value, count=1) if _ADDRESS.match(value) else value
