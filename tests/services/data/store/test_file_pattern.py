"""File patterns mean what they mean to git."""

from __future__ import annotations

import subprocess

import pytest

from aml_magics.services.data.store.file_pattern import FilePatterns

NAMES = (
    *("a", "b", "ab", "aab.py", "a b", "[x]", "#b", "!a", "x-y", "z", "]", "a*b", ".hidden", "c/a"),
    *("c/d/a", "c/d/b.py", "d/c/a", "d/e/f/a", "aab/x", "deep/aab/b", "e/ab/ab/b", "f/g/h/i.txt"),
)


@pytest.mark.parametrize(
    "lines",
    [
        "a", "/a", "a/", "c/", "c/*", "c/**", "**/a", "c/**/a", "**/d/a", "*.py", "!a", "c\n!c/a",
        "c/*\n!c/a", "*\n!*.py", "*\n!*/\n!*.py", "#b", "\\#b", "\\!a", "a ", "a\\ b", "a\t", "a b  ",
        "[a-c]", "[!a]", "[^a-y]*", "[z-a]", "[]]", "[[]x]", "[\\]]", "[a-", "[", "[[:alpha:]]",
        "[[:punct:]]*", "[[:nope:]]", "?", "??", "a?b.py", "a\\*b", "a\\", "x[-]y", "x[a-]y", "**", "***",
        "**/", "/**", "/", "//", "a**b*", "**.py", "c//a", "aab/**/b", "e/**/ab/**/b", "f/**/*.txt",
        "d/*/a", "d/**/f", ".*", "**/*\n!**/", "/*\n!/c\n/c/*\n!/c/d",
    ],
)  # fmt: skip
def test_what_git_ignores_is_chosen(tmp_path, lines):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for name in NAMES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_dir():
            path.write_text("")
    (tmp_path / ".gitignore").write_text(f"{lines}\n")
    asked = ["git", "ls-files", "-z", "--others", "--exclude-per-directory=.gitignore"]
    told = subprocess.run(asked, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    kept = set(filter(None, told.split("\0")))
    patterns = FilePatterns(lines.splitlines())
    files = {
        path.relative_to(tmp_path).as_posix()
        for path in tmp_path.rglob("*")
        if path.is_file() and path.relative_to(tmp_path).parts[0] != ".git"
    }

    assert {name for name in files if not patterns.match_below(name)} == kept


def test_a_lone_mark_is_no_pattern():
    with pytest.raises(ValueError, match="'!' names nothing behind the '!'"):
        FilePatterns(["ok", "!"])


def test_a_line_longer_than_any_path_is_no_pattern():
    with pytest.raises(ValueError, match="has 5,000 letters; a path has at most 4,096"):
        FilePatterns(["# " + "x" * 9999, "*" * 5000])
