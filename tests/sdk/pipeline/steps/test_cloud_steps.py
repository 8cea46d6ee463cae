"""Steps that need a cloud say so when they are made."""

from __future__ import annotations

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
