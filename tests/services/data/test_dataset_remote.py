"""Datasets of a real Azurite and of moto's S3, from the first look to the server that is gone."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aml_magics.errors import DataAccessError, DataNotFoundError, InvalidDataError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data import dataset
from aml_magics.services.data import mount as data_mount
from aml_magics.services.data.fingerprint import changed_files
from aml_magics.services.data.profile import profile
from aml_magics.services.data.store import datastore
from aml_magics.services.data.store.location import open_storage
from aml_magics.services.data.table import query, statement
from aml_magics.services.data.table import table as tabular
from aml_magics.services.filter.grammar import read_row_filter
from aml_magics.views.screen.registry import answer

WRONG = "d3JvbmctaHVzaC1odXNoLWh1c2gtaHVzaC1odXNoLWh1c2g="


def registered(store, azurite, port=None, **secrets):
    """The datastore ``far``, in a container."""
    settings = {
        "account_name": azurite.account,
        "container_name": azurite.name,
        "endpoint": f"http://127.0.0.1:{port or azurite.port}/{azurite.account}",
    }
    secrets = secrets or {"account_key": azurite.key}
    return datastore.register(store, "far", "azure_blob", settings, secrets)


@pytest.fixture
def blob(sqlite_store, azurite):
    return open_storage(sqlite_store, registered(sqlite_store, azurite))


@pytest.fixture
def bucket(sqlite_store, s3):
    settings = {"url": f"{s3.url}/top", "storage_options": s3.storage_options}
    return open_storage(sqlite_store, datastore.register(sqlite_store, "far", "url", settings))


@pytest.fixture(params=["blob", "bucket"])
def place(request):
    """Each kind of place in turn."""
    return request.getfixturevalue(request.param)


def put(place, files):
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        place.files.pipe(place.at(name), data)


def parquet(rows):
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), file)
    return file.getvalue()


def rows(pattern, format="delimited", **options):
    return Definition("tabular", (Location(pattern, "far"),), format, options)


def files(pattern):
    return Definition("file", (Location(pattern, "far"),))


def test_rows_are_seen_paged_filtered_profiled_and_given(sqlite_store, place):
    put(place, {"d/a.csv": "n,t\n1,x\n2,y\n", "d/b.csv": "n,t\n3,\n", "d/c.txt": "no"})
    with tabular.opened(sqlite_store, rows("d/*.csv", include_path=True)) as table:
        assert table.head(2).column("Path").to_pylist() == ["/a.csv", "/a.csv"]
        wanted = read_row_filter("n > 1", table.columns)
        assert table.page(0, 1, "n", True, wanted).column("n").to_pylist() == [3]
        assert table.count(wanted) == 2
        assert table.to_pandas()["n"].tolist() == [1, 2, 3]
    made = profile.profile(sqlite_store, rows("d/*.csv"))
    assert (made.rows, made.columns[0].high) == (3, 3)


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.parquet", parquet([{"n": 1}, {"n": 2}]), "parquet"),
        ("a.jsonl", '{"n": 1}\n{"n": 2}\n', "json_lines"),
        ("a.csv.gz", gzip.compress(b"n\n1\n2\n"), "delimited"),
        ("A.CSV.GZ", gzip.compress(b"n\n1\n2\n"), "delimited"),
        ("a b 'ü'%2e%2e#.csv", "n\n1\n2\n", "delimited"),
    ],
    ids=range(5),
)
def test_every_format_and_name_is_read(sqlite_store, place, name, content, format):
    put(place, {f"d/{name}": content})
    with tabular.opened(sqlite_store, rows("d/*", format)) as table:
        assert table.to_pandas()["n"].tolist() == [1, 2]


def test_many_small_blobs_are_one_table(sqlite_store, blob):
    named = {blob.at(f"many/{number:03}.csv"): b"n\n%d\n" % number for number in range(200)}
    blob.files.pipe(named)
    with tabular.opened(sqlite_store, rows("many/**")) as table:
        assert table.to_pandas()["n"].tolist() == list(range(200))


@pytest.mark.parametrize(
    ("format", "most"),
    # of JSON two buffers are read, each of DuckDB's least size
    [("delimited", 20_000_000), ("parquet", 20_000_000), ("json_lines", 42_000_000)],
)
def test_a_preview_of_a_large_blob_reads_a_small_part_of_it(
    sqlite_store, azurite, tap, blob, format, most
):
    many = range(1_000_000)
    if format == "parquet":
        made = pa.table({"n": list(many), "t": [f"{n * 7919 % 1_000_003:056x}" for n in many]})
        file = io.BytesIO()
        pq.write_table(made, file, row_group_size=20_000, compression="none")
        content = file.getvalue()
    elif format == "json_lines":
        content = b"".join(b'{"n": %d, "t": "%056x"}\n' % (n, n) for n in many)
    else:
        content = b"n,t\n" + b"".join(b"%d,%056x\n" % (n, n) for n in many)
    assert len(content) > 60_000_000
    put(blob, {"big": content})
    tapped = tap(azurite.port)
    registered(sqlite_store, azurite, tapped.port)
    with tabular.opened(sqlite_store, rows("big", format)) as table:
        assert table.head(100).num_rows == 100
    assert tapped.received < most


def test_a_change_is_told_and_becomes_the_next_version(sqlite_store, place):
    put(place, {"d/a.csv": "n\n1\n", "d/b.csv": "n\n2\n"})
    first = dataset.register(sqlite_store, rows("d/*.csv"), "numbers")
    again = dataset.register(sqlite_store, rows("d/*.csv"), "numbers")
    assert (first.fingerprint.split(":")[1], again.id) == ("listing", first.id)
    assert changed_files(sqlite_store, first) == ()

    put(place, {"d/b.csv": "n\n3\n"})
    assert changed_files(sqlite_store, first) == ("b.csv",)
    view = answer(sqlite_store, "dataset", {"dataset": first.id})
    assert any("1 file changed since this version" in one for one in view["notices"])
    second = dataset.register(sqlite_store, rows("d/*.csv"), "numbers", create_new_version=True)
    assert second.version == 2
    assert answer(sqlite_store, "dataset", {"dataset": second.id})["head"]["rows"] == ((1,), (3,))


def test_files_are_downloaded_and_mounted(sqlite_store, place, tmp_path):
    put(place, {"d/x/a.csv": "1", "d/b.csv": "2"})
    copies = data_mount.copy(sqlite_store, files("d/**"), tmp_path / "copy")
    mounted = data_mount.mount(sqlite_store, files("d/**"), tmp_path / "mount")
    found = {one.relative_to(tmp_path / "copy").as_posix(): one.read_text() for one in copies}
    assert found == {"x/a.csv": "1", "b.csv": "2"}
    assert (mounted / "x/a.csv").read_text() == "1"


def test_a_query_joins_what_is_far_with_what_is_near(sqlite_store, place, tmp_path):
    put(place, {"d/a.csv": "n,t\n1,x\n2,y\n"})
    (tmp_path / "near.csv").write_text("n,u\n2,z\n")
    near = Definition("tabular", (Location(str(tmp_path / "near.csv")),), "delimited")
    asked = statement.read_statement("SELECT t, u FROM far JOIN near USING (n)", ["far", "near"])
    found = query.answer(sqlite_store, {"far": rows("d/*.csv"), "near": near}, {}, asked, {})
    assert found.frame.to_numpy().tolist() == [["y", "z"]]


def test_a_wrong_key_is_told_and_the_right_one_works_at_once(sqlite_store, azurite, blob):
    put(blob, {"a.csv": "n\n1\n"})
    kept = dataset.register(sqlite_store, rows("*.csv"), "numbers")
    registered(sqlite_store, azurite, account_key=WRONG)
    with (
        pytest.raises(DataAccessError, match=r"'far' refuses the credentials; register it again"),
        tabular.opened(sqlite_store, rows("*.csv")),
    ):
        pass
    view = answer(sqlite_store, "dataset", {"dataset": kept.id})
    assert "refuses the credentials" in view["problem"]
    registered(sqlite_store, azurite)
    assert answer(sqlite_store, "dataset", {"dataset": kept.id})["head"]["rows"] == ((1,),)


def test_what_is_not_there_is_told(sqlite_store, azurite, blob):
    put(blob, {"data.csv": "n\n1\n"})
    with pytest.raises(DataNotFoundError, match=r"No file at '\*\.tsv' in far.*'data\.csv'"):
        dataset.register(sqlite_store, rows("*.tsv"), "numbers")
    settings = {
        "account_name": azurite.account,
        "container_name": "not-there",
        "endpoint": azurite.endpoint,
    }
    secrets = {"account_key": azurite.key}
    datastore.register(sqlite_store, "far", "azure_blob", settings, secrets)
    with pytest.raises(DataNotFoundError, match=r"its root 'not-there' is not there\. Check"):
        dataset.register(sqlite_store, rows("*.csv"), "numbers")


@pytest.mark.parametrize("format", ["delimited", "parquet"])
def test_a_store_that_goes_away_meanwhile_is_told_in_one_line(
    sqlite_store, azurite, tap, blob, format
):
    many = [{"n": n, "t": f"{n * 7919 % 1_000_003:056x}"} for n in range(300_000)]
    plain = b"n,t\n" + b"".join(f"{row['n']},{row['t']}\n".encode() for row in many)
    put(blob, {"big": parquet(many) if format == "parquet" else plain})
    tapped = tap(azurite.port)
    registered(sqlite_store, azurite, tapped.port)
    with tabular.opened(sqlite_store, rows("big", format)) as table:
        table.head()
        tapped.let_down()
        with pytest.raises(DataAccessError) as caught:
            table.to_pandas()
    said = str(caught.value)
    assert said.startswith(f"Datastore 'far' does not answer at 127.0.0.1:{tapped.port}")
    assert "\n" not in said


def test_a_blob_that_is_removed_meanwhile_is_told(sqlite_store, blob):
    put(blob, {"a.csv": "n\n1\n", "b.csv": "n\n2\n"})
    with tabular.opened(sqlite_store, rows("*.csv")) as table:
        blob.files.rm(blob.at("b.csv"))
        with pytest.raises(DataAccessError, match=r"'far' has no such file"):
            table.to_pandas()


def test_a_packed_blob_that_is_cut_off_is_told_by_its_name(sqlite_store, blob):
    put(blob, {"a.csv.gz": gzip.compress(b"n\n" + b"12345\n" * 1000)[:40]})
    with (
        pytest.raises(InvalidDataError, match=r"'/a\.csv\.gz' cannot be unpacked"),
        tabular.opened(sqlite_store, rows("*")) as table,
    ):
        table.to_pandas()


def test_a_token_that_has_expired_is_told(sqlite_store, azurite, blob):
    from azure.storage.blob import ContainerSasPermissions, generate_container_sas

    put(blob, {"a.csv": "n\n1\n"})
    token = generate_container_sas(
        azurite.account,
        azurite.name,
        account_key=azurite.key,
        permission=ContainerSasPermissions(read=True, list=True),
        expiry=datetime.now(UTC) - timedelta(hours=1),
    )
    registered(sqlite_store, azurite, sas_token=token)
    with (
        pytest.raises(DataAccessError, match=r"refuses the credentials|does not permit") as caught,
        tabular.opened(sqlite_store, rows("*.csv")),
    ):
        pass
    assert "sig" not in str(caught.value)
