from __future__ import annotations

import pytest

from aml_magics.errors import UsageError
from aml_magics.views.text.expression import expression


@pytest.mark.parametrize(
    "text", ["loss.*nan", r"^\s*\w+Error:", "a|b", "(?:a|b) c+", r"\d{3}", "[*+({]+", r"\(a+\)*"]
)
def test_a_usual_expression_is_read(text: str) -> None:
    assert expression(text).pattern == text


@pytest.mark.parametrize(
    "text", ["(a+)+$", "(a|aa)+$", "((a*)b)*", "(a*){20}", "(?:x|y){2,}", ".*.*.*.*x"]
)
def test_one_that_could_take_forever_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="could take forever"):
        expression(text)


def test_what_cannot_be_read_is_said_with_its_reason() -> None:
    with pytest.raises(UsageError, match=r"'\(' cannot be read: missing \)"):
        expression("(")
    with pytest.raises(UsageError, match="at most 300 characters, not 301"):
        expression("x" * 301)
