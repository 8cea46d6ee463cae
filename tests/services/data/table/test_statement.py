"""What may be queried, and how it is said what may not."""

from __future__ import annotations

import duckdb
import pytest

from aml_magics.errors import InvalidQueryError
from aml_magics.services.data.table.statement import explained, read_statement


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "There is no query below the line; write for example SELECT"),
        ("-- nothing", "There is no query below the line"),
        ("SELECT 1; SELECT 2", "One query is run, and these are 2"),
        ("DROP TABLE patients", "A query is run, and this is DROP"),
        ("COPY patients TO 'out.csv'", "this is COPY"),
        ("INSERT INTO patients VALUES (1)", "this is INSERT"),
        ("ATTACH 'other.db'", "this is ATTACH"),
        ("INSTALL httpfs", "this is LOAD"),
        ("SET threads = 1", "this is SET"),
        ("PIVOT patients ON city", "A PIVOT needs to know its columns"),
        ("SELECT ?", r"write \$age in place of \? or \$1"),
        ("SELECT * FROM patient", "reads 'patient'.*named: 'patients'.*Did you mean 'patients'"),
        ("SELECT * FROM '/etc/passwd'", "reads '/etc/passwd', which is not named above it"),
        ("SELECT * FROM information_schema.tables", "reads 'information_schema.tables'"),
        ("SELECT * FROM read_csv('/etc/passwd')", r"read_csv\(\) reads something else"),
        ("SELECT (SELECT count(*) FROM glob('*'))", r"glob\(\) reads something else"),
        ("FROM query('SELECT 1')", r"query\(\) reads something else"),
        ('WITH "x.csv" AS (FROM "x.csv") FROM "x.csv"', "reads 'x.csv'"),
        ("SELECT " + "(1 + " * 900 + "1" + ")" * 900, "(nested too deep|depth)"),
    ],
)
def test_what_is_no_query_over_the_named_tables_is_refused(query, words):
    with pytest.raises(InvalidQueryError, match=words):
        read_statement(query, ["patients"])


def test_a_query_without_any_table_says_that_none_is_named():
    with pytest.raises(InvalidQueryError, match="named: none"):
        read_statement("FROM patients", [])


def test_an_error_of_syntax_points_at_its_place():
    with pytest.raises(InvalidQueryError, match=r'near "age".\n  line 1: FROM patients WERE age\n'):
        read_statement("FROM patients WERE age", ["patients"])


def test_an_error_without_a_place_is_one_line():
    told = explained(RuntimeError("Some Error: this\nand that\n\nand more"))
    assert str(told) == "this and that and more."


def test_the_engine_s_own_tables_are_not_offered():
    error = duckdb.CatalogException('Catalog Error: Table x does not exist!\nDid you mean "pg_x"?')
    assert str(explained(error)) == "Table x does not exist!"
