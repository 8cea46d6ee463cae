"""``%%aml_sql`` in a real kernel and in plain IPython."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from aml_magics import load_ipython_extension, unload_ipython_extension
from tests.magics.test_completion import offered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.magics.conftest import Kernel

DATA = """
import pandas as pd, pyarrow as pa, numpy as np, pathlib
from aml_magics.sdk.data.dataset.dataset import Dataset
ws = Workspace.from_config()
pathlib.Path("old.csv").write_text("site,age,Plasma Glucose\\n1,30,90\\n2,50,120\\n")
pathlib.Path("new.csv").write_text("site,age,Plasma Glucose\\n1,30,90\\n2,50,120\\n1,70,101\\n")
read = Dataset.Tabular.from_delimited_files
read("old.csv").register(ws, "clinic")
kept = read("new.csv").register(ws, "clinic", create_new_version=True)
read("old.csv").register(ws, "two words")
Dataset.File.from_files("old.csv").register(ws, "files")
sites = pd.DataFrame({"site": [1, 2], "city": ["Bonn", "Ulm"]})
arrow = pa.table({"n": [1, 2, 3]})
lazy = kept.filter(kept["age"] > 40)
youngest, ages, number = np.int64(40), np.array([30, 70]), 7
"""


@pytest.fixture
def clinic(kernel: Kernel) -> Iterator[Kernel]:
    if not kernel.value("'kept' in globals()"):
        reply = kernel.run(DATA)
        assert reply.status == "ok", reply.traceback
    return kernel


def answer(kernel: Kernel, code: str) -> list[list[str]]:
    reply = kernel.run(code)
    assert reply.status == "ok", reply.traceback
    return [line.split()[1:] for line in reply.result.splitlines()[1:]]


def refusal(kernel: Kernel, code: str) -> str:
    reply = kernel.run(code)
    assert reply.status == "error"
    assert "Traceback" not in reply.traceback
    assert "aml_magics/" not in reply.traceback
    return reply.traceback


def test_rows_of_a_dataset_are_the_value_of_the_cell(clinic: Kernel) -> None:
    assert answer(clinic, "%%aml_sql clinic\nSELECT site, age FROM clinic ORDER BY age DESC") == [
        ["1", "70"],
        ["2", "50"],
        ["1", "30"],
    ]
    assert clinic.value("type(_).__name__, _.shape") == ("DataFrame", (3, 2))


@pytest.mark.parametrize(
    ("words", "table", "count"),
    [
        ("clinic", "clinic", 3),
        ("clinic:1", "clinic", 2),
        ("clinic:latest", "clinic", 3),
        ("old=clinic:1", "old", 2),
        ("'two words'", '"two words"', 2),
        ("t='two words'", "t", 2),
        ("sites", "sites", 2),
        ("arrow", "arrow", 3),
        ("lazy", "lazy", 2),
        ("kept", "kept", 3),
        ("clinic:1 new=clinic", "clinic, new", 6),
    ],
)
def test_a_word_is_a_dataset_or_a_variable(
    clinic: Kernel, words: str, table: str, count: int
) -> None:
    assert answer(clinic, f"%%aml_sql {words}\nSELECT count(*) FROM {table}") == [[str(count)]]


def test_datasets_and_frames_are_joined(clinic: Kernel) -> None:
    query = "SELECT city, sum(age) FROM clinic JOIN sites USING (site) GROUP BY city ORDER BY city"
    assert answer(clinic, f"%%aml_sql clinic sites\n{query}") == [["Bonn", "100"], ["Ulm", "50"]]


def test_out_puts_the_rows_into_a_variable_and_shows_one_line(clinic: Kernel) -> None:
    reply = clinic.run("%%aml_sql clinic --out rows\nFROM clinic")
    assert (reply.stdout, reply.result, reply.displays) == ("rows: 3 rows, 3 columns\n", "", [])
    assert clinic.value("rows.shape, list(rows.columns)") == (
        (3, 3),
        ["site", "age", "Plasma Glucose"],
    )


def test_a_limit_says_that_there_are_more(clinic: Kernel) -> None:
    reply = clinic.run("%%aml_sql clinic --limit 2\nFROM clinic")
    assert reply.stdout == "The first 2 rows; there are more.\n"
    assert clinic.value("len(_)") == 2


def test_parameters_are_variables_and_text_is_left_alone(clinic: Kernel) -> None:
    clinic.run('name = "\' OR true --"')
    query = (
        "SELECT count(*) FROM clinic WHERE age > $youngest AND age IN $ages AND '{number}' <> $name"
    )
    assert answer(clinic, f"%%aml_sql clinic\n{query}") == [["1"]]


def test_words_of_the_line_are_filled_with_variables(clinic: Kernel) -> None:
    clinic.run("which = 'two words'")
    assert answer(clinic, "%%aml_sql t=$which\nSELECT count(*) FROM t") == [["2"]]


def test_in_a_function_of_the_user_its_own_variables_are_seen(clinic: Kernel) -> None:
    clinic.run(
        "def ask(frame, low):\n"
        "    return get_ipython().run_cell_magic('aml_sql', 'frame', 'FROM frame WHERE n > $low')"
    )
    assert clinic.value("len(ask(pd.DataFrame({'n': [1, 2, 3]}), 1))") == 2


def test_an_error_of_sql_is_one_line_with_the_place_in_the_cell(clinic: Kernel) -> None:
    told = refusal(clinic, "%%aml_sql clinic\nSELECT site,\n  agee FROM clinic")
    first, *place = told.splitlines()
    assert first.startswith('InvalidQueryError: Referenced column "agee" not found in FROM clause!')
    assert place == [
        "  line 3:   agee FROM clinic",
        "            ^^^^",
    ]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("%%aml_sql\nSELECT 1", "needs DATASET"),
        ("%%aml_sql clinik\nFROM clinik", "There is no dataset 'clinik'.*Did you mean 'clinic'"),
        ("%%aml_sql site\nFROM site", "no variable of that name. Did you mean 'sites'"),
        ("%%aml_sql clinic:7\nFROM clinic", "has no version 7"),
        ("%%aml_sql files\nFROM files", "'files' is a dataset of files, which has no rows"),
        ("%%aml_sql number\nFROM number", "'number' is a variable of type int"),
        ("%%aml_sql clinic clinic:1\nFROM clinic", "Two tables are named 'clinic'.*other=clinic:1"),
        ("%%aml_sql clinic --out 1x\nFROM clinic", "--out takes the name of a variable, not '1x'"),
        ("%%aml_sql clinic --out if\nFROM clinic", "--out takes the name of a variable, not 'if'"),
        ("%%aml_sql clinic --limit 0\nFROM clinic", "no whole number from 1 up"),
        ("%%aml_sql clinic --outt x\nFROM clinic", "Did you mean '--out'"),
        ("%%aml_sql clinic\nDROP VIEW clinic", "A query is run, and this is DROP"),
        ("%%aml_sql clinic\nFROM clinic; FROM clinic", "these are 2"),
        ("%%aml_sql clinic\nFROM sites", "reads 'sites', which is not named above it"),
        ("%%aml_sql clinic\nFROM 'old.csv'", "reads 'old.csv', which is not named above it"),
        (
            "%%aml_sql clinic\nSELECT $yougest",
            r"there is no variable 'yougest'. Did you mean 'youn",
        ),
        ("%%aml_sql clinic\nSELECT $pd", r"\$pd stands for a number.*not for a module"),
    ],
)
def test_what_cannot_be_run_is_told(clinic: Kernel, code: str, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(" ".join(refusal(clinic, code).split()))


def test_help_tells_the_options(clinic: Kernel) -> None:
    reply = clinic.run("%%aml_sql --help\nx")
    assert "--limit N" in reply.stdout
    assert clinic.run("%%aml_sql?").status == "ok"


def test_an_interrupt_stops_the_query_and_the_next_one_runs(clinic: Kernel) -> None:
    request = clinic.send(
        "%%aml_sql clinic\n"
        "SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(10_000_000) b, clinic"
    )
    time.sleep(1)
    clinic.manager.interrupt_kernel()
    reply = clinic.reply(request)
    assert (reply.status, reply.ename) == ("error", "KeyboardInterrupt")
    assert answer(clinic, "%%aml_sql clinic\nSELECT count(*) FROM clinic") == [["3"]]


def test_what_a_run_asks_of_datasets_are_its_inputs(clinic: Kernel) -> None:
    clinic.run("%%aml_run asking\n%%aml_sql c=clinic:1 sites\nSELECT count(*) FROM c, sites")
    inputs = clinic.value(
        "[(use.role, use.name, record.version) for use, record in"
        " __import__('aml_magics.services.data.dataset', fromlist=['x']).uses_of(ws.store, run.record)]"
    )
    assert inputs == [("input", "clinic", 1)]


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("%%aml_sql cl", "clinic"),
        ("%%aml_sql clinic si", "sites"),
        ("%%aml_sql t=cl", "t=clinic"),
        ("%%aml_sql 'two", "'two words'"),
        ("%%aml_sql t=two", "t='two words'"),
        ('%%aml_sql t="two wo', 'words"'),
        ("%%aml_sql clinic --l", "--limit"),
        ("%%aml_sql clinic\nSELECT ag", "age"),
        ("%%aml_sql clinic sites\nSELECT cit", "city"),
        ("%%aml_sql p=clinic\nSELECT p.si", "p.site"),
        ("%%aml_sql clinic\nFROM cli", "clinic"),
        ("%%aml_sql clinic\nSELECT plasma", '"Plasma Glucose"'),
    ],
)
def test_tab_offers_tables_and_columns(clinic: Kernel, code: str, word: str) -> None:
    assert word in offered(clinic, code)


def test_tab_in_other_cells_offers_no_columns(clinic: Kernel) -> None:
    assert "age" not in offered(clinic, "print(ag")
    assert "age" not in offered(clinic, "%%aml_sql nothing\nSELECT ag")


def test_in_plain_ipython_the_magic_gives_its_frame(shell) -> None:
    load_ipython_extension(shell)
    try:
        shell.run_cell("import pandas; frame = pandas.DataFrame({'n': [1, 2]})")
        result = shell.run_cell("%%aml_sql frame\nSELECT sum(n) AS n FROM frame")
        assert result.result["n"].tolist() == [3]
    finally:
        unload_ipython_extension(shell)
