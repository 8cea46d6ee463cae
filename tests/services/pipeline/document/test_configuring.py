"""A document with the run configurations that it names, read in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import PipelineError
from aml_magics.sdk.job.run_configuration import RunConfiguration
from aml_magics.services.pipeline.document import configuring
from aml_magics.services.pipeline.document.configuring import definition_of

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "pipeline:\n  steps:\n    é:\n      {type: CommandStep, source_directory: src, command: [ls], runconfig: conf/a.runconfig}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    configuration = RunConfiguration()
    configuration.environment_variables = {"A": "b"}
    configuration.target = "cpu"
    path = tmp_path / "conf" / "a.runconfig"
    configuration.save(path)
    return path


@pytest.mark.usefixtures("file")
def test_its_run_configurations_are_found_from_its_folder(tmp_path: Path) -> None:
    (step,) = definition_of(TEXT, tmp_path).steps
    assert (step.id, step.run.variables, step.target) == ("é", {"A": "b"}, "cpu")
    assert step.source_directory == str(tmp_path / "src")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[1, 2]", "RunConfiguration is read from a dict"),
        ("{", "is no readable YAML"),
        ("communicator: Mpy", "There is no communicator 'Mpy'"),
    ],
)
def test_one_that_cannot_be_read_is_told_with_its_file_and_line(
    content: str, problem: str, file: Path, tmp_path: Path
) -> None:
    file.write_text(content)
    with pytest.raises(
        PipelineError,
        match=rf"Line 4: The runconfig of step 'é', '.*a.runconfig', cannot be read: .*{problem}",
    ):
        definition_of(TEXT, tmp_path)


def test_a_process_that_fails_or_takes_too_long_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configuring, "_PROGRAM", "aml_magics.nothing")
    with pytest.raises(
        PipelineError, match=r"cannot be read: .*No module named aml_magics.nothing"
    ):
        definition_of(TEXT, tmp_path)
    monkeypatch.setattr(configuring, "_LONGEST", 0.0)
    with pytest.raises(PipelineError, match="were not read in 0 s; submit it again"):
        definition_of(TEXT, tmp_path)
