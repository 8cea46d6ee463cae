from __future__ import annotations

import logging

from aml_magics.sdk.run import telemetry


def test_whatever_is_asked_nothing_is_gathered(capsys):
    telemetry.set_diagnostics_collection(send_diagnostics=True)
    telemetry.add_diagnostics_properties({"a": 1})
    telemetry.set_diagnostics_properties({"a": 1})

    assert telemetry.get_diagnostics_collection_info("component")[0] is False
    assert telemetry.is_diagnostics_collection_info_available()
    assert telemetry.global_diagnostics_properties == {}
    assert capsys.readouterr() == ("", "")


def test_a_log_handler_drops_what_it_gets(capsys):
    handler = telemetry.get_telemetry_log_handler("key", component_name="x")
    handler.handle(logging.makeLogRecord({"msg": "secret"}))

    assert capsys.readouterr() == ("", "")
