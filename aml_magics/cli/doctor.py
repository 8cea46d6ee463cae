"""``aml-magics doctor``: check what works here, and say how to fix the rest."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from aml_magics.cli._base import ShellCommand
from aml_magics.cli._workspace import folder_of
from aml_magics.services.doctor.checks._base import Level
from aml_magics.services.doctor.doctor import examine

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from aml_magics.commands._parser import Parser
    from aml_magics.services.doctor.checks._base import Finding


class DoctorCommand(ShellCommand):
    """Checks the installation and the workspace, without changing either."""

    summary = "Check the installation and the workspace, and tell how to mend them."
    details = "Each line is ok, warn or fail; the exit code is 1 where any line is fail."

    def arguments(self, parser: Parser) -> None:
        """Declare the format of the report."""
        parser.add_argument("--json", action="store_true", help="print a list for programs")

    def execute(self, options: Namespace) -> int:
        """Print the findings; return 1 if any is a failure."""
        report = examine(folder_of(options.workspace))
        found = [(name, finding) for name, findings in report.items() for finding in findings]
        print(_as_json(found) if options.json else _as_text(found))
        return int(any(finding.level is Level.FAIL for _, finding in found))


def _as_json(found: Iterable[tuple[str, Finding]]) -> str:
    return json.dumps([{"check": name, **asdict(finding)} for name, finding in found], indent=2)


def _as_text(found: Iterable[tuple[str, Finding]]) -> str:
    lines = []
    for name, finding in found:
        lines.append(f"{finding.level:4}  {name:10}  {finding.text}")
        if finding.remedy:
            lines.append(f"{'':18}{finding.remedy}")
    return "\n".join(lines)
