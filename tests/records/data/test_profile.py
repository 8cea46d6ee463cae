from __future__ import annotations

import json
import math

from aml_magics.records.data.profile import ColumnProfile, Histogram, Profile


def test_a_profile_survives_strict_json() -> None:
    huge = 2**70
    whole = ColumnProfile("x\0", "integer", 3, 0, 0, low=-huge, high=huge, mean=0.0, deviation=0.0)
    real = ColumnProfile(
        "y",
        "decimal",
        3,
        1,
        2,
        is_exact=True,
        low=-math.inf,
        high=math.inf,
        quantiles=((0.5, 0.0),),
        histogram=Histogram((0.0, 1.0), (3,)),
        nan=1,
        infinite=2,
    )
    text = ColumnProfile("z", "string", 1, 0, 1, low="NaN", high="NaN", top=(("NaN", 1),))
    profile = Profile(4, (whole, real, text), is_exact=True, notices=("a",), width=3)

    assert Profile.of_dict(json.loads(json.dumps(profile.as_dict(), allow_nan=False))) == profile


def test_fields_that_say_nothing_are_not_kept() -> None:
    (column,) = Profile(1, (ColumnProfile("x", "list", 1, 0),)).as_dict()["columns"]

    assert column == {"name": "x", "type": "list", "count": 1, "missing": 0}
