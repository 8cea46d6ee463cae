"""``ModelDataCollector``: a scoring script keeps what its model was given and what it answered.

Imported by scoring scripts, so by nothing but the standard library.
"""

from __future__ import annotations

import csv
import os
import re
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from aml_magics.errors import InvalidArgumentError, InvalidDataError, InvalidNameError, described

if TYPE_CHECKING:
    from collections.abc import Iterable

CORRELATION: Final = "$aml_dc_correlation_id"
TIMESTAMP: Final = "$aml_dc_scoring_timestamp"
ADDED: Final = (
    CORRELATION,
    TIMESTAMP,
    "$aml_dc_boundary",
    "$aml_workspace",
    "$aml_service_name",
    "$aml_model_name",
    "$aml_model_version",
    "$aml_request_id",
)
"""The columns that Azure adds to a row."""

DEFAULT: Final = "default"
NAMED_AFTER: Final = frozenset({"inputs", "predictions", "labels"})
"""Designations whose files bear their names; those of others bear the name of the collection."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The request that is scored here."""

_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[\w. -]{0,253}[\w-])?", re.ASCII)
_MATRIX: Final = 2


@dataclass(frozen=True, slots=True)
class CollectedRows:
    """The rows of one call; ``cells`` are the features, ``correlations`` the ids of the rows."""

    model: str
    version: str
    designation: str
    collection: str
    workspace: str
    service: str
    features: tuple[str, ...]
    cells: list[Sequence[Any]]
    correlations: list[str]
    time: float
    request: str

    def table(self) -> Iterable[list[Any]]:
        """The rows as they are written, with the columns of :data:`ADDED`."""
        when = datetime.fromtimestamp(self.time, UTC).isoformat().replace("+00:00", "Z")
        boundary = uuid.uuid4().hex
        origin = [self.workspace, self.service, self.model, self.version, self.request]
        for row, correlation in zip(self.cells, self.correlations, strict=True):
            yield [*row, correlation, when, boundary, *origin]


class Collection(Protocol):
    """Where a service keeps rows: what runs a scoring script gives one to :func:`collect_into`."""

    workspace: str
    service: str

    def version_of(self, model: str) -> str:
        """The version of a model that is deployed, ``default`` for another's."""

    def add(self, rows: CollectedRows) -> bool:
        """Take rows without waiting; False if they had to be dropped."""


_collection: Collection | None = None


def collect_into(collection: Collection | None) -> None:
    """Let the collectors of this process keep their rows; None ends that."""
    global _collection  # noqa: PLW0603 -- a process runs one scoring script
    _collection = collection


class ModelDataCollector:
    """Keeps rows of a model's inputs, predictions or labels for the datastore of the workspace.

    They become ``modeldata/{workspace}/{webservice_name}/{model_name}/{model_version}/{designation}/{year}/{month}/
    {day}/{collection_name}.csv`` where the service was deployed with ``collect_model_data=True``; else nothing is
    kept. With ``AML_MODEL_DC_DEBUG=true`` in the environment rows are printed instead.

    Args:
        model_name: the name of the model.
        designation: ``inputs``, ``predictions`` or ``labels``, which name the file; or ``signals``, ``general``.
        feature_names: the names of the columns; those of the data frame by default.
        workspace: ``subscription/group/workspace``; a service knows its own.
        webservice_name: a service knows its own.
        model_version: a service knows its own.
        collection_name: the name of the file of other designations.

    Raises:
        InvalidNameError: a name cannot be a folder's.
        InvalidArgumentError: ``feature_names`` is no list of texts.
    """

    def __init__(
        self,
        model_name: str,
        designation: str = DEFAULT,
        feature_names: Sequence[str] | None = None,
        workspace: str = "default/default/default",
        webservice_name: str = DEFAULT,
        model_version: str = DEFAULT,
        collection_name: str = DEFAULT,
    ) -> None:
        self.model_name = _checked("model_name", model_name)
        self.designation = _checked("designation", designation)
        self.feature_names = _feature_names(feature_names)
        self.workspace = workspace
        self.webservice_name = webservice_name
        self.model_version = _checked("model_version", str(model_version))
        named = designation if designation in NAMED_AFTER else collection_name
        self.collection_name = _checked("collection_name", named)
        self._complaints: set[str] = set()
        if _collection is None and not _is_printing():
            print(
                f"Model data of {model_name!r} ({designation}) is not collected: it is kept in a service that was "
                "deployed with collect_model_data=True."
            )

    def collect(self, input_data: Any, user_correlation_id: str = "") -> list[str]:  # noqa: ANN401 -- a frame, an array or a list
        """Keep rows; returns their correlation ids, for :meth:`add_correlations`.

        It does not wait for a disk: if rows come faster than they can be written, they are dropped, and the
        service's log says how many.

        Args:
            input_data: a data frame (pandas or Spark), an array or a list; a list of lists has a row each. What is
                no table, or has not as many columns as ``feature_names``, is not kept, and the log says why; it
                fails no request.
            user_correlation_id: an own identity of these rows.
        """
        if _collection is None and not _is_printing():
            return []
        try:
            names, values = _rows(input_data, self.feature_names)
        except InvalidDataError as error:  # the request is answered all the same
            self._complain(str(error))
            return []
        names, given = _taken_correlations(names, values)
        base = user_correlation_id or request_id.get() or str(uuid.uuid4())
        is_one = len(values) == 1
        correlations = given or [base if is_one else f"{base}_{n}" for n in range(len(values))]
        rows = self._collected(names, values, correlations)
        if _collection is not None:
            _collection.add(rows)
        if _is_printing():
            writer = csv.writer(sys.stdout)
            writer.writerow([*rows.features, *ADDED])
            writer.writerows(rows.table())
        return correlations

    def add_correlations(self, input_data: Any, correlations: Sequence[str]) -> Any:  # noqa: ANN401 -- as given
        """The data with a column of correlation ids, so that predictions can be joined to their inputs.

        Raises:
            InvalidDataError: there are not as many ids as rows.
        """
        if not correlations:  # nothing is collected
            return input_data
        names, values = _rows(input_data, self.feature_names)
        if len(values) != len(correlations):
            raise InvalidDataError(
                f"There are {len(correlations)} correlation ids for {len(values)} rows; give one for each row."
            )
        joined = [[*row, one] for row, one in zip(values, correlations, strict=True)]
        return _Correlated((*names, CORRELATION), joined)

    def _complain(self, why: str) -> None:
        if why not in self._complaints:
            self._complaints.add(why)
            print(
                f"{self.designation} of {self.model_name!r} were not collected: {why}",
                file=sys.stderr,
            )

    def _collected(
        self, names: tuple[str, ...], values: list[Sequence[Any]], correlations: list[str]
    ) -> CollectedRows:
        version, known = self.model_version, _collection
        if known is not None and version == DEFAULT:
            version = known.version_of(self.model_name)
        return CollectedRows(
            model=self.model_name,
            version=version,
            designation=self.designation,
            collection=self.collection_name,
            workspace=self.workspace if known is None else known.workspace,
            service=self.webservice_name if known is None else known.service,
            features=names,
            cells=values,
            correlations=correlations,
            time=time.time(),
            request=request_id.get(),
        )


class _Correlated(list[list[Any]]):
    """Rows whose last column are correlation ids."""

    def __init__(self, names: tuple[str, ...], rows: list[list[Any]]) -> None:
        super().__init__(rows)
        self.names = names


def _taken_correlations(
    names: tuple[str, ...], values: list[Sequence[Any]]
) -> tuple[tuple[str, ...], list[str]]:
    """The ids that the rows bring, taken out of them, and the names of the other columns."""
    if not names or names[-1] != CORRELATION:
        return names, []
    found = [str(row[-1]) for row in values]
    values[:] = [row[:-1] for row in values]
    return names[:-1], found


def _is_printing() -> bool:
    return os.environ.get("AML_MODEL_DC_DEBUG", "").lower() in {"true", "1"}


def _checked(field: str, name: object) -> str:
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    raise InvalidNameError(
        f"{field} is {name!r:.80}. It names a folder: use letters, digits, '_', '-', '.' and spaces, at most 255."
    )


def _feature_names(names: object) -> tuple[str, ...] | None:
    if names is None:
        return None
    if isinstance(names, str) or not isinstance(names, Sequence):
        raise InvalidArgumentError(f"feature_names is a list of names, not {described(names)}.")
    return tuple(str(name) for name in names)


def _rows(
    data: Any,  # noqa: ANN401 -- a frame, an array or a list
    names: tuple[str, ...] | None,
) -> tuple[tuple[str, ...], list[Sequence[Any]]]:
    """The names of the columns and the rows, copied: the script may go on to change the data."""
    if isinstance(data, _Correlated):
        return _named(data.names, [list(row) for row in data], None)
    if hasattr(data, "toPandas"):  # a data frame of Spark
        data = data.toPandas()
    if hasattr(data, "columns") and hasattr(data, "itertuples"):  # of pandas
        found = tuple(map(str, data.columns))
        return _named(found, list(data.itertuples(index=False, name=None)), names)
    if hasattr(data, "to_frame"):  # a series of pandas
        data = data.tolist()
    return _plain_rows(data.tolist() if hasattr(data, "tolist") else data, names)


def _plain_rows(
    data: object, names: tuple[str, ...] | None
) -> tuple[tuple[str, ...], list[Sequence[Any]]]:
    if isinstance(data, Mapping):
        return _named(tuple(map(str, data)), [list(data.values())], names)
    if isinstance(data, str) or not isinstance(data, Sequence):
        return _named(None, [[data]], names)
    if data and isinstance(data[0], Mapping):
        keys = list(data[0])
        return _named(
            tuple(map(str, keys)), [[row.get(key) for key in keys] for row in data], names
        )
    if data and all(isinstance(row, Sequence) and not isinstance(row, str) for row in data):
        return _named(None, [list(row) for row in data], names)
    is_column = names is not None and len(names) == 1
    return _named(None, [[one] for one in data] if is_column else [list(data)], names)


def _named(
    found: tuple[str, ...] | None, values: list[Sequence[Any]], asked: tuple[str, ...] | None
) -> tuple[tuple[str, ...], list[Sequence[Any]]]:
    width = len(values[0]) if values else len(asked or found or ())
    if any(len(row) != width for row in values):
        raise InvalidDataError(
            "The rows to collect are not equally long; give each the same columns."
        )
    if any(isinstance(one, list) for row in values for one in row[:_MATRIX]):
        raise InvalidDataError(
            "The data to collect has more than two dimensions; give rows of values."
        )
    if asked is not None and len(asked) != width:
        raise InvalidDataError(
            f"feature_names has {len(asked)} names and the data {width} columns; give one for each column."
        )
    return asked or found or tuple(f"Column{n}" for n in range(1, width + 1)), values
