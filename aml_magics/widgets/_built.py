"""The built front end of the panels: the code of each screen, and the style sheet of all."""

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
    sheets = (STATIC / "screens.css", STATIC / f"{kind}.css")  # a screen may have one of its own
    style = "".join(sheet.read_text("utf-8") for sheet in sheets if sheet.is_file())
    return (STATIC / f"{kind}.js").read_text("utf-8"), style
