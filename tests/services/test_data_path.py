from __future__ import annotations

import pytest

from aml_magics.errors import InvalidPathError
from aml_magics.services.data_path import checked_path


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("", ""), ("/", ""), (".", ""), ("./", ""), ("a", "a"), ("a/", "a"), ("a//", "a"), ("./a/b/", "a/b"),
        ("a/*.csv", "a/*.csv"), ("a/**", "a/**"), ("é😀/x y", "é😀/x y"), ("..a/b..", "..a/b.."), ("-x", "-x"),
        ("a%2fb", "a%2fb"), (".//etc", "etc"), ("nul", "nul"),
    ],
)  # fmt: skip
def test_a_path_below_the_root_is_given_back_in_its_plain_form(path, clean):
    assert checked_path(path) == clean


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("..", "climbs out"), ("../a", "climbs out"), ("a/../../b", "climbs out"), ("./../a", "climbs out"),
        ("%2e%2e/a", "climbs out"), (".%2E/a", "climbs out"), ("a/..", "climbs out"), ("/etc/passwd", "is absolute"),
        ("//proc/self/root", "is absolute"), ("..\\a", "has a backslash"), ("C:/x", "drive letter"),
        ("c:", "drive letter"), ("a\0b", "control character"), ("a\nb", "control character"), ("a//b", "empty part"),
        ("a/./b", "empty part"), ("x" * 1025, "longer than 1024"), ("s3://b/a", "is a URL"),
        ("a/\ud800", "half a character of UTF-16"),
    ],
)  # fmt: skip
def test_what_would_leave_the_root_is_refused(path, message):
    with pytest.raises(InvalidPathError, match=message):
        checked_path(path, "target_path")


@pytest.mark.parametrize("path", [None, 3, b"a", ["a"]])
def test_a_path_is_a_text(path):
    with pytest.raises(InvalidPathError, match="target_path is a text such as"):
        checked_path(path, "target_path")
