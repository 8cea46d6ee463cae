"""Create a ``Dataflow``: ``azureml.dataprep.read_csv`` and its like.

A ``path`` is a local path, a URL, ``(datastore, "folder/*.csv")`` or a list of these, as of a dataset.
"""

from __future__ import annotations

from aml_magics.sdk.data.dataset.expression import DatasetExpression
from aml_magics.sdk.data.dataset.factory import TabularDatasetFactory
from aml_magics.sdk.data.dataset.file_factory import FileDatasetFactory
from aml_magics.sdk.dataprep.dataflow import Dataflow
from aml_magics.sdk.dataprep.option import (
    FileEncoding,
    InvalidLineHandling,
    PromoteHeadersMode,
    word_of,
)
from aml_magics.services.data.guess import guess


def auto_read_file(path: object, include_path: bool = False) -> Dataflow:
    """Rows of files whose format, encoding, separator and header are detected from the first file.

    Args:
        path: files of one format.
        include_path: whether a column ``Path`` names the file of each row.

    Raises:
        DataNotFoundError: no file matches.
        InvalidDataError: the file is empty, or not readable as a table.
    """
    files = FileDatasetFactory.from_files(path, validate=False)
    found = guess(files._files()[0])
    make = TabularDatasetFactory
    if found.format == "parquet":
        return read_parquet_file(path, include_path=include_path)
    encoding = found.options["encoding"]
    if found.format == "json_lines":
        dataset = make.from_json_lines_files(
            path, validate=False, include_path=include_path, encoding=encoding
        )
        return Dataflow._of(dataset)
    dataset = make.from_delimited_files(
        path,
        validate=False,
        include_path=include_path,
        separator=found.options["separator"],
        header=found.options["header"],
        support_multi_line=found.options["multi_line"],
        encoding=encoding,
    )
    return Dataflow._of(dataset)


def read_csv(
    path: object,
    separator: str = ",",
    header: PromoteHeadersMode = PromoteHeadersMode.CONSTANTGROUPED,
    encoding: FileEncoding = FileEncoding.UTF8,
    quoting: bool = False,
    skip_rows: int = 0,
    include_path: bool = False,
    infer_column_types: bool = False,
    verify_exists: bool = True,
    partition_format: str | None = None,
) -> Dataflow:
    """Rows of delimited text; all columns are text unless ``infer_column_types``.

    Args:
        separator: between values.
        header: which files start with the names of the columns.
        quoting: whether quoted values may have line breaks; reading is slower then.
        skip_rows: how many rows to leave out, after the header.
        include_path: whether a column ``Path`` names the file of each row.
        infer_column_types: whether types are guessed.
        verify_exists: whether to look up the files, and read the first row, now.
        partition_format: how paths become columns, such as ``"{year:yyyy}/{name}.csv"``.

    Raises:
        InvalidDatasetError: an argument is malformed.
        DataNotFoundError: no file matches.
    """
    dataset = TabularDatasetFactory.from_delimited_files(
        path,
        validate=verify_exists,
        include_path=include_path,
        infer_column_types=infer_column_types,
        separator=separator,
        header=word_of(header),
        partition_format=partition_format,
        support_multi_line=quoting,
        encoding=word_of(encoding),
    )
    return Dataflow._of(dataset.skip(skip_rows) if skip_rows else dataset)


def read_parquet_file(
    path: object, include_path: bool = False, verify_exists: bool = True
) -> Dataflow:
    """Rows of Parquet files; the arguments are those of :func:`read_csv`.

    Raises:
        DataNotFoundError: no file matches.
        InvalidDataError: a file is not Parquet.
    """
    dataset = TabularDatasetFactory.from_parquet_files(
        path, validate=verify_exists, include_path=include_path
    )
    return Dataflow._of(dataset)


def read_json_lines(
    path: object,
    invalid_lines: InvalidLineHandling = InvalidLineHandling.ERROR,
    encoding: FileEncoding = FileEncoding.UTF8,
    include_path: bool = False,
    verify_exists: bool = True,
    partition_format: str | None = None,
) -> Dataflow:
    """Rows of files with a JSON object in each line; other arguments are those of :func:`read_csv`.

    Args:
        invalid_lines: the handling of a line that is not JSON.

    Raises:
        DataNotFoundError: no file matches.
        InvalidDataError: a line is not JSON.
    """
    dataset = TabularDatasetFactory.from_json_lines_files(
        path,
        validate=verify_exists,
        include_path=include_path,
        partition_format=partition_format,
        invalid_lines=word_of(invalid_lines),
        encoding=word_of(encoding),
    )
    return Dataflow._of(dataset)


def col(name: str) -> DatasetExpression:
    """A column, for a condition: ``dflow.filter(col("age") > 40)``.

    Raises:
        InvalidDatasetError: the name is not text.
    """
    return DatasetExpression.column(name)


def f_and(*conditions: DatasetExpression) -> DatasetExpression:
    """The condition that all of some conditions are met."""
    first, *others = conditions
    for other in others:
        first = first & other
    return first


def f_or(*conditions: DatasetExpression) -> DatasetExpression:
    """The condition that any of some conditions is met."""
    first, *others = conditions
    for other in others:
        first = first | other
    return first


def f_not(condition: DatasetExpression) -> DatasetExpression:
    """The condition that another is not met."""
    return ~condition
