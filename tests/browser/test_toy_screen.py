"""A screen is added by two folders, and no other file: it is seen in JupyterLab, in a widget and as HTML."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.notebook import LOAD
from tests.fixtures.lab import Lab
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.conftest import NotebookMaker

VIEW = '''"""A toy: a word, as often as it is wanted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToySubject:
    """Which word, and how often."""

    word: str
    times: int = 2


@dataclass(frozen=True, slots=True)
class ToyView:
    """The words."""

    word: str
    words: tuple[str, ...]


def toy_view(subject: ToySubject) -> ToyView:
    """The words of a subject."""
    return ToyView(subject.word, (subject.word,) * subject.times)
'''
ANSWER = '''"""Answers about toys."""

from aml_magics.store.store import Store
from aml_magics.views.contract.question import question
from aml_magics.views.toy.toy import ToySubject, ToyView, toy_view


@question
def toy(store: Store, asked: ToySubject) -> ToyView:
    """A toy."""
    return toy_view(asked)
'''
OUTPUT = '''"""The output of a toy."""

from aml_magics.store.store import Store
from aml_magics.views.contract.question import output
from aml_magics.views.static.output import Output, snapshot_of
from aml_magics.views.static.page import Page, paragraph
from aml_magics.views.toy.toy import ToySubject, toy_view


@output
def toy(store: Store, subject: ToySubject) -> Output:
    """The output of a toy."""
    view = toy_view(subject)
    page = Page("toy", "A toy", [paragraph(f"still {word}") for word in view.words])
    mime = "application/vnd.aml-magics.toy+json"
    return Output(mime, lambda: snapshot_of(store.record.name, view), lambda: page)
'''
INDEX = """import type { ToySubject, ToyView } from '../../contract.gen';
import type { Subject } from '../../ui/host';
import { textIn, type ScreenEntry } from '../../ui/screen';
import { snapshotOf, type Snapshot } from '../../ui/place/snapshot';

const entry: ScreenEntry = {
  kind: 'toy',
  mime: 'application/vnd.aml-magics.toy+json',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"></svg>',
  load: () => import('./screen'),
  subjectOf: ({ view }: Snapshot<ToyView>) => ({ kind: 'toy', word: view.word }),
  snapshot: async (host, { word }: Subject & ToySubject) =>
    snapshotOf(host, await host.ask('toy', { word })),
  title: ({ view }: Snapshot<ToyView>) => view.word,
  command: {
    id: 'aml-magics:open-toy',
    label: 'Open a toy',
    subjectOf: ({ word }) => (textIn(word) === null ? null : { kind: 'toy', word })
  }
};

export default entry;
"""
SCREEN = """import type { ToyView } from '../../contract.gen';
import { makeRoot } from '../../ui/root';
import type { Mount } from '../../ui/screen';
import './style.css';

export const mount: Mount = (parent, { view }) => {
  const { words } = view as ToyView;
  const root = makeRoot(parent, 'aml-toy', 'A toy', () => words.map(word => <b>{word}</b>));
  return { update: () => undefined, dispose: () => root.dispose() };
};
"""
STYLE = ".aml-toy b { color: rgb(1, 2, 3); }\n"
BUILT = ("node_modules", "lib", "__pycache__")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources with a screen more, built."""
    tree = tmp_path_factory.mktemp("tree")
    ours = shutil.ignore_patterns(*BUILT)
    shutil.copytree(ROOT / "aml_magics", tree / "aml_magics", ignore=ours)
    front = tree / "labextension"
    shutil.copytree(ROOT / "labextension", front, ignore=ours)
    (front / "node_modules").symlink_to(ROOT / "labextension" / "node_modules")
    views, screens = tree / "aml_magics" / "views" / "toy", front / "src" / "screens" / "toy"
    written = {
        views / "__init__.py": "",
        views / "toy.py": VIEW,
        views / "answer.py": ANSWER,
        views / "output.py": OUTPUT,
        screens / "index.ts": INDEX,
        screens / "screen.tsx": SCREEN,
        screens / "style.css": STYLE,
    }
    for path, text in written.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": str(tree)}
    for command in ([sys.executable, "bundle/contract.py"], ["npm", "run", "-s", "build"]):
        done = subprocess.run(
            command, cwd=front, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return tree


class TreeLab(Lab):
    """A JupyterLab that uses a copy of the package, and its front end."""

    def __init__(self, folder: Path, tree: Path) -> None:
        super().__init__(folder)
        self._tree = tree
        extensions = folder / "data" / "labextensions"
        extensions.mkdir(parents=True)
        (extensions / "aml-magics").symlink_to(tree / "aml_magics" / "labextension")

    def _environment(self) -> dict[str, str]:
        found = super()._environment()
        return {**found, "JUPYTER_PATH": found["JUPYTER_DATA_DIR"], "PYTHONPATH": str(self._tree)}


@pytest.fixture
def toy_lab(tree: Path, tmp_path: Path) -> Iterator[Lab]:
    lab = TreeLab(tmp_path / "lab", tree)
    lab.start()
    yield lab
    lab.stop()


SHOW = """from IPython.display import display
from ipywidgets import VBox
from aml_magics import Workspace
from aml_magics.views.screen.registry import output_of
from aml_magics.widgets import ScreenWidget
workspace = Workspace.from_config()
output = output_of(workspace.store, "toy", {"word": "hello"})
display(output.bundle(), raw=True)"""
BOX = 'VBox([ScreenWidget(workspace, "toy", {"word": "boxed"})])'
HTML = 'display({"text/html": output.html, "text/plain": output.text}, raw=True)'
OPEN = "word => window.jupyterapp.commands.execute('aml-magics:open-toy', { word })"


def test_two_folders_make_a_screen_everywhere(notebook: NotebookMaker, toy_lab: Lab) -> None:
    opened = notebook(LOAD, SHOW, BOX, HTML, of=toy_lab).open().run(0, 1, 2, 3)
    output, boxed, still = (opened.output(cell) for cell in (1, 2, 3))

    words = output.locator("section.aml-ui.aml-toy b")
    expect(words).to_have_text(["hello", "hello"])
    expect(words.first).to_have_css("color", "rgb(1, 2, 3)")
    inside = boxed.locator(".aml-widget section.aml-ui.aml-toy b")
    expect(inside).to_have_text(["boxed", "boxed"])
    expect(inside.first).to_have_css("color", "rgb(1, 2, 3)")
    expect(still.get_by_text("still hello")).to_have_count(2)

    opened.page.evaluate(OPEN, "tab")
    expect(opened.page.locator(".aml-lab-screen .aml-toy b")).to_have_text(["tab", "tab"])
