"""Steps of a command line, and of an estimator."""

from __future__ import annotations

import sys
import warnings

import pytest

from aml_magics import Experiment
from aml_magics.errors import PipelineError
from aml_magics.sdk.job.run_configuration import RunConfiguration
from aml_magics.sdk.job.run_configuration_section import MpiConfiguration
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.steps.command_step import CommandStep
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep


def test_a_command_writes_what_a_script_reads(workspace, tmp_path):
    (tmp_path / "read.py").write_text(
        "import sys\nfrom azureml.core import Run\nrun = Run.get_context()\nrun.log('n', int(open(sys.argv[1]).read()))\n"
    )
    number = PipelineData("number")
    CommandStep(
        [
            sys.executable,
            "-c",
            "import sys; open(sys.argv[1], 'w').write(sys.argv[2])",
            number,
            PipelineParameter("n", 3),
        ],
        name="write",
        outputs=[number],
    )
    read = PythonScriptStep(
        "read.py", source_directory=str(tmp_path), arguments=[number], inputs=[number]
    )

    run = Experiment(workspace, "commands").submit(
        Pipeline(workspace, [read]), pipeline_parameters={"n": 5}
    )

    assert run.wait_for_completion(show_output=False) == "Finished"
    assert run.find_step_run("read.py")[0].get_metrics() == {"n": 5}


def test_a_text_is_split_as_a_shell_does_it(workspace):
    step = CommandStep("echo 'two words' $HOME")
    [written] = Pipeline(workspace, [step])._definition().steps

    assert step.name == "echo"
    assert written.settings == {"command": ["echo"]}
    assert written.arguments == ("two words", "$HOME")


def test_a_text_that_joins_commands_is_run_by_bash(workspace):
    text = 'echo first && echo "$AML_PARAMETER_said" | tr a-z A-Z > said.txt; cat said.txt'
    said = PipelineParameter("said", "it's; exit 3")
    step = CommandStep(text, params={"said": said})
    assert step.name == "echo"

    run = Experiment(workspace, "commands").submit(Pipeline(workspace, [step]))
    assert run.wait_for_completion(show_output=False) == "Finished"
    [done] = run.find_step_run("echo")
    assert done.get_stdout_log() == "first\nIT'S; EXIT 3\n"


def test_the_command_may_be_that_of_a_run_configuration(workspace):
    step = CommandStep(name="list", runconfig=RunConfiguration(command="ls -l"))
    [written] = Pipeline(workspace, [step])._definition().steps

    assert (written.settings, written.arguments) == ({"command": ["ls"]}, ("-l",))


@pytest.mark.parametrize("given", [None, "", "  ", [], 3])
def test_a_step_without_a_command_is_refused(given):
    with pytest.raises(PipelineError, match="command is a text or a list of words"):
        CommandStep(given)


def test_parameters_set_fields_of_its_run_configuration(scripts, tmp_path):
    configuration = RunConfiguration(communicator="OpenMpi")
    configuration.mpi = MpiConfiguration(process_count_per_node=2)
    step = CommandStep(
        [sys.executable, "-c", "import os; print('rank', os.environ['RANK'])"],
        name="ranks",
        runconfig=configuration,
        runconfig_pipeline_params={
            "MpiProcessCountPerNode": PipelineParameter("each", 2),
            "MaxRunDurationSeconds": PipelineParameter("seconds", 900),
        },
    )
    pipeline = Pipeline(scripts.workspace, [step])
    run = scripts.submit(pipeline, pipeline_parameters={"each": 3, "seconds": 800})

    assert run.wait_for_completion(show_output=False) == "Finished"
    [ranks] = run.find_step_run("ranks")
    details = ranks.get_details()["runDefinition"]
    assert details["maxRunDurationSeconds"] == 800
    logs = [one for one in ranks.get_file_names() if "driver_log" in one]
    assert len(logs) == 3, ranks.get_file_names()
    with pytest.raises(PipelineError, match="MpiProcessCountPerNode is a whole number"):
        scripts.submit(pipeline, pipeline_parameters={"each": 0})
    pipeline.save(tmp_path / "p.yml")
    [read] = Pipeline.load_yaml(scripts.workspace, tmp_path / "p.yml")._definition().steps
    assert read.run.parameters == {
        "MpiProcessCountPerNode": "$AML_PARAMETER_each",
        "MaxRunDurationSeconds": "$AML_PARAMETER_seconds",
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"Target": PipelineParameter("t", 1)}, "'Target' of a run configuration cannot be"),
        (
            {"NodeCount": 2},
            "NodeCount is set by a PipelineParameter whose default_value is a whole",
        ),
        ({"NodeCount": PipelineParameter("n", "2")}, "whose default_value is a whole number"),
        ([1], "are parameters by field"),
    ],
)
def test_another_parameter_of_a_run_configuration_is_refused(given, said):
    with pytest.raises(PipelineError, match=said):
        CommandStep("ls", runconfig_pipeline_params=given)


def test_an_estimator_is_a_step(workspace, tmp_path):
    from aml_magics.sdk.job.estimator import Estimator
    from aml_magics.sdk.pipeline.steps.estimator_step import EstimatorStep

    (tmp_path / "train.py").write_text("import sys; print(sys.argv[1:])")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator = Estimator(str(tmp_path), entry_script="train.py", compute_target="local")
    step = EstimatorStep(
        name="train", estimator=estimator, estimator_entry_script_arguments=["--rate", 0.1]
    )
    run = Experiment(workspace, "estimators").submit(Pipeline(workspace, [step]))

    assert run.wait_for_completion(show_output=False) == "Finished"
    [done] = run.find_step_run("train")
    assert "['--rate', '0.1']" in done.get_stdout_log()
    with pytest.raises(PipelineError, match="estimator is an Estimator"):
        EstimatorStep("train", estimator="train.py")


@pytest.mark.parametrize("count", [-1, 1.5, True, "2"])
def test_retries_are_a_whole_number(count):
    step = CommandStep(["ls"])
    step.retries = 2
    with pytest.raises(PipelineError, match="retries is a whole number from 0, such as 2, not"):
        step.retries = count
    assert step.retries == 2
