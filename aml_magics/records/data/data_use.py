"""The data of a submitted run: input datasets, output folders, data references.

``home`` of each is the folder of the workspace whose datastore it names, empty if unknown or found to be
the run's own.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from aml_magics.errors import SubmissionError
from aml_magics.records.artifact import check_artifact_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aml_magics.records.data.dataset import Definition

InputMechanism = Literal["Direct", "Mount", "Download"]
OutputMechanism = Literal["Mount", "Upload", "Link"]
ReferenceMechanism = Literal["Mount", "Download", "Upload"]

INPUT_PLACEHOLDER: Final = "DatasetConsumptionConfig:"
OUTPUT_PLACEHOLDER: Final = "DatasetOutputConfig:"
REFERENCE_VARIABLE: Final = "AZUREML_DATAREFERENCE_"
REFERENCE_PLACEHOLDER: Final = f"${REFERENCE_VARIABLE}"

_LONGEST: Final = 255
_NAME: Final = re.compile(r"\w[\w .-]*")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED: Final = re.compile(
    r"(LD|DYLD|LC|AML_MAGICS|AZUREML|GIT|MLFLOW|SSL|XDG|UV|PIP|CONDA)_.*|PYTHON[A-Z]+|.*_PROXY"
    r"|PATH|HOME|USER|LOGNAME|SHELL|PWD|OLDPWD|TMPDIR|TMP|TEMP|LANG|LANGUAGE|TZ|TERM|DISPLAY|IFS|ENV|BASH_ENV"
)


@dataclass(frozen=True, slots=True)
class DataInput:
    """A dataset that a script reads.

    ``dataset`` is its id; an unsaved dataset has none until it is saved from ``definition`` at submission.
    ``path_on_compute`` is where in its folder the script finds a copy or links; None for a path that is
    passed to it.
    """

    name: str
    mechanism: InputMechanism = "Direct"
    dataset: str = ""
    path_on_compute: str | None = None
    definition: Definition | None = None
    home: str = field(default="", compare=False)

    @property
    def placeholder(self) -> str:
        """Its placeholder among the arguments until the script begins."""
        return f"{INPUT_PLACEHOLDER}{self.name}"


@dataclass(frozen=True, slots=True)
class OutputResult:
    """A dataset made from an output: its name, None to leave it unnamed, and how files are read.

    ``format`` is empty for files; the other fields are those of a ``Definition``, and ``glob`` selects the
    files of the output to read, empty for all.
    """

    register_as: str | None = None
    description: str = ""
    tags: dict[str, str | None] = field(default_factory=dict)
    format: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    steps: tuple[dict[str, Any], ...] = ()
    partition_format: str = ""
    glob: str = ""


@dataclass(frozen=True, slots=True)
class DataOutput:
    """A folder that a script writes, and where its files go in a datastore after completion.

    Without ``results`` it is plain data, of which no dataset is made: the script makes the path itself, a folder or
    a file, and knows it by the placeholder of a data reference, too.

    ``path`` may have ``{run-id}`` and ``{output-name}``. ``path_on_compute`` is the folder that the
    script writes, below its own; None for a path that is passed to it. ``globs`` select files in git's
    notation; empty for all. A ``Link`` is a dataset that the script names itself.
    """

    name: str
    datastore: str
    path: str
    mechanism: OutputMechanism = "Mount"
    path_on_compute: str | None = None
    overwrite: bool = True
    globs: tuple[str, ...] = ()
    results: tuple[OutputResult, ...] = (OutputResult(),)
    home: str = field(default="", compare=False)

    @property
    def placeholder(self) -> str:
        """Its placeholder among the arguments until the script begins."""
        return f"{OUTPUT_PLACEHOLDER}{self.name}"

    def place(self, run_id: str) -> str:
        """The path below the datastore for a run."""
        return self.path.replace("{run-id}", run_id).replace("{output-name}", self.name)


@dataclass(frozen=True, slots=True)
class DataFolder:
    """A data reference: datastore files that a script reads, or a folder uploaded after it.

    ``may_be_empty``: where there is no file, the script gets an empty folder.
    """

    name: str
    datastore: str
    path: str = ""
    mechanism: ReferenceMechanism = "Mount"
    path_on_compute: str | None = None
    overwrite: bool = False
    home: str = field(default="", compare=False)
    may_be_empty: bool = False

    @property
    def placeholder(self) -> str:
        """Its placeholder among the arguments until the script begins."""
        return f"{REFERENCE_PLACEHOLDER}{self.name}"


@dataclass(frozen=True, slots=True)
class DataUse:
    """All data of a run."""

    inputs: tuple[DataInput, ...] = ()
    outputs: tuple[DataOutput, ...] = ()
    folders: tuple[DataFolder, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def parts(self) -> list[DataInput | DataOutput | DataFolder]:
        """All inputs, outputs and references."""
        return [*self.inputs, *self.outputs, *self.folders]

    @property
    def is_written(self) -> bool:
        """Whether the script writes files that are uploaded to a datastore."""
        mechanisms = {one.mechanism for one in self.outputs} | {
            one.mechanism for one in self.folders if one.mechanism == "Upload"
        }
        return bool(mechanisms - {"Link"})

    @classmethod
    def of_dict(cls, written: dict[str, Any]) -> DataUse:
        """Rebuild from ``dataclasses.asdict`` after JSON."""
        return cls(
            tuple(DataInput(**one) for one in written.get("inputs", ())),
            tuple(_output(one) for one in written.get("outputs", ())),
            tuple(DataFolder(**one) for one in written.get("folders", ())),
        )

    @classmethod
    def of(cls, parts: Iterable[DataInput | DataOutput | DataFolder]) -> DataUse:
        """Collect the data passed to a run; exact duplicates count once.

        Raises:
            SubmissionError: different parts with one name, or a part inside of another.
        """
        inputs: dict[str, DataInput] = {}
        outputs: dict[str, DataOutput] = {}
        folders: dict[str, DataFolder] = {}
        for one in parts:
            if isinstance(one, DataInput):
                _add(inputs, one, "inputs")
            elif isinstance(one, DataFolder):
                _add(folders, one, "data references")
            else:
                there = outputs.get(one.name)
                _add(outputs, one if there is None else _joined(there, one), "outputs")
        found = cls(tuple(inputs.values()), tuple(outputs.values()), tuple(folders.values()))
        _check_places(found)
        return found


def check_data_name(name: object, what: str = "input") -> str:
    """Return the name of an input or output if it can be a folder's and, if it looks so, a variable's.

    Raises:
        SubmissionError: not text, empty, too long, with characters other than letters, digits, blanks, ``_``,
            ``-`` and ``.``, or the name of a variable that programs rely on.
    """
    if not isinstance(name, str):
        raise SubmissionError(
            f"The name of an {what} is text, not {type(name).__name__} ({name!r:.60})."
        )
    if len(name) > _LONGEST or not _NAME.fullmatch(name) or not name.isprintable():
        raise SubmissionError(
            f"The name of an {what} is 1 to {_LONGEST} letters, digits, '_', '-', '.' or blanks and begins with "
            f"no mark, not {name[:60]!r}; give it another one."
        )
    if what == "input" and is_variable(name) and _RESERVED.fullmatch(name.upper()):
        raise SubmissionError(
            f"An input cannot be named {name!r}: the script gets its path in a variable of that name, and "
            f"programs rely on {name.upper()}; call it {'my_' + name.lower()!r}."
        )
    return name


def check_path_on_compute(path: object) -> str | None:
    """Return a path for data if it stays in the script's folder.

    An absolute path, such as ``/tmp/data``, is kept: the run maps it to a folder of its own.

    Raises:
        InvalidPathError: with ``..``, NUL or another control character, too long, or not text.
    """
    if path is None or path == "":
        return None
    text = os.fspath(path) if isinstance(path, os.PathLike) else path
    plain = text.rstrip("/") if isinstance(text, str) else text
    if isinstance(plain, str) and plain.startswith("/"):
        return "/" + check_artifact_name(plain.lstrip("/"), "path_on_compute")
    return check_artifact_name(plain, "path_on_compute")


def is_variable(name: str) -> bool:
    """Whether an environment variable can have the name."""
    return _VARIABLE.fullmatch(name) is not None


def words_with(words: Sequence[str], values: dict[str, str]) -> list[str]:
    """Replace the placeholders in the words of a command line.

    The placeholder of a dataset is a whole word, or follows ``--name=``; that of a data reference may be a
    part of a word, as in a shell.
    """
    # Longest first: `$…_data2` is not `$…_data` and a 2.
    ordered = sorted(values, key=len, reverse=True)

    def filled(word: str) -> str:
        head, given, tail = word.partition("=")
        if word in values:
            return values[word]
        if given and head.startswith("-") and tail in values:
            return f"{head}={values[tail]}"
        if REFERENCE_PLACEHOLDER not in word:
            return word
        parts = [re.escape(one) for one in ordered if one.startswith(REFERENCE_PLACEHOLDER)]
        return re.sub("|".join(parts), lambda hit: values[hit[0]], word) if parts else word

    return [filled(word) for word in words]


def _add(known: dict[str, Any], one: Any, kind: str) -> None:  # noqa: ANN401 -- of one of three kinds
    there = known.get(one.name)
    is_joined = (
        isinstance(one, DataOutput) and there and replace(one, results=there.results) == there
    )
    if there is not None and there != one and not is_joined:
        raise SubmissionError(
            f"Two {kind} are named {one.name!r} and are not the same; give each a name of its own."
        )
    known[one.name] = one


def _joined(there: DataOutput, one: DataOutput) -> DataOutput:
    """Merge the results of one output, as a random split has several."""
    more = [result for result in one.results if result not in there.results]
    return replace(one, results=(*there.results, *more))


def _check_places(found: DataUse) -> None:
    """Reject nested paths: a write there would reach the mounted data."""
    places: dict[tuple[str, ...], str] = {}
    for one in found.parts:
        if one.path_on_compute is None:
            continue
        steps = tuple(one.path_on_compute.split("/"))
        for other, name in places.items():
            shorter = min(len(steps), len(other))
            if steps[:shorter] == other[:shorter]:
                raise SubmissionError(
                    f"{one.name!r} and {name!r} would lie in one place ({one.path_on_compute!r}); give each a path "
                    "of its own, not inside of the other's."
                )
        places[steps] = one.name


def _output(written: dict[str, Any]) -> DataOutput:
    results = tuple(
        OutputResult(**{**one, "steps": tuple(one["steps"])}) for one in written["results"]
    )
    return DataOutput(**{**written, "globs": tuple(written["globs"]), "results": results})
