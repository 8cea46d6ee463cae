"""A catalogue is made, migrated or refused; however many processes come at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from aml_magics._version import VERSION
from aml_magics.errors import StoreTooNewError
from aml_magics.store.catalogue import migration, service_schema
from aml_magics.store.catalogue.catalogue import Catalogue, sqlite_url
from aml_magics.store.catalogue.migration import REVISIONS, ensure_schema
from aml_magics.store.catalogue.schema import (
    REVISION,
    experiment,
    field,
    meta,
    name,
    registered_model,
    run,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.conftest import AtOnce

_ENSURE = """
from aml_magics.store.catalogue.catalogue import Catalogue
from aml_magics.store.catalogue.migration import ensure_schema
import alembic.command, alembic.config

def work(number, url):
    ensure_schema(Catalogue(url))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    url = sqlite_url(tmp_path / "catalogue.db")
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_server").create_database()
    opened = Catalogue(url)
    yield opened
    opened.close()


def upgrade(catalogue: Catalogue, revision: str) -> None:
    """What an earlier version left: the schema of a revision, with an experiment in it."""

    def work(connection: sa.Connection) -> None:
        config = Config()
        folder = Path(migration.__file__).parent / "migrations"
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        new = {"id": "id", "name": "kept", "created": 1.0}
        connection.execute(sa.insert(experiment), new)
        connection.execute(sa.insert(meta), {"name": "version", "value": "0.0.1"})

    catalogue.transact(work)


def revision(catalogue: Catalogue) -> str:
    with catalogue.read() as connection:
        return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))


def version(catalogue: Catalogue) -> str:
    with catalogue.read() as connection:
        return str(connection.scalar(sa.select(meta.c.value).where(meta.c.name == "version")))


def experiments(catalogue: Catalogue) -> list[str]:
    with catalogue.read() as connection:
        return list(connection.scalars(sa.select(experiment.c.name)))


def differences(catalogue: Catalogue) -> list[object]:
    """What Alembic would change to get from the database to the tables of `schema.py` and `service_schema.py`."""
    with catalogue.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, service_schema.service.metadata))


def structure(catalogue: Catalogue) -> dict[str, object]:
    """Columns, keys and indexes of each table, as the database tells them."""
    with catalogue.read() as connection:
        inspector = sa.inspect(connection)
        return {
            name: [
                sorted(
                    (one["name"], str(one["type"]), one["nullable"], str(one["default"]))
                    for one in inspector.get_columns(name)
                ),
                inspector.get_pk_constraint(name)["constrained_columns"],
                sorted(
                    (one["constrained_columns"], one["referred_table"], str(one["options"]))
                    for one in inspector.get_foreign_keys(name)
                ),
                sorted(
                    (str(one["name"]), one["column_names"], _condition(one))
                    for one in inspector.get_indexes(name)
                ),
                sorted(one["column_names"] for one in inspector.get_unique_constraints(name)),
            ]
            for name in inspector.get_table_names()
        }


def _condition(index: Any) -> dict[str, str]:
    return {name: str(value) for name, value in index.get("dialect_options", {}).items()}


def address(catalogue: Catalogue) -> str:
    return catalogue.url.render_as_string(hide_password=False)


def test_a_new_catalogue_has_the_tables_of_this_version(catalogue: Catalogue) -> None:
    ensure_schema(catalogue)
    ensure_schema(catalogue)

    assert (revision(catalogue), version(catalogue)) == (REVISION, VERSION)
    assert differences(catalogue) == []


def test_an_older_catalogue_is_migrated_and_keeps_what_it_had(catalogue: Catalogue) -> None:
    upgrade(catalogue, "0001")
    assert differences(catalogue) != []

    ensure_schema(catalogue)

    assert (revision(catalogue), version(catalogue)) == (REVISION, VERSION)
    assert experiments(catalogue) == ["kept"]
    assert differences(catalogue) == []


def test_runs_that_mlflow_deleted_are_deleted_runs(catalogue: Catalogue) -> None:
    upgrade(catalogue, "0009")
    new = {"experiment": 1, "number": 1, "name": "x", "created": 1.0}
    rows = [
        {**new, "key": 1, "id": "marked", "status": "Completed", "ended": 2.0, "parent": None},
        {**new, "key": 2, "id": "below", "status": "Failed", "ended": 2.0, "parent": 1},
        {**new, "key": 3, "id": "open", "status": "Running", "ended": None, "parent": None},
        {**new, "key": 4, "id": "other", "status": "Completed", "ended": 2.0, "parent": None},
    ]
    marks = [{"run": key, "kind": 1, "name": 1, "text": '"deleted"', "place": 0} for key in (1, 3)]
    other = {"run": 4, "kind": 1, "name": 2, "text": '"deleted"', "place": 0}

    def fill(connection: sa.Connection) -> None:
        names = [{"key": 1, "text": "mlflow.lifecycleStage"}, {"key": 2, "text": "stage"}]
        connection.execute(sa.insert(name), names)
        connection.execute(sa.insert(run), rows)
        connection.execute(sa.insert(field), [*marks, other])

    catalogue.transact(fill)
    ensure_schema(catalogue)

    with catalogue.read() as connection:
        gone = set(connection.scalars(sa.select(run.c.id).where(run.c.deleted.is_not(None))))
        tagged = list(connection.scalars(sa.select(field.c.run)))
    assert gone == {"marked", "below"}
    assert tagged == [4]


def test_a_migrated_catalogue_is_like_a_new_one_in_every_column_key_and_index(
    catalogue: Catalogue, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    upgrade(catalogue, "0001")
    ensure_schema(catalogue)
    url = sqlite_url(tmp_path / "new.db")
    if not catalogue.is_sqlite:
        url = request.getfixturevalue("postgres_server").create_database()
    new = Catalogue(url)
    ensure_schema(new)

    assert structure(catalogue) == structure(new)
    new.close()


def test_eight_processes_that_meet_an_empty_catalogue_make_it_once(
    catalogue: Catalogue, at_once: AtOnce
) -> None:
    at_once(_ENSURE, 8, address(catalogue))

    assert revision(catalogue) == REVISION
    assert differences(catalogue) == []


def test_eight_processes_that_meet_an_older_catalogue_migrate_it_once(
    catalogue: Catalogue, at_once: AtOnce
) -> None:
    upgrade(catalogue, "0001")

    at_once(_ENSURE, 8, address(catalogue))

    assert (revision(catalogue), version(catalogue)) == (REVISION, VERSION)
    assert experiments(catalogue) == ["kept"]
    assert differences(catalogue) == []


def test_a_newer_catalogue_is_refused_with_the_version_to_install(catalogue: Catalogue) -> None:
    ensure_schema(catalogue)
    catalogue.transact(
        lambda c: c.execute(sa.text("UPDATE alembic_version SET version_num = '0099'"))
    )
    catalogue.transact(lambda c: c.execute(sa.update(meta).values(value="9.8.7")))

    with pytest.raises(
        StoreTooNewError,
        match=rf"written by aml_magics 9\.8\.7 \(schema 0099\); this is {VERSION}, which reads up to "
        rf"schema {REVISION}\. Install it: pip install 'aml-magics>=9\.8\.7'",
    ):
        ensure_schema(catalogue)

    assert (revision(catalogue), version(catalogue)) == ("0099", "9.8.7")


def test_a_migration_that_fails_leaves_the_older_catalogue_whole(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(catalogue, "0001")
    before = structure(catalogue)

    def fails(connection: sa.Connection) -> None:
        real(connection)
        raise KeyboardInterrupt

    real = migration._upgrade
    monkeypatch.setattr(migration, "_upgrade", fails)
    with pytest.raises(KeyboardInterrupt):
        ensure_schema(catalogue)

    assert revision(catalogue) == "0001"
    assert structure(catalogue) == before
    monkeypatch.undo()
    ensure_schema(catalogue)
    assert differences(catalogue) == []


def test_every_migration_is_known_to_the_code_and_the_last_is_its_own() -> None:
    folder = Path(migration.__file__).parent / "migrations" / "versions"
    files = sorted(path.stem[1:5] for path in folder.glob("v*.py"))

    assert tuple(files) == REVISIONS
    assert REVISIONS[-1] == REVISION


def test_names_of_models_that_are_there_are_registered(catalogue: Catalogue) -> None:
    upgrade(catalogue, "0010")
    row = {"run_id": "r", "experiment": "e", "path": "p"}
    rows = [("a", 1, 5.0), ("a", 3, 7.0), ("b", 1, 6.0)]

    def work(connection: sa.Connection) -> None:
        named = [
            {**row, "name": of, "version": number, "created": when} for of, number, when in rows
        ]
        old = sa.table("model", *(sa.column(one) for one in named[0]))
        connection.execute(sa.insert(old), named)

    catalogue.transact(work)
    ensure_schema(catalogue, "id")

    with catalogue.read() as connection:
        names = registered_model.c
        columns = (names.name, names.created, names.updated, names.last_version)
        found = connection.execute(sa.select(*columns).order_by(names.name)).all()
    assert [tuple(one) for one in found] == [("a", 5.0, 7.0, 3), ("b", 6.0, 6.0, 1)]
