from __future__ import annotations

import pytest

from aml_magics.commands.manage.tag import TagCommand
from aml_magics.errors import NotFoundError, UsageError


def test_tags_are_set_removed_and_shown(ask, trained):
    answer = ask(
        trained, "tag", "quick", "owner=A. Turing", "empty=", "eq=a=b", "--remove", "stage"
    )

    assert answer.value == {"owner": "A. Turing", "empty": "", "eq": "a=b"}
    assert answer.text.endswith(") has the tags owner=A. Turing, empty=, eq=a=b")
    assert ask(trained, "tag", "quick").value == answer.value
    ask(trained, "tag", "quick", *(f"--remove={name}" for name in answer.value))
    assert ask(trained, "tag", "quick").text.endswith(") has no tags.")


def test_a_word_that_is_no_tag_and_a_tag_that_is_not_there_change_nothing(ask, trained):
    with pytest.raises(UsageError, match="A tag is NAME=VALUE, such as stage=final, not 'final'"):
        ask(trained, "tag", "quick", "a=1", "final")
    with pytest.raises(NotFoundError, match=r"no tag 'stag'.*Did you mean 'stage'"):
        ask(trained, "tag", "quick", "a=1", "--remove", "stag")

    assert ask(trained, "tag", "quick").value == {"stage": "try"}


def test_runs_and_names_of_tags_complete(trained):
    assert "quick" in TagCommand().suggest(trained, "run")
    assert TagCommand().suggest(trained, "tags") == ["stage="]
    assert TagCommand().suggest(trained, "remove") == ["stage"]
