from __future__ import annotations

from aml_magics.commands.manage.note import NoteCommand


def test_a_note_is_written_shown_and_removed(ask, trained):
    said = ask(trained, "note", "quick", "rate", "too", "high")

    assert said.text.endswith(") notes: rate too high")
    assert said.value.description == "rate too high"
    assert ask(trained, "note", "quick").text == said.text
    assert ask(trained, "note", "quick", "").text.endswith(") has no note.")


def test_markup_in_a_note_stays_text(ask, trained):
    assert "<img" not in ask(trained, "note", "quick", "<img src=x>").html


def test_the_run_completes(trained):
    assert "quick" in NoteCommand().suggest(trained, "run")
    assert NoteCommand().suggest(trained, "text") == []
