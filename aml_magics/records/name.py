"""The rules for user-given names."""

from __future__ import annotations

from typing import Final, NamedTuple

from aml_magics.errors import InvalidNameError


class Rule(NamedTuple):
    """The rule for one kind of name: printable text of at most ``longest`` characters."""

    kind: str
    longest: int

    @property
    def a_kind(self) -> str:
        """The kind with its article."""
        return f"an {self.kind}" if self.kind[0] in "aeiou" else f"a {self.kind}"


EXPERIMENT = Rule("experiment", 255)
WORKSPACE = Rule("workspace", 100)
RUN = Rule("run", 255)
RUN_ID = Rule("run id", 255)
METRIC = Rule("metric", 255)
TAG = Rule("tag", 255)
PARAMETER = Rule("parameter", 255)
PROPERTY = Rule("property", 255)
ENVIRONMENT = Rule("environment", 255)
MODEL = Rule("model", 255)
IMAGE = Rule("image", 255)
SERVICE = Rule("service", 32)
COMPUTE = Rule("compute target", 100)
DATASTORE = Rule("datastore", 255)
DATASET = Rule("dataset", 255)
SECRET = Rule("secret", 127)
SAVED_VIEW = Rule("saved view", 100)
PIPELINE = Rule("pipeline", 255)
ENDPOINT = Rule("endpoint", 255)
SCHEDULE = Rule("schedule", 255)
MODULE = Rule("module", 255)
MODULE_VERSION = Rule("version of a module", 100)

_JOINERS: Final = {0x200C: None, 0x200D: None}
"""What joins letters of Persian and of India, and the parts of an emoji; it hides nothing."""


def check_name(name: object, rule: Rule) -> str:
    """Return the name, stripped, if it follows the rule.

    Markup such as ``<b>`` is text like any other and is allowed; all output escapes it.

    Raises:
        InvalidNameError: not text, empty, too long, or with control characters.
    """
    if not isinstance(name, str):
        raise InvalidNameError(
            f"The name of {rule.a_kind} is text, not {type(name).__name__} ({name!r:.60})."
        )
    clean = name.strip()
    visible = clean.translate(_JOINERS)
    if not visible:
        raise InvalidNameError(
            f"The name of {rule.a_kind} is empty; give it 1 to {rule.longest} characters."
        )
    if len(clean) > rule.longest:
        raise InvalidNameError(
            f"The name of {rule.a_kind} has {len(clean):,} characters ({clean[:20]}...); at most {rule.longest} are kept: shorten it."
        )
    if not visible.isprintable():
        raise InvalidNameError(
            f"The name of {rule.a_kind} has a line break or control character ({clean[:60]!r}); use printable text."
        )
    return clean


def check_folder_name(name: object, rule: Rule) -> str:
    """Like :func:`check_name`, for names that also name a folder.

    Raises:
        InvalidNameError: also where the name has a path separator or starts with a dot.
    """
    clean = check_name(name, rule)
    if clean.startswith((".", "-")) or any(mark in clean for mark in '/\\:*?"<>|'):
        raise InvalidNameError(
            f"The name of {rule.a_kind} also names a folder, so {clean[:60]!r} cannot be used: leave out "
            '/ \\ : * ? " < > | and a leading dot or dash.'
        )
    return clean
