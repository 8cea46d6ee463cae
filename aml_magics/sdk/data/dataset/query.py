"""The query of ``from_sql_query``: a database, and what it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import InvalidDatasetError, described
from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore

if TYPE_CHECKING:
    from aml_magics.sdk.workspace.workspace import Workspace


def query_of(query: object) -> tuple[Workspace, str, str]:
    """The workspace and name of the datastore, and the text of the query.

    Args:
        query: ``(datastore, text)``, a ``DataPath`` or a ``SqlDataReference``.

    Raises:
        InvalidDatasetError: another form, or a datastore of files.
    """
    if isinstance(query, tuple | list) and len(query) == 2:
        datastore, text = query
    else:
        datastore = getattr(query, "datastore", None)
        text = getattr(query, "sql_query", None) or getattr(query, "path_on_datastore", None)
    if not isinstance(datastore, AbstractDatastore) or not isinstance(text, str):
        raise InvalidDatasetError(
            f"from_sql_query takes (datastore, 'SELECT …'), not {described(query)}."
        )
    if not text.strip():
        raise InvalidDatasetError(
            f"The query for datastore {datastore.name!r} is empty; write SELECT …"
        )
    if not datastore.datastore_type.endswith(("Sql", "SqlDatabase", "MySql", "PostgreSql")):
        raise InvalidDatasetError(
            f"Datastore {datastore.name!r} holds files ({datastore.datastore_type}), and a query needs a "
            "database: Datastore.register_azure_sql_database, register_azure_postgre_sql or register_azure_my_sql."
        )
    return datastore.workspace, datastore.name, text
