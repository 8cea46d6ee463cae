"""``python -m aml_magics.workers.pipeline.document``: reads the run configurations that a pipeline's document names.

It gets ``{"text": …, "folder": …}`` on its standard input, and writes ``{"definition": …}`` or ``{"error": …}``.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from aml_magics.errors import AmlError
from aml_magics.sdk.pipeline.document import configured
from aml_magics.services.pipeline.document.reading import read


def answer(asked: dict[str, str]) -> dict[str, object]:
    """The definition of a document, or what is wrong with it."""
    try:
        return {"definition": asdict(configured(read(asked["text"]), Path(asked["folder"])))}
    except AmlError as error:
        return {"error": str(error)}


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
