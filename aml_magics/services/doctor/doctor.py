"""Diagnoses an installation or a workspace, without changing either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics._registry import Registry
from aml_magics.errors import AmlError
from aml_magics.services.doctor.checks._base import Check, Finding, Level, fail, warn

if TYPE_CHECKING:
    from pathlib import Path

# The registry does not instantiate the base, so it may be abstract.
CHECKS: Final = Registry("aml_magics.services.doctor.checks", Check, "check")  # type: ignore[type-abstract]


def examine(folder: Path) -> dict[str, list[Finding]]:
    """The findings of all checks by the check's name; the workspace's folder need not exist."""
    checks = {name: CHECKS.load(name)() for name in CHECKS.names()}
    report = {
        name: _findings(check, folder) for name, check in checks.items() if not check.reads_runs
    }
    opens = all(finding.level is not Level.FAIL for finding in report["catalogue"])
    for name, check in checks.items():
        if check.reads_runs:
            report[name] = _findings(check, folder) if opens else [_SKIPPED]
    return dict(sorted(report.items()))


_SKIPPED: Final = warn(
    "not checked, because the catalogue cannot be read", "mend the catalogue first"
)


def _findings(check: Check, folder: Path) -> list[Finding]:
    try:
        return list(check.findings(folder))
    except (AmlError, OSError) as error:
        return [fail(str(error))]
    except Exception as error:  # noqa: BLE001 -- an error in a check is a finding, and the others follow
        return [
            fail(f"the check itself failed: {type(error).__name__}: {error}", "please report this")
        ]
