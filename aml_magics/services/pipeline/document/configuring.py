"""The definition of a document with the files that it names.

Run configurations are the SDK's, which services do not know: a process of its own reads them, as ``Pipeline.load_yaml``
does.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from aml_magics.errors import PipelineError
from aml_magics.records.pipeline.definition import PipelineDefinition
from aml_magics.services.pipeline.document.reading import definition_in, read

if TYPE_CHECKING:
    from pathlib import Path

_PROGRAM: Final = "aml_magics.workers.pipeline.document"
_LONGEST: Final = 120.0
"""Seconds; it takes one or two."""


def definition_of(text: str, folder: Path) -> PipelineDefinition:
    """The definition of a document, whose folders and run configurations are found from a folder: that of its file.

    Raises:
        PipelineDocumentError: it breaks a rule of the form; the message begins with the line.
        PipelineError: a run configuration cannot be read.
    """
    document = read(text)
    if not document.runconfigs:
        return definition_in(document, folder)
    asked = json.dumps({"text": text, "folder": str(folder.absolute())})
    try:
        done = subprocess.run(
            [sys.executable, "-m", _PROGRAM],
            input=asked,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_LONGEST,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise PipelineError(
            f"The run configurations of the pipeline were not read in {_LONGEST:.0f} s; submit it again, or in Python by "
            "Pipeline.load_yaml(ws, filename)."
        ) from None
    except subprocess.CalledProcessError as error:
        raise PipelineError(
            f"The run configurations of the pipeline cannot be read: {error.stderr.strip()[-400:]}"
        ) from None
    found = json.loads(done.stdout)
    if "error" in found:
        raise PipelineError(found["error"])
    return PipelineDefinition.of_dict(found["definition"])
