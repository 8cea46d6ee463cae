"""Steps that need a cloud say so when they are made."""

from __future__ import annotations

from inspect import signature

import pytest

from aml_magics.errors import PipelineError
from aml_magics.sdk.pipeline.steps import cloud_steps

NAMES = (
    *("AdlaStep", "AutoMLStep", "AzureBatchStep"),
    *("DatabricksStep", "KustoStep", "SynapseSparkStep"),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_step_that_needs_a_cloud_is_refused_as_it_is_made(name):
    made = getattr(cloud_steps, name)
    with pytest.raises(
        PipelineError, match=rf"Step 'clean' is a {name}, which needs .*Do its work"
    ):
        made(name="clean", compute_target="cluster")
    with pytest.raises(PipelineError, match=f"Step 'clean' is a {name}"):
        made("clean")


def test_it_is_called_after_what_it_would_run_where_it_has_no_name():
    with pytest.raises(PipelineError, match=r"Step 'x.usql' is a AdlaStep"):
        cloud_steps.AdlaStep("x.usql", compute_target="adla")
    with pytest.raises(PipelineError, match="Step 'SynapseSparkStep' is a"):
        cloud_steps.SynapseSparkStep(driver_cores=2)


def test_it_has_azures_parameters():
    given = signature(cloud_steps.DatabricksStep).parameters
    assert {"notebook_path", "existing_cluster_id", "permit_cluster_restart"} <= set(given)
