"""``python -m aml_magics.workers.sweep FOLDER RUN LOCK``: the controller of one sweep."""

from __future__ import annotations

import sys

from aml_magics.services.process.controller import SWEEP
from aml_magics.workers.controlled import control
from aml_magics.workers.sweep.controller import Controller


def main(folder: str, run_id: str, handle: str) -> None:
    """Control a sweep to its end; ``handle`` is the inherited lock of the starting process."""
    control(SWEEP, Controller, folder, run_id, handle)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
