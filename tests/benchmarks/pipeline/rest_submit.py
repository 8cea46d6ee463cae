"""A published pipeline that is started by REST: from the request to the answer, when the run is there."""

from __future__ import annotations

import http.client
import json
import tempfile
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench


def requests(count: int, is_reused: bool) -> list[float]:
    """Seconds of each request for a pipeline of two steps; of one that is reused, no step runs."""
    from aml_magics import Workspace
    from aml_magics.sdk.pipeline.pipeline import Pipeline
    from aml_magics.sdk.pipeline.pipeline_run import PipelineRun
    from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep
    from aml_magics.sdk.workspace.authentication import InteractiveLoginAuthentication
    from aml_magics.services.process import rest

    workspace = Workspace.from_config()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "script.py").write_text("print(1)", "utf-8")
        first, second = (
            PythonScriptStep("script.py", name, source_directory=folder, allow_reuse=is_reused)
            for name in ("one", "two")
        )
        second.run_after(first)
        pipeline = Pipeline(workspace, [first, second])
        pipeline.submit("bench").wait_for_completion(show_output=False)
        address = urlsplit(pipeline.publish("bench").endpoint)
    connection = http.client.HTTPConnection(address.netloc, timeout=60)
    header = InteractiveLoginAuthentication().get_authentication_header()
    body = json.dumps({"ExperimentName": "bench"})
    found = []
    for _ in range(count + 1):
        began = perf_counter()
        connection.request("POST", address.path, body, header)
        answer = connection.getresponse()
        run_id = json.loads(answer.read())["Id"]
        found.append(perf_counter() - began)
        # else the scripts of earlier runs would take the processors of the next
        PipelineRun.get(workspace, run_id).wait_for_completion(show_output=False)
    connection.close()
    rest.down(workspace.store)
    return found[1:]  # the first waits for the process to begin


def measure(bench: Bench) -> Figures:
    """Fifty requests; three in a quick sitting."""
    count = bench.times(50, 3)
    reused = bench.call(bench.home(), requests, count, True)
    fresh = bench.call(bench.home(), requests, bench.times(20, 3), False)
    return {
        "submit by REST, all steps reused: p50": Figure(1000 * median(reused), "ms", at_most=50),
        "submit by REST, steps to run: p50": Figure(1000 * median(fresh), "ms", at_most=50),
        "submit by REST, steps to run: p90": Figure(1000 * quantiles(fresh, n=10)[-1], "ms"),
    }
