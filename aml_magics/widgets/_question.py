"""Answers to the questions of views, and downloads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aml_magics.errors import InvalidArgumentError, UsageError
from aml_magics.views.run.file_preview import open_download
from aml_magics.views.screen.pace import reason_of
from aml_magics.views.screen.registry import answer
from aml_magics.views.text.format import bytes_text
from aml_magics.widgets._built import code_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aml_magics.store.store import Store

DOWNLOAD: Final = "download"
MODULE: Final = "module"
Result = TypeVar("Result")
MOST_BYTES: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer message and its binary buffers."""

    message: dict[str, Any]
    buffers: tuple[bytes, ...] = ()


def reply(store: Store, number: object, kind: str, question: Mapping[str, object]) -> Reply:
    """Answer one question with a value or an error message; never raises.

    Args:
        number: of the question, repeated in the answer.
        kind: of a question of the screens; ``download``, whose question is a run and a file; or ``module``,
            whose question is the kind of another screen, for its code.
    """
    if kind == DOWNLOAD:
        content = outcome_of(lambda: _bytes_of(store, question))
        if isinstance(content, bytes):
            return Reply({"answer": number, "value": {"size": len(content)}}, (content,))
        return Reply({"answer": number, "error": reason_of(content)})
    if kind == MODULE:
        value = outcome_of(lambda: _module_of(question))
    else:
        value = outcome_of(lambda: answer(store, kind, question))
    if isinstance(value, Exception):
        return Reply({"answer": number, "error": reason_of(value)})
    return Reply({"answer": number, "value": value})


def outcome_of(work: Callable[[], Result]) -> Result | Exception:
    """The result of work, or its exception.

    An error raised in a thread or by a message of a view would reach nobody who can act on it.
    """
    try:
        return work()
    except Exception as error:  # noqa: BLE001 -- a thread, or a kernel that answers views, outlives it
        return error


def _module_of(question: Mapping[str, object]) -> dict[str, str]:
    script, style = code_of(str(question.get("screen", "")))
    return {"script": script, "style": style}


def _bytes_of(store: Store, question: Mapping[str, object]) -> bytes:
    """The bytes of a run's file; UsageError if it is too large to send through a kernel."""
    run, name = question.get("run"), question.get("file")
    if not isinstance(run, str) or not isinstance(name, str):
        raise InvalidArgumentError(
            f"A download names a run and a file, each a text, and this one has {run!r:.60} and {name!r:.60}."
        )
    stream, size, _ = open_download(store, run, name)
    with stream:
        if size > MOST_BYTES:
            raise UsageError(
                f"A file of up to {bytes_text(MOST_BYTES)} can be downloaded through the kernel, and {name!r} "
                f"has {bytes_text(size)}; run.download_file({name!r}) copies it to the notebook's folder."
            )
        return stream.read()
