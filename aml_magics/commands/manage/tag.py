"""``tag``: set, remove or show tags of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._suggestion import RUN_HELP, run_words, tag_words
from aml_magics.commands.manage._mark import named
from aml_magics.errors import NotFoundError, UsageError, did_you_mean
from aml_magics.sdk.run.run import Run
from aml_magics.services.run import run as runs
from aml_magics.services.run.manage.edit import RunEdit, edit

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from aml_magics.commands._parser import Parser
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace


class TagCommand(Command):
    """Sets and removes tags of a run; the value is its tags."""

    summary = "Set or remove tags of a run; without any show them."
    details = """\
  %aml tag quick stage=final owner="A. Turing"
  %aml tag quick --remove stage
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the run and its tags."""
        parser.add_argument("run", metavar="RUN", help=RUN_HELP)
        parser.add_argument("tags", nargs="*", metavar="NAME=VALUE", help="a tag to set")
        parser.add_argument(
            "--remove", action="append", default=[], metavar="NAME", help="a tag to remove"
        )

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Change the tags, all or none."""
        store = workspace.store
        record = runs.find(store, options.run)
        tags = read_tags(options.tags)
        _refuse_unknown(record, options.remove)
        if tags or options.remove:
            [record] = edit(store, [record.id], RunEdit(tags=tags, removed_tags=options.remove))
        shown = ", ".join(
            name if value is None else f"{name}={value}" for name, value in record.tags.items()
        )
        said = f"has the tags {shown}" if shown else "has no tags."
        return Answer.of_text(
            f"{named([record])} {said}", dict(Run.get(workspace, record.id).record.tags)
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest runs, and names of tags."""
        if name == "run":
            return run_words(workspace)
        if name == "tags":
            return [f"{tag}=" for tag in tag_words(workspace)]
        return tag_words(workspace) if name == "remove" else []


def read_tags(words: Sequence[str]) -> dict[str, str]:
    """The tags of words such as ``stage=final``; raises UsageError."""
    tags: dict[str, str] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name.strip():
            raise UsageError(
                f"A tag is NAME=VALUE, such as stage=final, not {word!r:.60}; "
                "quote a value that has blanks: owner='A. Turing'."
            )
        tags[name.strip()] = value
    return tags


def _refuse_unknown(record: RunRecord, names: Sequence[str]) -> None:
    for name in names:
        if name not in record.tags:
            near = did_you_mean(name, record.tags) or (
                f" It has {', '.join(record.tags)}." if record.tags else " It has none."
            )
            raise NotFoundError(f"Run {record.name!r} has no tag {name!r:.60}.{near}")
