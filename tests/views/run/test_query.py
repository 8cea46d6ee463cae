from __future__ import annotations

import pytest

from aml_magics.errors import UsageError
from aml_magics.views.run.query import goals_of


def test_goals_name_a_metric_and_its_way() -> None:
    assert goals_of("loss:min") == {"loss": "min"}
    assert goals_of(["val: loss : max", "speed:max"]) == {"val: loss": "max", "speed": "max"}
    assert goals_of([]) == {}


@pytest.mark.parametrize("text", ["loss", "loss:least", ":min", ""])
def test_what_is_no_goal_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="A goal is a metric, a colon, and min or max"):
        goals_of(text)
