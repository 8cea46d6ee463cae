"""The result of a database query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError
from aml_magics.kinds._sql import name
from aml_magics.kinds.formats._base import Format, Reading
from aml_magics.kinds.formats._typed import typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.kinds.formats._base import Engine, InputFile


class SqlQuery(Format):
    """``query`` runs in the database when rows are read; ``timeout`` is in seconds until the first row."""

    options = {
        "query": (str,),
        "timeout": (int, float),
        "types": (dict,),
    }
    is_query = True

    def check(self, options: Mapping[str, Any]) -> None:
        """Also requires a query and a positive timeout."""
        super().check(options)
        if not options.get("query", "").strip():
            raise InvalidDatasetError(
                "A dataset of a query has a query, such as 'SELECT * FROM sales'."
            )
        if options.get("timeout", 1) <= 0:
            raise InvalidDatasetError(
                f"The timeout of a query is seconds above 0, not {options['timeout']!r}."
            )

    def reading(
        self, files: Sequence[InputFile], options: Mapping[str, Any], engine: Engine
    ) -> Reading:
        """Columns have the types of the database."""
        source = name(engine.source)
        columns = [(column, name(column), type_) for column, type_ in engine.columns(source)]
        return typed(source, columns, files, options)
