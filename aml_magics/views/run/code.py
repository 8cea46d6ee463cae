"""The code of a run: its snapshot, part by part, and code that gets the run or runs it again."""

from __future__ import annotations

import json
import re
import shlex
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from aml_magics.records.data.data_use import DataUse
from aml_magics.services.run import code_snapshot as snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.job import JobRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

LONGEST: Final = 256_000
_TITLES: Final = {
    "warnings": "Warnings",
    "source": "Code of the cell",
    "upstream": "Cells it builds on",
    "data": "Data",
    "git": "Git",
    "patch": "Uncommitted changes",
    "packages": "Packages",
}


@dataclass(frozen=True, slots=True)
class SnapshotPartView:
    """One part: its name in the store, its title and its text."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SnapshotView:
    """All parts of a run's snapshot; empty if none was taken."""

    parts: tuple[SnapshotPartView, ...]


def snapshot_view(store: Store, record: RunRecord) -> SnapshotView:
    """The view of a run's snapshot."""
    return snapshot_view_of(snapshot.of(store, record))


def snapshot_view_of(parts: Mapping[str, str]) -> SnapshotView:
    """The view of a snapshot from its parts."""
    names = [*(name for name in _TITLES if name in parts), *sorted(parts.keys() - _TITLES.keys())]
    return SnapshotView(
        tuple(
            SnapshotPartView(name, _TITLES.get(name, name), _readable(parts[name]))
            for name in names
            if parts[name].strip()
        )
    )


def _readable(text: str) -> str:
    if text.lstrip().startswith("{"):
        with suppress(ValueError):  # code can start with the same characters
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}\n… {len(text) - LONGEST:,} more characters are kept and not shown."


CELL_MAGIC: Final = "%%aml_run"
_RESUME: Final = re.compile(r"""\s--resume(?:=|\s+)(?:'[^']*'|"[^"]*"|\{"[^"]*"\}|\S+)""")

_KEPT: Final = frozenset(("--param", "--tag", "--out", "--expect", "--quiet", "--no-capture"))


@dataclass(frozen=True, slots=True)
class RunCodeView:
    """Code for a notebook; empty if there is none.

    ``handle`` gets the run, ``again`` runs it anew, ``resume`` goes on with it.
    """

    handle: str
    again: str
    resume: str


def run_code_view(store: Store, record: RunRecord) -> RunCodeView:
    """Code that gets a run, runs it again, and goes on with it."""
    source = snapshot.part(store, record, "source")
    with store.catalogue.read() as connection:
        job = store.jobs.get(connection, record.key)
    workspace = json.dumps(store.record.name)
    handle = (
        "from aml_magics import Workspace\n\n"
        f"run = Workspace.get(name={workspace}).get_run({json.dumps(record.id)})"
    )
    if source.lstrip().startswith(CELL_MAGIC):
        line, _, body = source.lstrip().partition("\n")
        resumed = " ".join([CELL_MAGIC, "--resume", magic_word(record.id), *_kept_options(line)])
        return RunCodeView(handle, f"{_RESUME.sub('', line)}\n{body}", f"{resumed}\n{body}")
    if job is not None:
        return RunCodeView(handle, _submission(record, job), "")
    return RunCodeView(
        handle,
        source,
        f'{CELL_MAGIC} --resume {magic_word(record.id)}\n\nrun.log("metric", 0.0)\n',
    )


def _kept_options(line: str) -> list[str]:
    """The options of a cell's first line that a resumed run takes, as they are written."""
    try:
        words = shlex.split(line, posix=False)  # with their quotes
    except ValueError:
        return []
    kept, is_kept = [], False
    for word in words:
        if word.startswith("--"):
            is_kept = word.partition("=")[0] in _KEPT
        if is_kept:
            kept.append(word)
    return kept


def magic_word(text: str) -> str:
    """A word of a magic's line that stands for ``text`` and nothing else.

    ``$name`` and ``{expression}`` are filled in there, so a text with such signs is an expression.
    """
    if re.fullmatch(r"[A-Za-z0-9_.][A-Za-z0-9_.-]*", text):
        return text
    if not re.search(r"[${}]", text):
        return shlex.quote(text)
    letters = (
        letter if letter.isalnum() or letter in " _.-" else f"\\U{ord(letter):08x}"
        for letter in text
    )
    return f'{{"{"".join(letters)}"}}'


def _submission(record: RunRecord, job: JobRecord) -> str:
    """The line that submits a script again, from any folder; empty if ``%aml submit`` cannot say all that it needs."""
    if job.script is None or job.command or job.variables or job.data != DataUse():
        return ""
    script = PurePath(job.folder or "", job.script)
    words = ["%aml submit", magic_word(str(script))]
    if job.folder is not None and script.parent != PurePath(job.folder):
        words += ["--source", magic_word(job.folder)]
    words += ["--experiment", magic_word(record.experiment)]
    if job.environment is not None:
        words += ["--environment", magic_word(str(job.environment.get("name", "")))]
    if job.max_seconds is not None:
        words += ["--max-seconds", f"{job.max_seconds:g}"]
    if job.arguments:
        words += ["--args", *map(magic_word, job.arguments)]
    return " ".join(words)
