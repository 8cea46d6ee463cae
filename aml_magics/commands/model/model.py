"""``model``: show one version of a model, compare it, change it, copy its files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.commands._base import Answer, Command
from aml_magics.commands.manage.tag import read_tags
from aml_magics.errors import UsageError
from aml_magics.sdk.model.model import Model
from aml_magics.services.model import edit as edits
from aml_magics.services.model import files, registry
from aml_magics.services.model.edit import ModelEdit
from aml_magics.views.model.diff import model_diff_view
from aml_magics.views.model.models import models_view
from aml_magics.views.model.output import model_output, models_output
from aml_magics.views.run.static_diff import diff_page

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from aml_magics.commands._parser import Parser
    from aml_magics.records.model import ModelRecord
    from aml_magics.sdk.workspace.workspace import Workspace

    Verb = Callable[[Workspace, ModelRecord, Sequence[str]], Answer]

MODEL_HELP: Final = "NAME, NAME:VERSION or NAME@ALIAS; a name alone is its newest version"


class ModelCommand(Command):
    """Shows or changes one version of a model; the value is its handle."""

    summary = "Show a version of a model: files, lineage, metrics; or change it."
    details = """\
  %aml model digits                         the newest version
  %aml model digits@champion diff digits    what changed from one to the other
  %aml model digits versions
  %aml model digits:2 alias champion        `unalias` takes it away
  %aml model digits:2 stage Production
  %aml model digits:2 note "trained on all of 2024"
  %aml model digits:2 tag team=blue         `untag team` removes it
  %aml model digits:2 download ./here
  %aml model digits:2 delete                refused while a service uses it
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the model, and what to do with it."""
        parser.add_argument("model", metavar="MODEL", help=MODEL_HELP)
        parser.add_argument("verb", nargs="?", choices=sorted(_VERBS), help="what to do with it")
        parser.add_argument("words", nargs="*", metavar="WORD", help="what the verb takes")

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Show the model, or do what the verb says."""
        record = registry.find(workspace.store, options.model)
        if options.verb is None:
            return Answer.of_output(
                lambda: model_output(workspace.store, record), lambda: _handle(workspace, record)
            )
        return _VERBS[options.verb](workspace, record, options.words)

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest models, and what a verb takes."""
        if name == "model":
            return model_words(workspace)
        return [*edits.STAGES[1:], *model_words(workspace)] if name == "words" else []


def model_words(workspace: Workspace) -> list[str]:
    """Names of models, with their aliases and newest versions."""
    store = workspace.store
    named = [
        f"{one.name}@{alias}" for one in registry.list_registered(store) for alias in one.aliases
    ]
    newest = [record for record, _ in registry.newest(store)]
    return [*(one.name for one in newest), *named, *(one.id for one in newest)]


def _alias(workspace: Workspace, record: ModelRecord, words: Sequence[str]) -> Answer:
    [alias] = _exactly(words, 1, "alias NAME")
    now = edits.set_alias(workspace.store, record.name, alias, record.version)
    return _said(workspace, now, f"is {record.name}@{alias.removeprefix('@')} now.")


def _unalias(workspace: Workspace, record: ModelRecord, words: Sequence[str]) -> Answer:
    [alias] = _exactly(words, 1, "unalias NAME")
    if alias.removeprefix("@") not in record.aliases:
        has = ", ".join(record.aliases) or "none"
        raise UsageError(f"Model {record.id} has no alias {alias!r:.80}; it has {has}.")
    edits.delete_alias(workspace.store, record.name, alias)
    return _said(workspace, record, f"is not {record.name}@{alias.removeprefix('@')} any more.")


def _stage(workspace: Workspace, record: ModelRecord, words: Sequence[str]) -> Answer:
    [stage] = _exactly(words, 1, "stage None|Staging|Production|Archived")
    now = edits.set_stage(workspace.store, record, stage)
    return _said(workspace, now, f"is in the stage {now.stage or 'None'}.")


def _note(workspace: Workspace, record: ModelRecord, words: Sequence[str]) -> Answer:
    if words:
        change = ModelEdit(description=" ".join(words))
        record = edits.edit(workspace.store, record, change)
    notes = record.description
    return _said(workspace, record, f"has the notes:\n{notes}" if notes else "has no notes.")


def _tag(workspace: Workspace, record: ModelRecord, words: Sequence[str]) -> Answer:
    if words:
        record = edits.edit(workspace.store, record, ModelEdit(tags=read_tags(words)))
    return _said(workspace, record, _tags_text(record))


def _untag(workspace: Workspace, record: ModelRecord, words: Sequence[str]) -> Answer:
    missing = [name for name in words if name not in record.tags]
    if not words or missing:
        has = ", ".join(record.tags) or "none"
        raise UsageError(
            f"`untag` takes names of tags of model {record.id}, which has {has}"
            f"{f', and not {missing[0]!r:.80}' if missing else ''}."
        )
    now = edits.edit(workspace.store, record, ModelEdit(removed_tags=words))
    return _said(workspace, now, _tags_text(now))


def _download(workspace: Workspace, record: ModelRecord, words: Sequence[str]) -> Answer:
    if len(words) > 1:
        _exactly(words, 1, "download [FOLDER]")
    path = files.download(workspace.store, record, Path(words[0] if words else "."))
    return Answer.of_text(f"Model {record.id} is in {path}", str(path))


def _delete(workspace: Workspace, record: ModelRecord, words: Sequence[str]) -> Answer:
    _exactly(words, 0, "delete")
    edits.delete(workspace.store, record)
    return Answer.of_text(f"Model {record.id} is deleted; its number is not used again.", record.id)


def _diff(workspace: Workspace, record: ModelRecord, words: Sequence[str]) -> Answer:
    [text] = _exactly(words, 1, "diff MODEL")
    other = registry.find(workspace.store, text)
    if other.key == record.key:
        raise UsageError(f"Model {record.id} cannot be compared with itself; name another version.")
    view = model_diff_view(workspace.store, record, other)
    return Answer.of_page(lambda: diff_page(view), lambda: _handle(workspace, record))


def _versions(workspace: Workspace, record: ModelRecord, words: Sequence[str]) -> Answer:
    view = models_view(workspace.store, record.name, " ".join(words))
    shown = {row.version for row in view.rows}
    return Answer.of_output(
        lambda: models_output(view),
        lambda: [one for one in Model.list(workspace, record.name) if one.version in shown],
    )


_VERBS: Final[dict[str, Verb]] = {
    "alias": _alias,
    "delete": _delete,
    "diff": _diff,
    "download": _download,
    "note": _note,
    "stage": _stage,
    "tag": _tag,
    "unalias": _unalias,
    "untag": _untag,
    "versions": _versions,
}


def _exactly(words: Sequence[str], count: int, form: str) -> Sequence[str]:
    if len(words) != count:
        given = f"{len(words)} word{'s' * (len(words) != 1)}"
        raise UsageError(f"It is `%aml model MODEL {form}`, and {given} came after the verb.")
    return words


def _said(workspace: Workspace, record: ModelRecord, words: str) -> Answer:
    return Answer.of_text(f"Model {record.id} {words}", _handle(workspace, record))


def _tags_text(record: ModelRecord) -> str:
    shown = ", ".join(
        name if value is None else f"{name}={value}" for name, value in record.tags.items()
    )
    return f"has the tags {shown}" if shown else "has no tags."


def _handle(workspace: Workspace, record: ModelRecord) -> Model:
    return Model(workspace, record.name, version=record.version)
