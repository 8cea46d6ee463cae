"""Pipelines in YAML files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.errors import AmlError, PipelineError
from aml_magics.sdk.job.run_configuration import RunConfiguration
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.sdk.pipeline.run_settings import configured_target, submission_settings
from aml_magics.services.pipeline.document.reading import definition_in, read
from aml_magics.services.pipeline.document.tree import MOST_CHARACTERS, PipelineDocumentError
from aml_magics.services.pipeline.document.writing import with_keys, written

if TYPE_CHECKING:
    import os

    from aml_magics.records.pipeline.definition import PipelineDefinition, StepDefinition
    from aml_magics.services.pipeline.document.reading import Document

_MOST_BYTES: Final = 4 * MOST_CHARACTERS


def load_definition(filename: str | os.PathLike[str]) -> PipelineDefinition:
    """The pipeline of a YAML file; its folders and run configurations are found beside the file.

    Raises:
        PipelineError: there is no such file.
        PipelineDocumentError: it is no pipeline, or a run configuration cannot be read; the message has the line.
    """
    path = Path(filename)
    if not path.is_file():
        raise PipelineError(
            f"There is no file {str(path)!r:.200}; give the path of a pipeline's YAML, from {str(Path.cwd())!r:.200}."
        )
    if path.stat().st_size > _MOST_BYTES:
        raise PipelineDocumentError(f"{path} is larger than {_MOST_BYTES:,} bytes: no pipeline.")
    try:
        document = read(path.read_text(encoding="utf-8-sig"))
        return configured(document, path.absolute().parent)
    except UnicodeDecodeError as error:
        raise PipelineDocumentError(
            f"{path} is not UTF-8 text ({error}); save it as that."
        ) from None
    except PipelineDocumentError as error:
        raise error.within(str(path)) from None


def configured(document: Document, folder: Path) -> PipelineDefinition:
    """The definition of a document, whose folders and run configurations are found from a folder: that of its file.

    Raises:
        PipelineDocumentError: a run configuration cannot be read; the message has the line of its step.
    """
    definition = definition_in(document, folder)
    steps = tuple(
        _configured(one, document, folder) if one.id in document.runconfigs else one
        for one in definition.steps
    )
    return replace(definition, steps=steps)


def save_definition(definition: PipelineDefinition, filename: str | os.PathLike[str]) -> Path:
    """Write a pipeline to a YAML file; folders below that of the file are written relative to it."""
    path = Path(filename).absolute()
    steps = tuple(
        replace(
            one,
            source_directory=_relative(one.source_directory, path.parent),
            run=replace(one.run, definition={}),  # it has no effect
        )
        for one in definition.steps
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written(with_keys(replace(definition, steps=steps))), encoding="utf-8")
    return path


def _configured(step: StepDefinition, document: Document, folder: Path) -> StepDefinition:
    path = folder / document.runconfigs[step.id].replace("\\", "/")
    if not path.exists():
        raise PipelineDocumentError(
            f"There is no file {str(path)!r:.200}, the runconfig of step {step.name!r}; give its path from the folder of "
            "the pipeline's file.",
            document.lines[step.id],
        )
    try:
        configuration = RunConfiguration.load(path)
        script = ScriptRunConfig(command=["-"], run_config=configuration)
        run = submission_settings(script._submission())
    except AmlError as error:
        raise PipelineDocumentError(
            f"The runconfig of step {step.name!r}, {str(path)!r:.200}, cannot be read: {error}",
            document.lines[step.id],
        ) from error
    target = step.target or configured_target(configuration) or ""
    return replace(step, run=run, target=target)


def _relative(folder: str, parent: Path) -> str:
    if not folder:
        return ""
    path = Path(folder)
    return path.relative_to(parent).as_posix() if path.is_relative_to(parent) else folder
