"""Words that are looked for in all that a run is called, as SQL conditions of the catalogue."""

from __future__ import annotations

import re
from typing import Final

import sqlalchemy as sa

from aml_magics.errors import InvalidFilterError
from aml_magics.records.value import plain_text
from aml_magics.services.filter.like import has_word
from aml_magics.store.catalogue.schema import experiment, field, name, run
from aml_magics.store.tables.field import KINDS

MOST: Final = 20
_KINDS: Final = [KINDS.index("param"), KINDS.index("tag")]


def parse_words(text: str) -> list[sa.ColumnElement[bool]]:
    """The conditions of some words, in any letter case: each is in a run's name, id, number, experiment, status, parameters or tags.

    ``#12`` is the start of a number. Raises InvalidFilterError for too many words.
    """
    words = plain_text(text).split()
    if len(words) > MOST:
        raise InvalidFilterError(
            f"A search has at most {MOST} words, and this one {len(words)}; leave some out."
        )
    return [_condition(word) for word in words]


def _condition(word: str) -> sa.ColumnElement[bool]:
    number = re.fullmatch(r"#(\d+)", word)
    columns = (run.c.name, run.c.id, run.c.status, experiment.c.name)
    found = [has_word(column, word) for column in columns]
    if number:
        found.append(sa.cast(run.c.number, sa.Text).startswith(number[1]))
    names = sa.select(name.c.key).where(has_word(name.c.text, word))
    fields = (
        sa.select(field.c.run)
        .where(field.c.run == run.c.key, field.c.kind.in_(_KINDS))
        .where(field.c.name.in_(names) | has_word(field.c.text, word))
        .correlate(run)
    )
    return sa.or_(*found, fields.exists())
