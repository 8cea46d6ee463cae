from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.services.run import run
from aml_magics.services.run.log import log_path
from aml_magics.views.run.log import log_lines, log_view, log_view_of
from tests.views.samples import run_record

if TYPE_CHECKING:
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
