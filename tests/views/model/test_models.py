"""The table of models comes in pages, sorted by the host."""

from __future__ import annotations

import pytest

from aml_magics.errors import ModelNotFoundError, UsageError
from aml_magics.records.model import ModelFile
from aml_magics.services.model import edit
from aml_magics.services.model.registration import Registration, register_kept_files
from aml_magics.services.run import metric
from aml_magics.services.run import run as runs
from aml_magics.views.model.models import models_view
from aml_magics.views.screen.registry import answer


@pytest.fixture
def many(sqlite_store):
    """Three versions of each of `m1` … `m12`: sizes go down, and every second has a metric."""
    store = sqlite_store
    for number in range(1, 13):
        for version in (1, 2, 3):
            run = runs.start(store, "e")
            if number % 2 and version == 3:
                metric.writer(store, run).number("accuracy", number / 10)
            runs.complete(store, run)
            files = [ModelFile("m/f", "0" * 64, 100 - number)] * (version == 3)
            register_kept_files(
                store, "m", files, Registration(f"m{number}", description="x" * (number % 3)), run
            )
    edit.set_alias(store, "m4", "champion", 2)
    return store


def names(store, **asked):
    return [one["name"] for one in answer(store, "models", asked)["rows"]]


def test_pages_follow_each_other(many):
    every = [f"m{number}" for number in range(12, 0, -1)]
    assert names(many) == every
    assert names(many, limit=5) + names(many, limit=5, offset=5) + names(many, offset=10) == every
    assert names(many, offset=12) == []
    view = answer(many, "models", {"limit": 5, "offset": 5})
    assert (view["offset"], view["count"], view["total"]) == (5, 12, 12)
    assert {one["versions"] for one in view["rows"]} == {3}

    view = answer(many, "models", {"name": "m3", "limit": 2, "offset": 1})
    assert [one["version"] for one in view["rows"]] == [2, 1]
    assert (view["count"], view["total"]) == (3, 3)
    with pytest.raises(ModelNotFoundError):
        answer(many, "models", {"name": "M3", "offset": 5})
    assert [one.version for one in models_view(many, "m3").rows] == [3, 2, 1]


def test_rows_are_sorted_by_every_column(many):
    up = [f"m{number}" for number in range(1, 13)]
    assert names(many, sort="name") == up  # digits as numbers
    assert names(many, sort="name", descending=True, limit=2, offset=1) == ["m11", "m10"]
    assert names(many, sort="size", limit=3) == ["m12", "m11", "m10"]
    assert names(many, sort="created") == up
    for column in ("version", "framework", "author", "description", "aliases", "run", "uses"):
        assert sorted(names(many, sort=column)) == sorted(up), column


def test_what_has_no_value_comes_last_either_way(many):
    odd = ["m1", "m3", "m5", "m7", "m9", "m11"]
    assert names(many, sort="metrics.accuracy")[:6] == odd
    assert names(many, sort="metrics.accuracy", descending=True)[:6] == odd[::-1]
    assert names(many, sort="aliases")[0] == names(many, sort="aliases", descending=True)[0] == "m4"
    assert names(many, sort="description", descending=True)[-4:] == ["m12", "m9", "m6", "m3"]


def test_a_filter_is_sorted_and_paged_as_well(many):
    asked = {"filter": "metrics.accuracy > 0.4", "sort": "size", "limit": 2}
    assert names(many, **asked) == ["m11", "m9"]
    view = answer(many, "models", {**asked, "offset": 2})
    assert [one["name"] for one in view["rows"]] == ["m7", "m5"]
    assert (view["count"], view["total"]) == (4, 12)
    assert names(many, filter="m1", sort="name") == ["m1", "m10", "m11", "m12"]


def test_an_unknown_column_is_refused(many):
    with pytest.raises(UsageError, match=r"not sorted by 'sise'\. Did you mean 'size'\?"):
        answer(many, "models", {"sort": "sise"})
    with pytest.raises(UsageError, match="between 1 and 2,000"):
        answer(many, "models", {"limit": 0})
