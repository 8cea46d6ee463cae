"""References to data of a database, as Azure ML SDK v1 names them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidArgumentError
from aml_magics.records.data_use import check_data_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore


class SqlDataReference:
    """A table, a query or a stored procedure of a database; exactly one of them.

    Args:
        datastore: the database.
        data_reference_name: what it is called; made up where None.
        sql_table: the name of a table.
        sql_query: a query.
        sql_stored_procedure: the name of a stored procedure.
        sql_stored_procedure_params: its parameters.

    Raises:
        InvalidArgumentError: none of the three, or several.
        SubmissionError: the name can name no folder.
    """

    def __init__(
        self,
        datastore: AbstractDatastore,
        data_reference_name: str | None = None,
        sql_table: str | None = None,
        sql_query: str | None = None,
        sql_stored_procedure: str | None = None,
        sql_stored_procedure_params: Sequence[Any] | None = None,
    ) -> None:
        given = [one for one in (sql_table, sql_query, sql_stored_procedure) if one]
        if len(given) != 1:
            raise InvalidArgumentError(
                "A SqlDataReference has one of sql_table, sql_query and sql_stored_procedure, not "
                f"{len(given)} of them."
            )
        self.datastore = datastore
        self.data_reference_name = check_data_name(
            data_reference_name or uuid.uuid4().hex, "data reference"
        )
        self.sql_table = sql_table
        self.sql_query = sql_query
        self.sql_stored_procedure = sql_stored_procedure
        self.sql_stored_procedure_params = sql_stored_procedure_params

    def __str__(self) -> str:
        """The placeholder that stands for it among the arguments of a script."""
        return f"$AZUREML_DATAREFERENCE_{self.data_reference_name}"

    __repr__ = __str__
