"""The metrics, parameters, tags and properties that runs have, and their types.

A filter or an order by an unknown name would silently find nothing, or order nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa

from aml_magics.errors import InvalidFilterError, did_you_mean
from aml_magics.records.expression import Expression, Operation, Value
from aml_magics.records.status import TERMINAL
from aml_magics.services.filter.runs import (
    GROUPS,
    Field,
    field_of,
    kept_row,
    parse_order,
    read_run_filter,
    type_of,
)
from aml_magics.store.catalogue.schema import experiment, field, metric, run
from aml_magics.store.store import retried
from aml_magics.store.tables.field import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aml_magics.services.filter.runs import Condition, ValueType
    from aml_magics.store.store import Store

_LISTED: Final = 8
_GROUP_OF: Final = {KINDS.index(kind): group for group, kind in GROUPS.items() if kind}
_TYPES: Final[dict[ValueType, Callable[[Any, Any], Condition]]] = {
    # the catalogue stores only the text of non-finite numbers
    "number": lambda number, text: number.is_not(None) | text.in_(("NaN", "Infinity", "-Infinity")),
    "text": lambda _, text: text.startswith('"'),
    "truth value": lambda _, text: text.in_(("true", "false")),
}


class _Comparison(NamedTuple):
    """A comparison that needs its field; ``needs`` is the type that the field's value must have, if any."""

    of: Field
    text: str
    needs: ValueType | None = None


def field_names(
    store: Store, connection: sa.Connection, conditions: Sequence[Condition] = ()
) -> list[Field]:
    """The metrics, parameters, tags and properties of the runs that meet all conditions, in alphabetical order."""
    metrics = sa.select(metric.c.name).distinct()
    fields = sa.select(field.c.kind, field.c.name).distinct()
    if conditions:
        metrics = _of_runs(metrics, metric.c.run, conditions)
        fields = _of_runs(fields, field.c.run, conditions)
    found = [("metrics", key) for key in connection.scalars(metrics)]
    found += [(_GROUP_OF[kind], key) for kind, key in connection.execute(fields)]
    texts = store.names.texts(connection, {key for _, key in found})
    return sorted((Field(group, texts[key]) for group, key in found if key in texts), key=str)


@retried
def refuse_unknown(
    store: Store, conditions: Sequence[Condition], *, filter: str = "", sort: str = ""
) -> None:
    """Refuse a filter that no run can meet, and an order by an unknown field.

    Nothing is refused while none of the runs has ended: they may still log it.

    Args:
        conditions: which runs are searched, apart from the filter.

    Raises:
        InvalidFilterError: no searched run has a name, or a comparable value for it; or the filter or the
            order cannot be read.
    """
    named = list(_comparisons(read_run_filter(filter))) if filter.strip() else []
    if sort.strip():
        named.append(_Comparison(parse_order(sort)[0], sort.strip()))
    named = [one for one in dict.fromkeys(named) if one.of.group]
    if not named:
        return
    with store.catalogue.read() as connection:
        for one in named:
            if connection.scalar(_sample(one.of, conditions, one.needs)) is None:
                _refuse(store, connection, one, conditions)


def _comparisons(part: Expression, *, is_negated: bool = False) -> Iterator[_Comparison]:
    if not isinstance(part, Operation):
        return
    if part.op in ("and", "or", "not"):
        for one in part.args:
            yield from _comparisons(one, is_negated=is_negated is not (part.op == "not"))
    elif part.op != "is_null" or is_negated:
        of = field_of(part)
        types = {type_of(one) for one in part.args[1:] if isinstance(one, Value)}
        is_any = of.is_text or part.op == "like" or len(types) != 1
        yield _Comparison(of, part.text, None if is_any else types.pop())


def _refuse(
    store: Store, connection: sa.Connection, one: _Comparison, conditions: Sequence[Condition]
) -> None:
    ended = sa.select(run.c.key).where(run.c.status.in_([str(status) for status in TERMINAL]))
    ended = ended.join(experiment, experiment.c.key == run.c.experiment).where(*conditions)
    if connection.scalar(ended.limit(1)) is None:
        return
    sample = connection.scalar(_sample(one.of, conditions, None))
    if sample is not None:
        raise InvalidFilterError(
            f"No run meets {one.text!r:.200}: a {one.needs} is asked for, and {one.of} has values "
            f"such as {sample:.60}; compare it with one like that."
        )
    known = field_names(store, connection, conditions)
    same = [other for other in known if other.group == one.of.group]
    wanted = one.of.name.casefold()
    namesakes = [other for other in same + known if other.name.casefold() == wanted]
    near = (
        f" Did you mean '{namesakes[0]}'?"
        if namesakes
        else did_you_mean(one.of.name, [other.name for other in same])
    )
    listed = ", ".join(map(str, same[:_LISTED])) or f"no {one.of.group} at all"
    more = f" and {len(same) - _LISTED} more" if len(same) > _LISTED else ""
    raise InvalidFilterError(
        f"None of the runs that are searched has {one.of}.{near} They have {listed}{more}."
    )


def _sample(of: Field, conditions: Sequence[Condition], needs: ValueType | None) -> sa.Select[Any]:
    """A value of the field, as text, from any of the runs."""
    query, number, text = kept_row(of)
    query = query.with_only_columns(sa.func.coalesce(text, sa.cast(number, sa.Text), ""))
    if needs is not None:
        query = query.where(_TYPES[needs](number, text))
    return query.where(experiment.c.key == run.c.experiment, *conditions).limit(1)


def _of_runs(
    query: sa.Select[Any], key: sa.ColumnElement[int], conditions: Sequence[Condition]
) -> sa.Select[Any]:
    query = query.join(run, run.c.key == key)
    return query.join(experiment, experiment.c.key == run.c.experiment).where(*conditions)
