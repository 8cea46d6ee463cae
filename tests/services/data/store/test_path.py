from __future__ import annotations

import pytest

from aml_magics.errors import InvalidPathError
from aml_magics.services.data.store.path import check_name, checked_path


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
        ("a\ud800b", "half a character"),
    ],
)  # fmt: skip
def test_what_would_leave_the_root_is_refused(path, message):
    with pytest.raises(InvalidPathError, match=message):
        checked_path(path, "target_path")


@pytest.mark.parametrize("path", [None, 3, b"a", ["a"]])
def test_a_path_is_a_text(path):
    with pytest.raises(InvalidPathError, match="target_path is a text such as"):
        checked_path(path, "target_path")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/a/" + "x" * 256, r"of 256 bytes, and a name has at most 255"),
        ("é" * 128, r"'é+…' of 256 bytes"),
        ("a\ud800", "half a character"),
        ("a\0b", "NUL character"),
        ("/".join(["x" * 99] * 41), "longer than 4,095 bytes"),
    ],
)
def test_what_nothing_on_a_machine_can_be_called_is_refused(path, message):
    with pytest.raises(InvalidPathError, match=message):
        check_name(path, "target_path")


@pytest.mark.parametrize("path", ["", "/", "x" * 255, "é" * 127, "a\udc80b", "../a", "a\nb"])
def test_any_other_name_may_be(path):
    check_name(path)
