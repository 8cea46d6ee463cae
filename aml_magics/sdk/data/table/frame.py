"""Datasets as Dask and Spark frames; both packages are optional."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics._optional import optional_module

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd


PARTITION_BYTES: Final = 128 << 20


def dask_frame(
    paths: Sequence[str],
    types: Mapping[str, object] | None = None,
    most_bytes: int = PARTITION_BYTES,
) -> Any:  # noqa: ANN401 -- dask need not be installed
    """A Dask frame over local Parquet files; its types are those of ``to_pandas_dataframe``.

    Args:
        types: types of columns for Dask, by name.
        most_bytes: row groups are read together up to this size.

    Raises:
        DependencyError: dask is not installed.
    """
    frames = optional_module(
        "dask.dataframe", "to_dask_dataframe", "to_pandas_dataframe works without it."
    )
    import pyarrow.parquet as pq

    parts = [part for path in paths for part in _parts(path, most_bytes)]
    empty = pq.read_schema(paths[0]).empty_table().to_pandas()
    frame = frames.from_map(_read, parts, meta=empty)
    return frame.astype(dict(types)) if types else frame


def _parts(path: str, most_bytes: int) -> Iterator[tuple[str, list[int]]]:
    """Row groups that are read together: at least one part per file."""
    import pyarrow.parquet as pq

    about = pq.read_metadata(path)
    groups: list[int] = []
    size = 0
    for number in range(about.num_row_groups):
        more = about.row_group(number).total_byte_size
        if groups and size + more > most_bytes:
            yield path, groups
            groups, size = [], 0
        groups.append(number)
        size += more
    yield path, groups


def _read(part: tuple[str, list[int]]) -> pd.DataFrame:
    import pyarrow.parquet as pq

    path, groups = part
    with pq.ParquetFile(path) as file:
        frame: pd.DataFrame = file.read_row_groups(groups).to_pandas()
    return frame


def check_spark() -> Any:  # noqa: ANN401 -- pyspark need not be installed
    """Import ``pyspark.sql``.

    Raises:
        DependencyError: pyspark is not installed.
    """
    return optional_module(
        "pyspark.sql",
        "to_spark_dataframe",
        "to_dask_dataframe and to_pandas_dataframe work without it.",
    )


def spark_frame(paths: Sequence[str]) -> Any:  # noqa: ANN401 -- as above
    """A Spark frame over local Parquet files."""
    return check_spark().SparkSession.builder.getOrCreate().read.parquet(*paths)
