"""An area that another package adds: its folder and an entry point are all that it needs."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ANSWER = '''
from dataclasses import dataclass
from aml_magics.views.contract.question import question

@dataclass(frozen=True)
class ToySubject:
    size: int = 1

@question
def toy(store, asked: ToySubject):
    """Twice the size."""
    return {"double": 2 * asked.size}

@question
def runs(store, asked: ToySubject):
    """A kind of ours, which cannot be replaced."""
    return "theirs"
'''
FOLLOW = '''
from aml_magics.views.contract.question import subscription
from toys.answer import ToySubject

class Steps:
    is_over = False
    def __init__(self, size):
        self.size = size
    def next(self):
        self.is_over = True
        return [{"type": "end", "token": str(self.size)}]
    def whole(self):
        return []

@subscription
def toy(store, subject: ToySubject, token):
    """Ends at once."""
    return Steps(subject.size)
'''
OUTPUT = '''
from aml_magics.views.contract.question import output
from aml_magics.views.static.output import Output, snapshot_of
from aml_magics.views.static.page import Page
from toys.answer import ToySubject

@output
def toy(store, subject: ToySubject):
    """Its size."""
    return Output(
        "application/vnd.toys.toy+json",
        lambda: snapshot_of("w", {"size": subject.size}),
        lambda: Page("<p>toy</p>", "toy"),
    )
'''
PROGRAM = """
import json, logging, sys
logging.basicConfig(stream=sys.stdout, format="%(levelname)s %(message)s")
from aml_magics.views.screen.registry import QUESTIONS, answer, can_be_followed, output_of, subscribe
print(json.dumps([
    answer(None, "toy", {"size": 4}),
    can_be_followed("toy"),
    subscribe(None, "toy", {"size": 3}).next(),
    output_of(None, "toy", {}).snapshot["view"],
    QUESTIONS.get("runs").function.__module__,
    sorted({"toy", "runs", "dataset"} & set(QUESTIONS.all())),
]))
"""


def test_another_package_adds_a_screen_and_replaces_none_of_ours(tmp_path: Path) -> None:
    for name, text in (
        ("__init__", ""),
        ("answer", ANSWER),
        ("follow", FOLLOW),
        ("output", OUTPUT),
    ):
        path = tmp_path / "toys" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    info = tmp_path / "toys-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toys\nVersion: 1\n")
    points = "[aml_magics.views]\ntoys = toys\nbroken = nowhere_to_be_found\n"
    (info / "entry_points.txt").write_text(points)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    *said, last = done.stdout.splitlines()

    assert json.loads(last) == [
        {"double": 8},
        True,
        [{"type": "end", "token": "3"}],
        {"size": 1},
        "aml_magics.views.run.answer",
        ["dataset", "runs", "toy"],
    ]
    assert any(
        "the screens of toys (nowhere_to_be_found) cannot be imported" in line for line in said
    )
