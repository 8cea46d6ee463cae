"""Copy what a cell prints into the log of its run."""

from __future__ import annotations

import logging
import sys
import threading
from typing import IO, TYPE_CHECKING, Any, Self

from aml_magics.records.secret import masker
from aml_magics.store.files.log_times import LogClock
from aml_magics.store.ownership import make_private_file
from aml_magics.views.text.terminal import TerminalLine, plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LONGEST_LINE = 1 << 16
_KERNEL_LOGGERS = ("Comm", "ipykernel")
"""The kernel's own loggers; they write "No such comm" after a page reload, for example."""


class Log:
    """The growing log file of a run.

    Each line is written as soon as it ends, so a killed process loses at most an unfinished line.
    Colours stay. A progress bar that redraws its line is kept in its last state, and in the state it
    had each time another stream printed something, as in a terminal.
    """

    def __init__(self, path: Path) -> None:
        make_private_file(path)
        self._file: IO[bytes] | None = path.open("ab", buffering=0)
        self._clock = LogClock(path)
        self._lines: dict[str, TerminalLine] = {}
        self._logged_unfinished: set[str] = set()
        self._lock = threading.Lock()
        self._mask = masker()
        self.error: OSError | None = None
        """Why writing ended early: a full disk must not stop the training."""

    def write(self, text: str, source: str = "stdout") -> None:
        """Write a piece of output.

        Args:
            text: any piece, not always a whole line.
            source: the stream it comes from; each has its own unfinished line.
        """
        with self._lock:
            lines = self._redrawn_beside(source)
            line = self._lines.setdefault(source, TerminalLine())
            *ended, last = text.split("\n")
            # A line that was logged while it was still being redrawn ends only now.
            if ended and not ended[0] and source in self._logged_unfinished:
                ended.pop(0)
            self._logged_unfinished.discard(source)
            for piece in ended:
                line.feed(piece.removesuffix("\r"))
                lines.append(line.take())
            line.feed(last)
            if len(line) > LONGEST_LINE:
                lines.append(line.take())
            self._append(lines)

    def _redrawn_beside(self, source: str) -> list[str]:
        """The current lines that other streams are redrawing, such as progress bars."""
        shown = [
            name
            for name, line in self._lines.items()
            if name != source and line.is_redrawn and not line.is_blank
        ]
        self._logged_unfinished.update(shown)
        return [self._lines[name].take() for name in shown]

    def write_block(self, text: str) -> None:
        """Write whole lines, such as the text of a displayed table."""
        block = TerminalLine()
        with self._lock:
            lines = self._unfinished()
            for line in text.splitlines():
                block.feed(line)
                lines.append(block.take())
            self._append(lines)

    def close(self) -> None:
        """Write the unfinished last lines and close the file."""
        with self._lock:
            self._append(self._unfinished())
            if self._file is not None:
                self._file.close()
                self._file = None
            self._clock.close()

    def _unfinished(self) -> list[str]:
        return [line.take() for line in self._lines.values() if not line.is_blank]

    def _append(self, lines: list[str]) -> None:
        if not lines or self._file is None or self.error is not None:
            return
        text = "".join(f"{line}\n" for line in lines)
        self._clock.mark()
        try:
            self._file.write(self._masked(text).encode("utf-8", "replace"))
        except OSError as error:
            self.error = error

    def _masked(self, text: str) -> str:
        """Mask secrets. A text that has any loses its colours, which may stand inside of one."""
        bare = plain(text)
        masked = self._mask(bare)
        return text if masked == bare else masked


class Tee:
    """A stream that copies what is written to it into a log.

    Args:
        source: the stream's name in the log.
    """

    def __init__(self, stream: Any, log: Log, source: str = "stdout") -> None:  # noqa: ANN401
        self._aml_stream = stream
        self._aml_source = source
        self._aml_log: Log | None = log

    def write(self, text: str) -> int:
        """Write to the stream, and to the log while the cell runs."""
        written: int = self._aml_stream.write(text)
        log = self._aml_log
        if log is not None and isinstance(text, str):
            log.write(text, self._aml_source)
        return written

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each line."""
        for line in lines:
            self.write(line)

    def detach_log(self) -> None:
        """Stop writing to the log. Loggers and progress bars may keep this object as a stream."""
        self._aml_log = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._aml_stream, name)

    def __setattr__(self, name: str, value: object) -> None:
        # IPython puts a `write` of its own on the stream it finds, and that calls ours.
        if name.startswith("_aml_") or hasattr(type(self), name):
            object.__setattr__(self, name, value)
        else:
            setattr(self._aml_stream, name, value)

    def __iter__(self) -> Any:  # noqa: ANN401
        return iter(self._aml_stream)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._aml_stream.flush()


class Capture:
    """Copies the standard output and error of a cell into a log."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self._tees: dict[str, Tee] = {}
        self._aside: dict[logging.Logger, logging.Handler] = {}

    def start(self) -> None:
        """Replace each stream by a tee."""
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if stream is not None:
                self._tees[name] = Tee(stream, self.log, name)
                setattr(sys, name, self._tees[name])
        self._put_aside()

    def _put_aside(self) -> None:
        """Show the kernel's own messages as before, but keep them out of the log."""
        stream = sys.stderr
        while isinstance(stream, Tee):
            stream = stream._aml_stream  # noqa: SLF001 -- the other half of this file
        for logger in map(logging.getLogger, _KERNEL_LOGGERS):
            if logger.propagate and stream is not None:
                self._aside[logger] = logging.StreamHandler(stream)
                logger.addHandler(self._aside[logger])
                logger.propagate = False

    def stop(self) -> None:
        """Restore the streams, unless other code has replaced them meanwhile."""
        for name, tee in self._tees.items():
            tee.detach_log()
            if getattr(sys, name) is tee:
                setattr(sys, name, tee._aml_stream)  # noqa: SLF001 -- the other half of this file
        self._tees = {}
        for logger, handler in self._aside.items():
            logger.removeHandler(handler)
            logger.propagate = True
        self._aside = {}
        self.log.close()
