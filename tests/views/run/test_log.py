from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import ArtifactNotFoundError
from aml_magics.services.run import artifact, run
from aml_magics.services.run.log import appended_log, log_path
from aml_magics.store.files.log_times import RECORD, times_path
from aml_magics.views.run import log as log_module
from aml_magics.views.run.log import (
    PAGE,
    log_lines,
    log_page_view,
    log_search_view,
    log_view,
    log_view_of,
)
from aml_magics.views.run.static_log import stamped_log
from tests.views.samples import run_record

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def test_colours_stay_and_a_progress_bar_is_its_last_state() -> None:
    text = "\x1b[31mred\x1b[0m\r\n 10%\r 50%\r100%\n\x1b]0;title\x07end\n\n"

    assert log_lines(text) == ["\x1b[31mred\x1b[m", "100%", "end"]


def test_a_very_long_line_is_whole() -> None:
    assert log_lines("x" * 1_000_000) == ["x" * 1_000_000]


def test_the_last_lines_are_shown_and_the_others_counted() -> None:
    view = log_view_of(run_record(), "\n".join(map(str, range(10))), limit=3)

    assert (view.lines, view.hidden) == (("7", "8", "9"), 7)


def test_lines_of_trouble_are_marked() -> None:
    text = "fine\nTraceback (most recent call last):\n  File x\nValueError: bad\nno errors\n\x1b[1mERROR\x1b[m x"

    assert log_view_of(run_record(), text).errors == (1, 3, 5)


def test_the_log_of_a_live_run_is_read(sqlite_store: Store) -> None:
    store = sqlite_store
    record = run.start(store, "digits")
    log_path(store, record).write_text("one\ntwo\n", encoding="utf-8")

    assert log_view(store, record).lines == ("one", "two")


NAME = "user_logs/other.txt"


def with_log(store: Store, data: bytes) -> RunRecord:
    record = run.start(store, "digits")
    artifact.add_file(store, record, NAME, io.BytesIO(data))
    return record


def test_pages_forward_hold_every_line_once(sqlite_store: Store) -> None:
    lines = [f"{number} " + "é" * (number % 90) for number in range(5_000)]
    record = with_log(sqlite_store, "\n".join(lines).encode())
    found: list[str] = []
    at = 0
    while True:
        page = log_page_view(sqlite_store, record, NAME, start=at)
        assert page.end - page.start <= PAGE
        found += page.lines
        at = page.end
        if at == page.size:
            break

    assert found == [line.rstrip() for line in lines]


def test_pages_backward_hold_every_line_once(sqlite_store: Store) -> None:
    lines = [f"{number} " + "日" * (number % 50) for number in range(5_000)]
    record = with_log(sqlite_store, ("\n".join(lines) + "\n").encode())
    page = log_page_view(sqlite_store, record, NAME)
    assert page.end == page.size
    found = list(page.lines)
    while page.start:
        page = log_page_view(sqlite_store, record, NAME, end=page.start)
        found = [*page.lines, *found]

    assert found == [line.rstrip() for line in lines]


@pytest.mark.parametrize("letter", ["x", "é", "日", "👩"])
@pytest.mark.parametrize("shift", range(4))
def test_no_letter_of_an_endless_line_is_cut(sqlite_store: Store, letter: str, shift: int) -> None:
    record = with_log(sqlite_store, b"x" * shift + letter.encode() * 100_000)
    first = log_page_view(sqlite_store, record, NAME, start=0)
    last = log_page_view(sqlite_store, record, NAME)
    second = log_page_view(sqlite_store, record, NAME, start=first.end)

    for page in (first, last, second):
        assert "\ufffd" not in page.lines[0]
        assert 0 < page.end - page.start <= PAGE


def test_empty_lines_at_the_end_of_a_page_stay(sqlite_store: Store) -> None:
    record = with_log(sqlite_store, b"a\n\n\n")

    assert log_page_view(sqlite_store, record, NAME).lines == ("a", "", "")


def test_the_log_of_a_live_run_grows_by_finished_lines(sqlite_store: Store) -> None:
    store = sqlite_store
    record = run.start(store, "digits")
    path = log_path(store, record)
    path.write_bytes(b"one\ntw")
    page = log_page_view(store, record)
    assert (page.lines, page.end, page.size) == (("one",), 4, 4)
    path.write_bytes(b"one\ntwo\n")
    assert log_page_view(store, record, start=page.end).lines == ("two",)
    path.write_bytes(b"one\ntwo\nend")
    ended = run.complete(store, record)

    assert log_page_view(store, ended, start=8).lines == ("end",)
    assert log_page_view(store, ended).files == ("user_logs/std_log.txt",)


def test_lines_of_trouble_are_marked_whatever_their_colours(sqlite_store: Store) -> None:
    record = with_log(
        sqlite_store, b"\x1b[31mok\x1b[0m\n\x1b[31mValueError\x1b[0m: bad\n 1%\r 2%\n"
    )
    page = log_page_view(sqlite_store, record, NAME)

    assert (page.lines, page.errors) == (
        ("\x1b[31mok\x1b[m", "\x1b[31mValueError\x1b[m: bad", " 2%"),
        (1,),
    )


def test_a_run_that_printed_nothing_has_an_empty_page(sqlite_store: Store) -> None:
    record = run.start(sqlite_store, "digits")
    page = log_page_view(sqlite_store, record)

    assert (page.lines, page.files, page.size) == ((), (), 0)


def test_a_place_beyond_the_end_is_the_end(sqlite_store: Store) -> None:
    record = with_log(sqlite_store, b"a\n")

    assert log_page_view(sqlite_store, record, NAME, start=99).lines == ()
    assert log_page_view(sqlite_store, record, NAME, end=99).lines == ("a",)
    assert log_page_view(sqlite_store, record, NAME, start=0, end=1).lines == ("a",)


def test_a_huge_log_is_read_where_it_is_looked_at(sqlite_store: Store) -> None:
    store = sqlite_store
    record = run.start(store, "digits")
    path = log_path(store, record)
    with path.open("wb") as file:  # a hole takes no room and would take long to read
        file.seek(1 << 40)
        file.write(b"\nthe end\n")

    assert log_page_view(store, record).lines[-1] == "the end"
    assert log_page_view(store, record, start=1 << 40).lines == ("", "the end")


def test_only_logs_are_read(sqlite_store: Store) -> None:
    store = sqlite_store
    record = run.start(store, "digits")
    artifact.add_file(store, record, "secret.txt", io.BytesIO(b"x"))

    with pytest.raises(ArtifactNotFoundError, match="is not a log of run"):
        log_page_view(store, record, "secret.txt")
    with pytest.raises(ArtifactNotFoundError, match=r"has no file 'logs/no\.txt'"):
        log_page_view(store, record, "logs/no.txt")


def hits(store: Store, record: RunRecord, text: str, **more: bool) -> list[tuple[int, int]]:
    """All lines found, of as many answers as it takes."""
    found: list[tuple[int, int]] = []
    start = line = 0
    while True:
        view = log_search_view(store, record, text, NAME, start=start, line=line, **more)
        found += [(one.offset, one.line) for one in view.hits]
        if view.end >= view.size:
            return found
        assert view.end > start
        start, line = view.end, view.line


def test_a_search_finds_lines_by_their_place_in_the_file(sqlite_store: Store) -> None:
    lines = ["Epoch 1", "é loss 0.5", "EPOCH 2 epoch", "", "the last epoch"]
    data = "\n".join(lines).encode()
    record = with_log(sqlite_store, data)
    found = hits(sqlite_store, record, "epoch")

    assert [line for _, line in found] == [1, 3, 5]
    assert [data[offset:].decode().split("\n")[0] for offset, _ in found] == lines[::2]
    page = log_page_view(sqlite_store, record, NAME, start=found[1][0])
    assert page.lines[0] == "EPOCH 2 epoch"


def test_a_search_holds_what_is_seen_against_the_text(sqlite_store: Store) -> None:
    data = b"\x1b[31mre\x1b[1md\x1b[0m alert\n 10%\r100% done\nplain red\xff alert\n"
    record = with_log(sqlite_store, data)

    assert [line for _, line in hits(sqlite_store, record, "red alert")] == [1]
    assert hits(sqlite_store, record, "10%") == []
    assert [line for _, line in hits(sqlite_store, record, "100%")] == [2]
    offset, line = hits(sqlite_store, record, "plain")[0]
    assert (data[offset : offset + 5], line) == (b"plain", 3)


def test_a_long_log_is_searched_in_stretches_and_loses_nothing(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "_CHUNK", 1_000)
    monkeypatch.setattr(log_module, "SEARCHED", 5_000)
    monkeypatch.setattr(log_module, "MOST_HITS", 7)
    lines = [f"é line {number} " + "x" * (number % 300) for number in range(500)]
    data = "\n".join(lines).encode()
    record = with_log(sqlite_store, data)
    found = hits(sqlite_store, record, "7 ")

    assert [line for _, line in found] == [
        number + 1 for number, line in enumerate(lines) if "7 " in line
    ]
    for offset, line in found:
        assert data[offset:].decode().split("\n")[0] == lines[line - 1]


def test_an_expression_is_a_word_unless_it_is_asked_for(sqlite_store: Store) -> None:
    record = with_log(sqlite_store, b"loss = 0.5\nloss = nan\n0.*\n")

    assert [line for _, line in hits(sqlite_store, record, "0.*")] == [3]
    assert [line for _, line in hits(sqlite_store, record, r"= (?:nan|inf)$", is_regex=True)] == [2]


def test_an_unfinished_last_line_of_a_live_run_is_not_searched_yet(sqlite_store: Store) -> None:
    record = run.start(sqlite_store, "digits")
    log_path(sqlite_store, record).write_text("one\ntwo on", encoding="utf-8")
    view = log_search_view(sqlite_store, record, "on")

    assert [hit.line for hit in view.hits] == [1]
    assert (view.end, view.line, view.size) == (4, 1, 4)
    log_path(sqlite_store, record).write_text("one\ntwo one\n", encoding="utf-8")
    assert log_search_view(sqlite_store, record, "on", start=4, line=1).hits[0].line == 2


def test_a_run_without_a_log_has_nothing_to_find(sqlite_store: Store) -> None:
    record = run.start(sqlite_store, "digits")

    assert log_search_view(sqlite_store, record, "x").hits == ()
    with pytest.raises(ArtifactNotFoundError):
        log_search_view(sqlite_store, record, "x", "logs/none.txt")


def timed(store: Store, data: bytes, *records: tuple[int, int]) -> RunRecord:
    """A live run whose log was written at these times, each from an offset on."""
    record = run.start(store, "digits")
    path = log_path(store, record)
    path.write_bytes(data)
    times_path(path).write_bytes(b"".join(RECORD.pack(*one) for one in records))
    return record


def test_each_line_of_a_page_has_its_time_if_it_is_asked_for(sqlite_store: Store) -> None:
    lines = [f"{number} " + "é" * (number % 90) for number in range(5_000)]
    data = "\n".join(lines).encode() + b"\n"
    offsets = [0, *(place + 1 for place, byte in enumerate(data[:-1]) if byte == 10)]
    records = [(offset, number + 1) for number, offset in enumerate(offsets)]
    record = timed(sqlite_store, data, *records)
    found: list[int | None] = []
    at = 0
    while True:
        page = log_page_view(sqlite_store, record, start=at, has_times=True)
        found += page.times
        at = page.end
        if at == page.size:
            break
    back = log_page_view(sqlite_store, record, has_times=True)

    assert found == list(range(1, 5_001))
    assert back.times[-1] == 5_000
    assert len(back.times) == len(back.lines)
    assert log_page_view(sqlite_store, record).times == ()


def test_a_line_has_the_time_at_which_it_ended(sqlite_store: Store) -> None:
    record = timed(sqlite_store, b" 1%\r 50%\r100%\nnext\nlast", (0, 1), (5, 2), (10, 3), (15, 4))

    page = log_page_view(sqlite_store, record, has_times=True)
    assert (page.lines, page.times) == (("100%", "next"), (3, 4))
    ended = run.complete(sqlite_store, record)
    assert log_page_view(sqlite_store, ended, has_times=True).times == (3, 4, 4)
    assert log_page_view(sqlite_store, ended, start=20, has_times=True).times == (4,)
    assert log_page_view(sqlite_store, ended, start=24, has_times=True).times == ()


def test_lines_found_have_their_times_if_they_are_asked_for(sqlite_store: Store) -> None:
    record = timed(sqlite_store, b"a\nb\nab\nb\na\n", (0, 1), (2, 2), (4, 3), (7, 4), (9, 5))

    found = log_search_view(sqlite_store, record, "a", has_times=True).hits
    assert [(hit.line, hit.time) for hit in found] == [(1, 1), (3, 3), (5, 5)]
    assert {hit.time for hit in log_search_view(sqlite_store, record, "a").hits} == {None}


def test_a_log_without_times_is_shown_without(sqlite_store: Store) -> None:
    record = run.start(sqlite_store, "digits")
    log_path(sqlite_store, record).write_bytes(b"one\ntwo\n")

    assert log_page_view(sqlite_store, record, has_times=True).times == (None, None)
    assert log_search_view(sqlite_store, record, "o", has_times=True).hits[0].time is None
    assert log_view(sqlite_store, record, has_times=True).times == (None, None)


def test_the_times_of_the_last_lines_are_theirs(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "MOST_BYTES", 7)
    record = timed(sqlite_store, b"one\ntwo\nend\n\n", (0, 1), (4, 2), (8, 3))
    view = log_view(sqlite_store, record, 1, has_times=True)

    assert (view.lines, view.times, view.hidden) == (("end",), (3,), 1)


def test_a_stamped_log_has_a_time_before_each_line(sqlite_store: Store) -> None:
    record = timed(sqlite_store, b"old\nnew\n\xff", (4, 1_767_225_600_250))

    stamp = "2026-01-01T00:00:00.250Z"
    assert stamped_log(sqlite_store, record) == f"{'':24} old\n{stamp} new\n{stamp} \ufffd"


def test_times_do_not_hold_up_a_log_that_grows(sqlite_store: Store) -> None:
    record = run.start(sqlite_store, "digits")
    with appended_log(sqlite_store, record) as say:
        say("one")
        assert None not in log_page_view(sqlite_store, record, has_times=True).times
        say("two")
        assert None not in log_page_view(sqlite_store, record, has_times=True).times
