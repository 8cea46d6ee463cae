from __future__ import annotations

import pytest

from aml_magics.errors import UsageError
from aml_magics.services.service.folder import service_folder
from aml_magics.views.screen.registry import answer
from tests.fixtures.services import put_log, put_service


def ask(store, **fields):
    return answer(store, "service_log", {"service": "digits", **fields})


def test_a_log_that_is_not_there_is_empty(store):
    put_service(store)

    assert ask(store)["lines"] == ()
    found = answer(store, "service_log_search", {"service": "digits", "text": "x"})
    assert found["hits"] == ()


def test_pages_are_read_from_both_ends(store):
    record = put_service(store)
    put_log(store, record, "one\nValueError: two\nthree\nunfin")

    page = ask(store)
    assert list(page["lines"]) == ["one", "ValueError: two", "three"]
    assert list(page["errors"]) == [1]
    assert list(ask(store, start=4)["lines"]) == ["ValueError: two", "three"]
    assert list(ask(store, end=4)["lines"]) == ["one"]


def test_the_older_part_of_a_long_log_is_a_file_of_its_own(store):
    record = put_service(store)
    put_log(store, record, "new\n")
    (service_folder(store, record) / "log.1.txt").write_text("old\n")

    page = ask(store, file="log.1.txt")

    assert list(page["lines"]) == ["old"]
    assert list(page["files"]) == ["log.txt", "log.1.txt"]


@pytest.mark.parametrize("file", ["keys.json", "../../catalogue.db", "/etc/passwd"])
def test_no_other_file_can_be_read(store, file):
    record = put_service(store)
    put_log(store, record, "the log\n")

    assert list(ask(store, file=file)["lines"]) == ["the log"]


def test_a_text_is_found_in_all_of_the_log(store):
    record = put_service(store)
    put_log(store, record, "".join(f"line {number}\n" for number in range(3_000)))

    found = answer(store, "service_log_search", {"service": "digits", "text": "line 2999"})

    assert [hit["line"] for hit in found["hits"]] == [3_000]
    with pytest.raises(UsageError, match="cannot be read"):
        answer(store, "service_log_search", {"service": "digits", "text": "(", "is_regex": True})
