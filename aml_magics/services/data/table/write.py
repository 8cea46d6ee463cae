"""Rows written as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import DataAccessError
from aml_magics.kinds._sql import Sql, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aml_magics.kinds._rows import Rows
    from aml_magics.services.data.table.session import TableSession


def written(
    session: TableSession,
    rows: Rows,
    folder: Path,
    format: str,
    separator: str,
    partition_by: Sequence[str],
) -> list[Path]:
    """Write rows into a folder; the arguments are those of ``Table.write``.

    Raises:
        ColumnNotFoundError: there is no column to part by.
        DataAccessError: the folder cannot be written.
    """
    for column in partition_by:
        rows.column(column)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataAccessError(
            f"The folder {str(folder)!r:.300} cannot be made: {error.strerror}."
        ) from error
    options = (
        ["FORMAT parquet"]
        if format == "parquet"
        else [f"FORMAT csv, HEADER, DELIMITER {literal(separator)}"]
    )
    target = folder
    if partition_by:
        listed = ", ".join(quoted(column) for column in partition_by)
        options.append(
            f"PARTITION_BY ({listed}), FILENAME_PATTERN 'part_{{i}}', OVERWRITE_OR_IGNORE"
        )
    else:
        target = folder / f"part_00000.{format}"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    head, tail = "COPY (", f") TO {literal(str(target))} ({', '.join(options)})"
    parts = rows.sql.parts
    first, last = (head + parts[0], parts[-1] + tail)
    whole = (first, *parts[1:-1], last) if len(parts) > 1 else (head + parts[0] + tail,)
    session.execute(Sql(whole, rows.sql.parameters))
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if before.get(path) != path.stat().st_mtime_ns]
