"""Datasets as frames of Spark, and the other way; pyspark is asked for when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics._optional import optional_module
from aml_magics.errors import InvalidDatasetError
from aml_magics.sdk.data.table.frame_registration import FrameTarget, register_written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aml_magics.sdk.data.table.tabular_dataset import TabularDataset


def check_spark() -> Any:  # noqa: ANN401 -- pyspark need not be installed
    """The module ``pyspark.sql``.

    Raises:
        DependencyError: pyspark is not installed.
    """
    return optional_module(
        "pyspark.sql",
        "to_spark_dataframe",
        "to_dask_dataframe and to_pandas_dataframe work without it.",
    )


def spark_frame(paths: Sequence[str]) -> Any:  # noqa: ANN401 -- as above
    """A Spark frame over Parquet files of this machine.

    Raises:
        DependencyError: pyspark is not installed.
    """
    return check_spark().SparkSession.builder.getOrCreate().read.parquet(*paths)


def register_spark(frame: Any, wanted: FrameTarget) -> TabularDataset:  # noqa: ANN401 -- as above
    """Have Spark write a frame, and register what it wrote.

    Raises:
        InvalidDatasetError: no frame, or a target that is none.
    """
    if not hasattr(frame, "write") or not hasattr(frame.write, "parquet"):
        raise InvalidDatasetError(
            f"register_spark_dataframe takes a pyspark.sql.DataFrame, not {type(frame).__name__}."
        )

    def write(folder: Path) -> None:
        frame.write.mode("overwrite").parquet(str(folder))

    return register_written(write, wanted, "register_spark_dataframe")
