"""Models in an ipywidgets box."""

from __future__ import annotations

import pytest

from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.model.model import Model
from aml_magics.services.model.registration import Registration, register_local_files
from aml_magics.widgets import ModelTable, ModelWidget


def test_models_and_one_of_them_are_shown(workspace, tmp_path):
    (tmp_path / "m.bin").write_bytes(b"m")
    register_local_files(workspace.store, tmp_path / "m.bin", Registration("digits"))

    table = ModelTable(workspace, filter="digits")
    assert table.get_state()["_snapshot"]["view"]["count"] == 1
    assert repr(table) == "ModelTable(filter='digits')"
    panel = ModelWidget(Model(workspace, "digits"))
    assert panel.get_state()["_snapshot"]["view"]["id"] == "digits:1"
    assert repr(panel) == "ModelWidget('digits:1')"
    with pytest.raises(InvalidArgumentError, match="ModelWidget takes a model, not str"):
        ModelWidget("digits")
