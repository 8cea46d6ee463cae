"""Regular expressions of users, without those that could take forever."""

from __future__ import annotations

import re
from typing import Final

from aml_magics.errors import UsageError

LONGEST: Final = 300
MOST_REPETITIONS: Final = 3
_TOKEN: Final = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<open>\()|(?P<close>\))|(?P<or>\|)"
    r"|(?P<repeat>[*+]|\{\d*,\d*\})|(?P<some>\{\d+\})|.",
    re.DOTALL,
)


def expression(text: str) -> re.Pattern[str]:
    """The pattern of a user, in upper or lower case.

    Python holds all of a process while it matches one text. So a pattern whose time grows
    exponentially is refused: a repetition of what repeats or has alternatives.

    Raises:
        UsageError: it cannot be read, or could take forever.
    """
    if len(text) > LONGEST:
        raise UsageError(f"An expression has at most {LONGEST} characters, not {len(text):,}.")
    try:
        pattern = re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise UsageError(f"The expression {text!r:.60} cannot be read: {error}.") from None
    if _is_slow(text):
        raise UsageError(
            f"The expression {text!r:.60} could take forever: it repeats what repeats or has alternatives, "
            f"or repeats more than {MOST_REPETITIONS} times. Search for words instead."
        )
    return pattern


def _is_slow(text: str) -> bool:
    groups = [False]  # whether what is open repeats, or has alternatives
    closed = False  # the same of the group that ended just before
    repetitions = 0
    for token in _TOKEN.finditer(text):
        is_repeat = token["repeat"] is not None
        if closed and (is_repeat or token["some"]):
            return True
        closed = False
        if token["open"]:
            groups.append(False)
        elif token["close"] and len(groups) > 1:
            closed = groups.pop()
            groups[-1] = groups[-1] or closed
        elif is_repeat or token["or"]:
            groups[-1] = True
            repetitions += is_repeat
    return repetitions > MOST_REPETITIONS
