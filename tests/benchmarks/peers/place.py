"""Where the peers' benchmark scripts are; they are no part of this repository."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "AML_MAGICS_BENCH_PEERS"
DRIVER = "bench_peers.py"


def scripts() -> Path:
    """The folder with ``bench_peers.py`` and ``peers/common.py``."""
    beside = Path(__file__).resolve().parents[3].parent / "shared" / "bench"
    folder = Path(os.environ.get(VARIABLE) or beside)
    if not (folder / DRIVER).is_file() or not (folder / "peers" / "common.py").is_file():
        raise SystemExit(
            f"The peers' scripts ({DRIVER}, peers/common.py) are not in {folder}; "
            f"set {VARIABLE} to the folder that holds them, or leave out --peers."
        )
    return folder
