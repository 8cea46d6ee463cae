from __future__ import annotations

import json
from dataclasses import asdict

from aml_magics.views.run.run import run_view_of
from aml_magics.views.text.encoding import plain
from tests.views.samples import failed_source, full_source


def test_a_view_is_the_same_json_as_by_the_standard_library() -> None:
    for source in (full_source(), failed_source()):
        view = run_view_of(source)

        assert json.dumps(plain(view), allow_nan=False) == json.dumps(asdict(view))
