"""``%aml modules`` lists the versions of modules, and says how the first one is made."""

from __future__ import annotations

from aml_magics.sdk.pipeline.module.module import Module
from aml_magics.sdk.pipeline.module.port_definition import InputPortDef, OutputPortDef


def test_a_workspace_without_modules_says_how_one_is_made(ask, workspace):
    answer = ask(workspace, "modules")

    assert "No modules yet. Module.create(ws, name, description) makes one" in answer.text
    assert answer.value.empty


def test_versions_are_listed_the_newest_first(ask, workspace, tmp_path):
    (tmp_path / "sum.py").write_text("print(1)\n", encoding="utf-8")
    module = Module.create(workspace, "<b>sums</b>", "adds")
    Module.create(workspace, "empty", "")
    for default in (True, False):
        module.publish_python_script(
            "sum.py",
            "",
            [InputPortDef("in")],
            [OutputPortDef("out")],
            is_default=default,
            source_directory=str(tmp_path),
        )
    module.deprecate()
    answer = ask(workspace, "modules")

    frame = answer.value
    assert list(frame["version"]) == ["", "2", "1"]
    assert list(frame["is_default"]) == [False, False, True]
    assert list(frame["status"]) == ["Active", "Deprecated", "Deprecated"]
    assert str(frame["created"].dtype) == "datetime64[us, UTC]"
    assert "1 (default)" in answer.text
    assert "<b>" not in answer.html
