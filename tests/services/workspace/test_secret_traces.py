"""What was given as a key, a token or a password is nowhere but in the private file of credentials."""

from __future__ import annotations

import json
import logging
import stat
import traceback
import warnings
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import quote

import pytest

from aml_magics import Dataset, Datastore, Workspace
from aml_magics.errors import AmlError
from aml_magics.services.data.store import datastore as datastores
from aml_magics.services.data.store.datastore import CREDENTIALS_FILE
from aml_magics.services.data.store.location import open_storage
from aml_magics.views.screen.registry import answer

SECRET = "SWYteW91LXJlYWQtdGhpcy1pdC1pcy1hLXNlY3JldC10aGF0LWxlYWtlZC1zb21ld2hlcmU="
PASSWORD = "hush/hush+hush=hush"


class Gathered:
    """All that was said, by where."""

    def __init__(self):
        self.texts = {}

    def add(self, where, text):
        self.texts[f"{len(self.texts)} {where}"] = text

    def tried(self, where, work):
        """What work gives or raises, with all that led to it."""
        try:
            self.add(where, repr(work()))
        except AmlError as error:
            self.add(f"{where}: error", whole(error))
            return error
        return None

    def check(self, *secrets):
        for secret in secrets:
            for form in {secret, quote(secret, safe=""), quote(secret), json.dumps(secret)[1:-1]}:
                found = [where for where, text in self.texts.items() if form in text]
                assert found == [], f"{form[:12]}… is in {found}"


def whole(error):
    """An error with those that it came of, also those that a traceback leaves out."""
    assert "\n" not in str(error)
    parts, seen = [], []
    while error is not None:
        assert error not in seen, "an error is among its own causes"
        seen.append(error)
        parts += traceback.format_exception_only(error)
        parts += [repr(error), repr(error.args)]
        error = error.__cause__ or error.__context__
    return "\n".join(parts)


@pytest.fixture
def workspace():
    return Workspace.create("w")


@pytest.fixture
def gathered(caplog):
    """Also what was logged and warned of."""
    caplog.set_level(logging.DEBUG)
    found = Gathered()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        yield found
    assert [str(one.message) for one in warned if SECRET in str(one.message)] == []
    assert SECRET not in caplog.text


def files_of(workspace, gathered):
    """Every file below the store's folder but that of the credentials, which is private."""
    folder = workspace.store.folder
    kept = folder / CREDENTIALS_FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    for path in folder.rglob("*"):
        if path.is_file() and path != kept:
            gathered.add(str(path), path.read_bytes().decode("latin-1"))


def looked_at(workspace, gathered, *, is_away=False):
    """All that people do with a datastore, whatever comes of it."""
    place = workspace.datastores["far"]
    gathered.add("repr", repr(place) + repr(place.__dict__) + str(place))
    gathered.add("record", repr(datastores.get(workspace.store, "far")))
    gathered.tried("place", lambda: open_storage(workspace.store, place._record))
    gathered.tried("read", lambda: Dataset.Tabular.from_delimited_files((place, "d/*.csv")))
    data = Dataset.Tabular.from_delimited_files((place, "d/*.csv"), validate=False)
    gathered.add("dataset", repr(data) + data._repr_html_())
    gathered.tried("frame", data.to_pandas_dataframe)
    if is_away:  # each attempt takes a while
        return
    gathered.tried("profile", data.get_profile)
    gathered.tried("register", lambda: data.register(workspace, "numbers"))
    files = Dataset.File.from_files((place, "d/**"), validate=False)
    gathered.tried("path", files.to_path)
    gathered.tried("download", lambda: files.download("target", overwrite=True))
    gathered.tried("mount", lambda: files.mount("mounted").start())
    gathered.tried("upload", lambda: place.upload_files([__file__], "up", overwrite=True))
    gathered.tried("download all", lambda: place.download("all", "d", show_progress=False))
    for name in workspace.datasets:
        record = workspace.datasets[name]._record
        for kind in ("dataset", "dataset_rows", "dataset_profile"):
            asked = partial(answer, workspace.store, kind, {"dataset": record.id})
            gathered.tried(kind, asked)
    gathered.tried("datasets", lambda: answer(workspace.store, "datasets", {}))


def blob(workspace, azurite, key, **settings):
    given = {
        "container_name": azurite.name,
        "account_name": azurite.account,
        "endpoint": azurite.endpoint,
    }
    return Datastore.register_azure_blob_container(
        workspace, "far", **{**given, **settings}, account_key=key
    )


def test_a_key_that_works_is_nowhere(workspace, azurite, gathered, capsys):
    place = blob(workspace, azurite, azurite.key)
    opened = open_storage(workspace.store, place._record)
    opened.files.pipe(opened.at("d/a.csv"), b"n\n1\n")
    looked_at(workspace, gathered)
    view = answer(workspace.store, "dataset", {"dataset": "numbers"})
    gathered.add("html", workspace.datasets["numbers"]._repr_html_())
    opened.files.pipe(opened.at("d/b.csv"), b"n\n1,2\n")
    looked_at(workspace, gathered)
    files_of(workspace, gathered)
    gathered.add("output", str(capsys.readouterr()))
    assert view["head"]["rows"] == ((1,),)
    gathered.check(azurite.key)


@pytest.mark.parametrize("how", ["wrong", "away", "no container"])
def test_a_key_that_does_not_work_is_nowhere(workspace, azurite, gathered, capsys, how):
    key = SECRET if how != "no container" else azurite.key
    settings = {
        "wrong": {},
        "away": {"endpoint": f"http://127.0.0.1:1/{azurite.account}"},
        "no container": {"container_name": "not-there"},
    }[how]
    blob(workspace, azurite, key, **settings)
    looked_at(workspace, gathered, is_away=how == "away")
    files_of(workspace, gathered)
    gathered.add("output", str(capsys.readouterr()))
    gathered.check(key)


@pytest.mark.parametrize("is_right", [True, False])
def test_a_token_is_nowhere(workspace, azurite, gathered, is_right):
    from azure.storage.blob import ContainerSasPermissions, generate_container_sas

    token = generate_container_sas(
        azurite.account,
        azurite.name,
        account_key=azurite.key,
        permission=ContainerSasPermissions(read=True, write=True, list=True, create=True),
        expiry=datetime.now(UTC) + timedelta(hours=1),
    )
    if not is_right:
        token = token.partition("sig=")[0] + "sig=" + quote(SECRET, safe="")
    Datastore.register_azure_blob_container(
        workspace,
        "far",
        azurite.name,
        azurite.account,
        sas_token=token,
        endpoint=azurite.endpoint,
    )
    looked_at(workspace, gathered)
    files_of(workspace, gathered)
    gathered.check(token, token.partition("sig=")[2].partition("&")[0])


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("s3://bucket", {"key": "me", "secret": SECRET, "endpoint_url": "http://127.0.0.1:1"}),
        (f"http://me:{quote(PASSWORD, safe='')}@127.0.0.1:1/data", None),
        ("http://127.0.0.1:1/data", {"headers": {"Authorization": f"Bearer {SECRET}"}}),
        (f"ftp://me:{quote(PASSWORD, safe='')}@127.0.0.1:1/data", None),
        (f"sftp://me:{quote(PASSWORD, safe='')}@127.0.0.1:1/data", None),
    ],
)
def test_a_secret_of_a_url_is_nowhere(workspace, gathered, url, options):
    Datastore.register_url(workspace, "far", url, options)
    looked_at(workspace, gathered, is_away=url.startswith("s3"))
    files_of(workspace, gathered)
    gathered.check(SECRET, PASSWORD)


@pytest.mark.parametrize("kind", ["postgre_sql", "my_sql", "sql_database"])
def test_a_password_of_a_database_is_nowhere(workspace, gathered, kind):
    given = {"server_name": "127.0.0.1", "database_name": "d"}
    user = {"user_id": "me", "user_password": PASSWORD, "port_number": "1"}
    if kind == "sql_database":
        user = {"username": "me", "password": PASSWORD, "server_name": "127.0.0.1:1"}
    register = getattr(Datastore, f"register_azure_{kind}")
    place = register(workspace, "far", **{**given, **user})
    gathered.add("repr", repr(place) + repr(place.__dict__))
    gathered.tried("query", lambda: Dataset.Tabular.from_sql_query((place, "SELECT 1")))
    data = Dataset.Tabular.from_sql_query((place, "SELECT 1"), validate=False)
    gathered.tried("frame", data.to_pandas_dataframe)
    gathered.tried("register", lambda: data.register(workspace, "numbers"))
    gathered.tried("html", data._repr_html_)
    files_of(workspace, gathered)
    gathered.check(PASSWORD)


def test_a_url_with_a_secret_is_no_dataset(workspace, gathered):
    url = f"http://me:{quote(PASSWORD, safe='')}@127.0.0.1:1/a.csv?sig={quote(SECRET, safe='')}"
    gathered.tried("read", lambda: Dataset.Tabular.from_delimited_files(url))
    data = Dataset.Tabular.from_delimited_files(url, validate=False)
    gathered.add("repr", repr(data) + data._repr_html_())
    gathered.tried("frame", data.to_pandas_dataframe)
    error = gathered.tried("register", lambda: data.register(workspace, "numbers"))
    assert "credential in the URL" in str(error)
    for path in workspace.store.folder.rglob("*"):
        if path.is_file():
            gathered.add(str(path), path.read_bytes().decode("latin-1"))
    gathered.check(SECRET, PASSWORD)
