"""A service of ours, in a process of its own; it says its port, obeys lines, and deletes the service at the end."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.benchmarks.service._servers import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.benchmarks._bench import Bench, Process

NAME = "bench"


def serve(folder: str, replicas: int) -> dict[str, float]:
    """Deploy; print the port and the seconds to Healthy; update for each line ``update``, until there is none."""
    from aml_magics import Workspace
    from aml_magics.sdk.model.model import Model
    from aml_magics.sdk.service.aks import AksWebservice
    from aml_magics.sdk.service.inference_config import InferenceConfig

    workspace = Workspace.from_config()
    config = InferenceConfig(entry_script="score.py", source_directory=folder)
    target = AksWebservice.deploy_configuration(
        autoscale_enabled=False, num_replicas=replicas, auth_enabled=False
    )
    began = time.perf_counter()
    service = Model.deploy(workspace, NAME, [], config, target)
    service.wait_for_deployment()
    healthy = time.perf_counter() - began
    print(str(service.scoring_uri).split(":")[2].partition("/")[0], healthy, flush=True)
    try:
        for line in sys.stdin:
            if line.strip() != "update":
                break
            service.update(inference_config=config)
            service.wait_for_deployment()
            print("updated", flush=True)
    finally:
        service.delete()
    return {"healthy": healthy}


@contextmanager
def ours(bench: Bench, folder: Path, replicas: int = 1) -> Iterator[tuple[Server, float, Process]]:
    """The server, the seconds until it was Healthy, and the process that takes ``update``."""
    process = bench.start(bench.home(), serve, str(folder), replicas)
    line = process.line()
    while not line[:1].isdigit():  # what the SDK prints
        line = process.line()
    port, healthy = line.split()
    try:
        yield Server(int(port)), float(healthy), process
    finally:
        process.tell("end")
        process.finish()
