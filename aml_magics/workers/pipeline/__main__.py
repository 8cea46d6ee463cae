"""``python -m aml_magics.workers.pipeline FOLDER RUN LOCK``: the controller of one run of a pipeline."""

from __future__ import annotations

import sys

from aml_magics.services.process.controller import PIPELINE
from aml_magics.workers.controlled import control
from aml_magics.workers.pipeline.controller import Controller


def main(folder: str, run_id: str, handle: str) -> None:
    """Control a pipeline to its end; ``handle`` is the inherited lock of the starting process."""
    control(PIPELINE, Controller, folder, run_id, handle)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
