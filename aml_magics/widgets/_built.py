"""The built front end of the panels: the code and the style sheet of each screen."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aml_magics.errors import DependencyError, UsageError, did_you_mean

STATIC: Final = Path(__file__).parent / "static"


def code_of(kind: str) -> tuple[str, str]:
    """The module and the style sheet of a screen.

    Args:
        kind: of the screen, such as ``run``.

    Raises:
        UsageError: there is no such screen.
        DependencyError: the front end was not built.
    """
    known = sorted(path.stem for path in STATIC.glob("*.js"))
    if not known:
        raise DependencyError(
            f"Live panels need the built front end, and {STATIC} holds none; install aml-magics again, "
            "or in a checkout run `make front`. `%aml run` and `%aml runs` show the same without it."
        )
    if kind not in known:
        raise UsageError(
            f"There is no screen {kind!r:.60}.{did_you_mean(kind, known)} It is one of {', '.join(known)}."
        )
    script, style = (STATIC / f"{kind}.{suffix}" for suffix in ("js", "css"))
    return script.read_text("utf-8"), style.read_text("utf-8")
