"""The log of a cell, and the streams that feed it."""

from __future__ import annotations

import io
import logging
import sys
from typing import TYPE_CHECKING

import pytest

from aml_magics.magics.cell.capture import LONGEST_LINE, Capture, Log, Tee
from aml_magics.store.files import log_times
from aml_magics.store.files.log_times import RECORD, times_path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.log"


def test_line_is_in_the_file_as_soon_as_it_ends(path: Path) -> None:
    log = Log(path)
    log.write("one\ntw")
    assert path.read_text() == "one\n"
    log.close()
    assert path.read_text() == "one\ntw\n"


def test_file_is_appended_to(path: Path) -> None:
    path.write_text("before\n")
    log = Log(path)
    log.write("after\n")
    log.close()

    assert path.read_text() == "before\nafter\n"


def test_only_the_last_state_of_a_progress_bar_is_kept(path: Path) -> None:
    log = Log(path)
    for percent in range(0, 101, 10):
        log.write(f"\r{percent}%|###|")
    log.write("\ndone\r\n")
    log.close()

    assert path.read_text() == "100%|###|\ndone\n"


def test_bar_that_returns_at_its_end_is_kept(path: Path) -> None:
    log = Log(path)
    log.write("50%\r")
    log.write("100%\r")
    log.close()

    assert path.read_text() == "100%\n"


def test_streams_do_not_mix_their_unfinished_lines(path: Path) -> None:
    log = Log(path)
    log.write("loss", "stdout")
    log.write("warning\n", "stderr")
    log.write(" 0.5\n", "stdout")
    log.close()

    assert path.read_text() == "warning\nloss 0.5\n"


def test_a_bar_stands_where_a_terminal_would_show_it(path: Path) -> None:
    log = Log(path)
    for step in range(3):
        log.write(f"\r{step * 10}%", "stderr")
        log.write(f"\r{step * 10 + 5}%", "stderr")
        log.write(f"epoch {step}\n", "stdout")
    log.write("\r100%\n", "stderr")
    log.write("done\n", "stdout")
    log.close()

    assert path.read_text() == "5%\nepoch 0\n15%\nepoch 1\n25%\nepoch 2\n100%\ndone\n"


def test_the_end_of_a_bar_that_is_there_already_leaves_no_empty_line(path: Path) -> None:
    log = Log(path)
    log.write("\r100%", "stderr")
    log.write("epoch 1\n", "stdout")
    log.write("\n\n", "stderr")
    log.write("done\n", "stdout")
    log.close()

    assert path.read_text() == "100%\nepoch 1\n\ndone\n"


def test_a_bar_that_wipes_itself_out_leaves_no_line(path: Path) -> None:
    log = Log(path)
    log.write("\r50%|##|", "stderr")
    log.write("\r       \r", "stderr")
    log.write("done\n", "stdout")
    log.close()

    assert path.read_text() == "done\n"


def test_colours_are_kept_and_links_are_left_out(path: Path) -> None:
    log = Log(path)
    log.write("\x1b[1;38;5;208mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07\n")
    log.close()

    assert path.read_text() == "\x1b[1;38;5;208mred\x1b[m link\n"


def test_colour_cut_in_two_writes_is_kept(path: Path) -> None:
    log = Log(path)
    log.write("\x1b[3")
    log.write("1mred\n")
    log.close()

    assert path.read_text() == "\x1b[31mred\x1b[m\n"


def test_what_the_kernel_says_of_itself_is_shown_and_not_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    comm = logging.getLogger("Comm")
    capture = Capture(Log(path))
    capture.start()
    comm.warning("No such comm: %s", "0123")
    logging.getLogger("mine").warning("No such comm of mine")
    capture.stop()

    assert shown.getvalue() == "No such comm: 0123\nNo such comm of mine\n"
    assert path.read_text() == "No such comm of mine\n"
    assert (comm.propagate, comm.handlers) == (True, [])


def test_line_without_end_does_not_fill_the_memory(path: Path) -> None:
    log = Log(path)
    log.write("x" * (LONGEST_LINE + 1))

    assert path.stat().st_size == LONGEST_LINE + 2
    log.close()


def test_secret_is_masked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_API_KEY", "abcdefgh")
    log = Log(path)
    log.write("key abcdefgh\n")
    log.close()

    assert path.read_text() == "key ***\n"


def test_a_secret_is_masked_that_colours_pull_apart(path: Path) -> None:
    log = Log(path)
    log.write("\x1b[33mpassword\x1b[0m=\x1b[32mhunter22\x1b[0m\n")
    log.close()

    assert path.read_text() == "password=***\n"


def test_full_disk_does_not_stop_the_cell(path: Path) -> None:
    class Full:
        def write(self, _: bytes) -> int:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            pass

    log = Log(path)
    log._file.close()
    log._file = Full()
    log.write("a\nb\n")
    log.close()

    assert log.error is not None
    assert log.error.errno == 28


def test_tee_is_all_of_its_stream(path: Path) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    log = Log(path)
    tee = Tee(stream, log)

    assert (tee.encoding, tee.isatty(), tee.writable()) == ("utf-8", False, True)
    assert tee.buffer is stream.buffer
    with pytest.raises(io.UnsupportedOperation):
        tee.fileno()
    assert tee.write("a\n") == 2
    tee.writelines(["b\n", "c\n"])
    tee.mode = "w"
    with tee as same:
        same.flush()
    assert stream.mode == "w"
    assert stream.buffer.getvalue() == b"a\nb\nc\n"
    log.close()
    assert path.read_text() == "a\nb\nc\n"


def test_tee_can_be_read_from_if_its_stream_can(path: Path) -> None:
    log = Log(path)
    assert list(Tee(io.StringIO("a\nb\n"), log)) == ["a\n", "b\n"]
    log.close()


def test_write_put_on_the_tee_may_call_its_own(path: Path) -> None:
    stream, log = io.StringIO(), Log(path)
    tee = Tee(stream, log)
    own = tee.write
    tee.write = lambda text: own(text.upper())
    tee.write("a")
    log.close()

    assert stream.getvalue() == "A"
    assert path.read_text() == "A\n"


def test_streams_are_put_back(path: Path) -> None:
    before = sys.stdout, sys.stderr
    capture = Capture(Log(path))
    capture.start()
    assert sys.stdout is not before[0]
    capture.stop()

    assert (sys.stdout, sys.stderr) == before


def test_stream_that_someone_put_in_place_meanwhile_is_left(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    capture = Capture(Log(path))
    capture.start()
    kept = sys.stdout
    other = io.StringIO()
    monkeypatch.setattr(sys, "stdout", other)
    capture.stop()

    assert sys.stdout is other
    kept.write("later\n")
    assert path.read_text() == ""


def test_a_line_has_the_time_at_which_it_was_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr(log_times.time, "time", lambda: now)
    log = Log(path)
    log.write("one\nt")
    now += 10
    log.write("w")
    log.write_block("a table")
    now += 10
    log.write("o\n")
    log.close()

    text = path.read_bytes()
    times = {
        text[offset:].split(b"\n")[0]: time // 1_000
        for offset, time in RECORD.iter_unpack(times_path(path).read_bytes())
    }
    assert times == {b"one": 1_000, b"tw": 1_010, b"o": 1_020}


def test_a_log_goes_on_where_its_times_cannot_be_written(path: Path) -> None:
    times_path(path).mkdir()
    log = Log(path)
    log.write("one\ntwo\n")
    log.close()

    assert (path.read_text(), log.error) == ("one\ntwo\n", None)
