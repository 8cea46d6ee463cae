"""Plain files beside a notebook that a cell reads."""

from __future__ import annotations

import pytest

from aml_magics.errors import UsageError
from aml_magics.magics.pipeline import local_file
from aml_magics.magics.pipeline.local_file import local_files


@pytest.fixture
def here(tmp_path):
    for name in ("data.csv", "parts/a.csv", "parts/b.csv", "parts/deep/c.csv", "../outside.csv"):
        path = tmp_path / "here" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "here"


def test_files_go_along_that_the_cell_names_as_one_text(here):
    code = "open('data.csv')\nread(f'parts/{x}')\nread('parts/a.csv')\nopen('parts')\nopen('../outside.csv')\nopen('no.csv')"
    assert sorted(local_files(code, [], here)) == ["data.csv", "parts/a.csv"]
    assert local_files(f"open({str(here / 'data.csv')!r})\n'\\0'\n{'x' * 5000!r}", [], here) == {}


def test_files_and_folders_and_patterns_go_along_that_are_asked_for(here):
    assert sorted(local_files("", ["parts"], here)) == [
        "parts/a.csv",
        "parts/b.csv",
        "parts/deep/c.csv",
    ]
    assert sorted(local_files("", ["parts/*.csv", "data.csv"], here)) == [
        "data.csv",
        "parts/a.csv",
        "parts/b.csv",
    ]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            "/etc/passwd",
            "below the folder of the notebook, such as data.csv or parts/\\*.csv, not '/etc/passwd'",
        ),
        ("../outside.csv", r"not '\.\./outside\.csv'; make a dataset of other files"),
        ("no.csv", "--files 'no.csv': there is no such file below"),
        ("cell.py", "has a file 'cell.py' of its own; give yours another name"),
    ],
)
def test_what_cannot_go_along_is_refused(here, asked, said):
    (here / "cell.py").write_text("")
    with pytest.raises(UsageError, match=said):
        local_files("", [asked], here)


def test_files_that_are_too_large_are_refused_with_what_to_do(here, monkeypatch):
    monkeypatch.setattr(local_file, "MOST_BYTES", 15)
    with pytest.raises(UsageError, match=r"The largest is 'parts/a\.csv'.*make a dataset of it"):
        local_files("open('data.csv')", ["parts/a.csv"], here)
