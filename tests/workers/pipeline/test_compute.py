"""Each step runs on its own compute target, and a sweep is a step, too."""

from __future__ import annotations

import pytest

from aml_magics.errors import ComputeTargetError
from aml_magics.records.pipeline.definition import ParameterDefinition
from aml_magics.records.status import RunStatus
from aml_magics.services.compute import registry
from tests.workers.conftest import ended
from tests.workers.pipeline.conftest import step, steps_of


def test_steps_run_on_their_own_targets(store, pipeline_in):
    registry.create(store, "pool", "aml_compute", {"vm_size": "STANDARD_D2_V2", "max_nodes": 1})
    run = pipeline_in(
        store,
        {"e.py": ""},
        step("here", "e.py"),
        step("there", "e.py", after=["here"], target="pool"),
        step("chosen", "e.py", target="$AML_PARAMETER_where"),
        parameters=[ParameterDefinition("where", "string", "pool")],
    )
    assert ended(store, run).status is RunStatus.COMPLETED
    targets = {name: one.run.target for name, one in steps_of(store, run).items()}
    assert targets == {"here": "local", "there": "pool", "chosen": "pool"}


def test_a_target_that_is_not_there_is_refused_at_submission(store, pipeline_in):
    with pytest.raises(ComputeTargetError, match="none"):
        pipeline_in(store, {"e.py": ""}, step("a", "e.py", target="none"))
    with pytest.raises(ComputeTargetError, match="none"):
        pipeline_in(
            store,
            {"e.py": ""},
            step("a", "e.py", target="$AML_PARAMETER_where"),
            parameters=[ParameterDefinition("where", "string", "local")],
            given={"where": "none"},
        )
