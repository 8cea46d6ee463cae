from __future__ import annotations

import io
import json

import pytest

from aml_magics.widgets import RunWidget, _question
from aml_magics.widgets._question import reply


def test_a_download_gives_the_bytes_beside_the_answer(sent, run):
    run.upload_file("outputs/model.bin", io.BytesIO(b"\x00\xff" * 10))
    widget = RunWidget(run)
    question = {"run": run.id, "file": "outputs/model.bin"}
    widget._handle_custom_msg({"ask": 4, "kind": "download", "question": question}, [])

    assert sent.answer(4) == {"answer": 4, "value": {"size": 20}}
    assert sent.buffers == [b"\x00\xff" * 10]


def test_a_file_that_is_too_large_for_the_kernel_is_refused_with_the_other_way(
    workspace, run, monkeypatch
):
    monkeypatch.setattr(_question, "MOST_BYTES", 10)
    run.upload_file("big.bin", io.BytesIO(b"x" * 11))
    found = reply(workspace.store, 1, "download", {"run": run.id, "file": "big.bin"})

    assert found.buffers == ()
    assert "A file of up to 10 B can be downloaded" in found.message["error"]
    assert "run.download_file('big.bin')" in found.message["error"]


@pytest.mark.parametrize("question", [{}, {"run": 1, "file": "x"}, {"run": "x", "file": None}])
def test_a_download_names_a_run_and_a_file(workspace, question):
    error = reply(workspace.store, 1, "download", question).message["error"]

    assert "A download names a run and a file" in error


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "missing.txt"])
def test_a_download_leaves_the_files_of_the_run_alone(workspace, run, name):
    found = reply(workspace.store, 1, "download", {"run": run.id, "file": name})

    assert found.buffers == ()
    assert found.message["error"]


def test_an_unknown_run_is_a_sentence(workspace):
    found = reply(workspace.store, 9, "cancel", {"run": "nobody"})

    assert found.message["answer"] == 9
    assert "No run 'nobody'" in found.message["error"]


@pytest.mark.parametrize("kind", ["", "rm -rf", "__class__"])
def test_an_unknown_question_is_answered_with_an_error(workspace, kind):
    assert reply(workspace.store, 1, kind, {}).message["error"]


def test_an_unforeseen_error_is_an_answer(workspace, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("aml_magics.widgets._question.answer", fail)

    assert reply(workspace.store, 1, "log", {}).message == {
        "answer": 1,
        "error": "ZeroDivisionError: by zero",
    }


def test_an_answer_is_strict_json(workspace, run):
    run.log("loss", float("nan"))
    found = reply(workspace.store, 1, "runs", {"query": {}, "offset": 0, "limit": 10})

    assert json.dumps(found.message, allow_nan=False)
    assert "value" in found.message


def test_the_view_of_another_run_can_be_asked_for(workspace, run, ended):
    found = reply(workspace.store, 1, "run", {"run": ended[0].id}).message["value"]

    assert (found["id"], found["status"]) == (ended[0].id, "Completed")
    assert json.dumps(found, allow_nan=False)
