"""Conda files and requirement files come from anywhere: each bad one is a typed error that names it."""

from __future__ import annotations

import os

import pytest

from aml_magics.errors import InvalidEnvironmentError
from aml_magics.services.environment.specification import (
    LONGEST,
    read_conda_file,
    read_requirements,
)


def _file(tmp_path, content):
    path = tmp_path / "conda.yml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: [", "is no YAML that is read here: .*line 1"),
        ("a: &x [1]\nb: *x", r"aliases \(\*name\) are not read"),
        ("!!python/object/apply:os.system ['touch x']", "could not determine a constructor"),
        ("a: 2026-99-99", "is no YAML that is read here"),
        ("[" * 5000, "nested too deeply"),
        ("- a\n- b", "holds list where it has name, channels"),
        ("", "holds nothing where it has"),
        ("dependencies: 7", "`dependencies` .* is a list, not int"),
        ("dependencies: []\nchannels: a", "`channels` .* is a list of names, not 'a'"),
        ("dependencies:\n- conda: [a]", "A dependency .* is a name such as numpy=1.26"),
        ("dependencies:\n- pip: six", "`pip:` with a list"),
        ("dependencies:\n- pip: [7]", "`pip:` with a list"),
        ("dependencies:\n- 7", "A dependency .* not 7"),
        (b"a: \xff", r"is not UTF-8 text \(byte 3\)"),
    ],
)
def test_a_bad_conda_file_is_an_error_that_names_it(tmp_path, content, message):
    path = _file(tmp_path, content)

    with pytest.raises(InvalidEnvironmentError, match=message) as caught:
        read_conda_file(path)
    assert "conda.yml" in str(caught.value)
    assert not (tmp_path / "x").exists()


def test_a_billion_laughs_do_not_unfold(tmp_path):
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]

    with pytest.raises(InvalidEnvironmentError, match=r"aliases"):
        read_conda_file(_file(tmp_path, "\n".join(lines)))


def test_a_large_file_a_missing_one_and_a_fifo_are_not_read(tmp_path):
    with pytest.raises(InvalidEnvironmentError, match=r"has 262,145 bytes; at most 262,144"):
        read_conda_file(_file(tmp_path, "#" * (LONGEST + 1)))
    with pytest.raises(InvalidEnvironmentError, match=r"none.yml cannot be read: No such file"):
        read_conda_file(tmp_path / "none.yml")
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(InvalidEnvironmentError, match=r"fifo is not a file"):
        read_conda_file(tmp_path / "fifo")


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    path = _file(tmp_path, b"\xef\xbb\xbfdependencies:\r\n- six\r\n")

    assert read_conda_file(path) == {"dependencies": ["six"]}


def test_requirements_are_lines_without_comments_and_continued_ones_joined(tmp_path):
    text = "# head\r\na==1 \\\r\n  --hash=sha256:1\r\nb # why\n\nc#x\nd \\"
    path = tmp_path / "requirements.txt"
    path.write_text(text)

    assert read_requirements(path) == ["a==1 --hash=sha256:1", "b", "c#x", "d"]
