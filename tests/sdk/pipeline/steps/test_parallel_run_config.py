"""The configuration of a step over mini-batches, and its file."""

from __future__ import annotations

import pytest
import yaml

from aml_magics import Workspace
from aml_magics.errors import EnvironmentNotFoundError, ParallelRunError
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.steps.parallel_run_config import ParallelRunConfig


def environment():
    made = Environment("batch")
    made.python.user_managed_dependencies = True
    return made


def config(**given):
    usual = {
        "environment": environment(),
        "entry_script": "score.py",
        "error_threshold": 10,
        "output_action": "append_row",
        "compute_target": "local",
        "node_count": 2,
    }
    return ParallelRunConfig(**{**usual, **given})


def test_what_was_not_given_has_azures_defaults():
    made = config()
    assert (made.run_invocation_timeout, made.run_max_try, made.logging_level) == (60, 3, "INFO")
    assert made.append_row_file_name is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"environment": "batch"}, "environment is an Environment"),
        ({"node_count": None}, "needs node_count"),
        ({"output_action": "print"}, "output_action is one of append_row, summary_only"),
        ({"mini_batch_size": "-5"}, "mini_batch_size is a number of files"),
        ({"mini_batch_size": PipelineParameter("n", "x")}, "mini_batch_size is a number of files"),
        ({"entry_script": PipelineParameter("n", "a.py")}, "entry_script is no PipelineParameter"),
        ({"environment_variables": "A=1"}, "environment_variables are values by name"),
        ({"partition_keys": ["a"], "mini_batch_size": "5"}, "give one of the two"),
    ],
)
def test_a_value_that_breaks_its_rule_is_refused_at_once(given, said):
    with pytest.raises(ParallelRunError, match=said):
        config(**given)


def test_a_file_gives_back_what_was_saved(tmp_path):
    workspace = Workspace.from_config()
    size = PipelineParameter("size", "5")
    made = config(
        environment=environment().register(workspace),
        mini_batch_size=size,
        partition_keys=None,
        append_row_file_name="rows.txt",
        allowed_failed_percent=2.5,
        environment_variables={"A": "1"},
        description="some",
        source_directory="src",
    )
    made.save_to_yaml(tmp_path / "config.yml")
    written = yaml.safe_load((tmp_path / "config.yml").read_text())
    assert written["environment"] == {"name": "batch", "version": "1"}
    read = ParallelRunConfig.load_yaml(workspace, tmp_path / "config.yml")
    assert read.environment.name == "batch"
    assert read.mini_batch_size.name == "size"
    for name in ("entry_script", "node_count", "append_row_file_name", "allowed_failed_percent"):
        assert getattr(read, name) == getattr(made, name)
    assert read.environment_variables == {"A": "1"}
    assert read.source_directory == "src"


def test_an_environment_that_is_not_registered_is_written_whole(tmp_path):
    path = tmp_path / "config.yml"
    config().save_to_yaml(path)
    read = ParallelRunConfig.load_yaml(Workspace.from_config(), path)
    assert read.environment.python.user_managed_dependencies is True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read: No such file"),
        ("- a\n- b", "is no ParallelRunConfig: it has list"),
        ("a: [", "is no YAML"),
        ("!!python/object:os.system {}", "is no YAML"),
        ("entry_scripts: a.py", "unknown key 'entry_scripts'. Did you mean 'entry_script'"),
        ("entry_script: a.py", "has no error_threshold"),
        ("x" * (2 << 20), "more than 1 MB"),
        (
            "environment: 3\nentry_script: a\nerror_threshold: 1\noutput_action: append_row\nnode_count: 1",
            "environment in .* is the name of one",
        ),
        (
            "environment: {name: a, python: 3}\nentry_script: a\nerror_threshold: 1\noutput_action: append_row\nnode_count: 1",
            "environment in .* cannot be read",
        ),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, text, said):
    path = tmp_path / "config.yml"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(ParallelRunError, match=said):
        ParallelRunConfig.load_yaml(Workspace.from_config(), path)


def test_an_environment_that_is_not_there_is_told(tmp_path):
    path = tmp_path / "config.yml"
    path.write_text(
        "environment: nowhere\nentry_script: a\nerror_threshold: 1\noutput_action: append_row\nnode_count: 1"
    )
    with pytest.raises(EnvironmentNotFoundError, match="nowhere"):
        ParallelRunConfig.load_yaml(Workspace.from_config(), path)
