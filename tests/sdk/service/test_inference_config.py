from __future__ import annotations

import re

import pytest

from aml_magics.errors import WebserviceError
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.service.inference_config import InferenceConfig

SCORE = "def init(): pass\ndef run(data): return data\n"
CONDA = "name: x\ndependencies:\n- python=3.6.2\n- pip:\n  - numpy\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "src"
    (made / "lib").mkdir(parents=True)
    (made / "score.py").write_text(SCORE)
    (made / "lib" / "helper.py").write_text("")
    (made / "env.yml").write_text(CONDA)
    return made


def test_paths_are_relative_to_the_source_directory_and_all_of_it_is_kept(folder, workspace):
    config = InferenceConfig(
        runtime="python",
        source_directory=str(folder),
        entry_script="score.py",
        conda_file="env.yml",
    )

    code = config._keep_code(workspace.store)
    assert code.entry_script == "score.py"
    assert [one.name for one in code.files] == ["env.yml", "lib/helper.py", "score.py"]
    assert "numpy" in str(config._definition()["python"])
    assert config._definition()["version"].startswith("Autosave_")
    assert repr(config) == (
        f"InferenceConfig(entry_script='score.py', source_directory={str(folder)!r})"
    )


def test_without_a_source_directory_the_entry_script_alone_is_kept(folder, workspace):
    environment = Environment("mine")
    config = InferenceConfig("src/score.py", environment=environment)

    code = config._keep_code(workspace.store)
    assert (code.entry_script, [one.name for one in code.files]) == ("score.py", ["score.py"])
    assert config._definition()["name"] == "mine"
    assert InferenceConfig("src/score.py")._definition() is None
    assert repr(config) == "InferenceConfig(entry_script='src/score.py', environment='mine')"


def test_an_absolute_path_inside_and_a_link_inside_name_the_file_itself(folder, workspace):
    absolute = InferenceConfig(folder / "score.py", source_directory=folder)
    assert absolute._keep_code(workspace.store).entry_script == "score.py"

    (folder / "link.py").symlink_to(folder / "lib" / "helper.py")
    linked = InferenceConfig("link.py", source_directory=folder)
    assert linked._keep_code(workspace.store).entry_script == "lib/helper.py"


def test_a_base_image_is_recorded_with_the_environment(folder):
    config = InferenceConfig("score.py", source_directory=folder, base_image="mine:1")
    assert config._definition()["docker"]["baseImage"] == "mine:1"


def test_a_payload_is_what_azure_would_be_sent(folder, workspace):
    config = InferenceConfig("score.py", source_directory=folder, description="d")
    payload = config.build_create_payload(workspace, "image", ["m:1"])
    assert (payload["driverProgram"], payload["modelIds"]) == ("score.py", ["m:1"])

    profile = config.build_profile_payload("p", "{}", workspace=workspace)
    assert profile["imageRequest"]["name"] == "p"
    assert config.build_profile_payload("p")["imageRequest"] is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"entry_script": "scores.py"}, "doesn't exist.*relative to source_directory.*Did you mean 'score.py'"),
        ({"entry_script": "src/score.py"}, "It is a path relative to source_directory: .* has no such file"),
        ({"entry_script": None}, r"entry_script is the path of a file, not NoneType \(None\)"),
        ({"entry_script": "env.yml"}, "is no Python file"),
        ({"entry_script": "../out.py"}, "is outside of source_directory"),
        ({"entry_script": "broken.py"}, "'broken.py', line 2: .*Mend it"),
        ({"entry_script": "nul.py"}, "'nul.py'.*null bytes"),
        ({"conda_file": "no.yml"}, "conda_file 'no.yml' doesn't exist.*Did you mean 'env.yml'"),
        ({"extra_docker_file_steps": 3}, r"is the path of a file, not int \(3\)"),
        ({"source_directory": "nowhere"}, "source_directory 'nowhere' is no folder"),
        ({"runtime": "pyton"}, "runtime is 'python' or 'spark-py', not str .*Did you mean 'python'"),
        ({"cuda_version": "10.0"}, "needs enable_gpu=True"),
        ({"environment": "mine"}, r"environment is an Environment.*not str \('mine'\)"),
        ({"environment": Environment("e"), "conda_file": "env.yml"}, "leave out conda_file, or environment"),
    ],
)  # fmt: skip
def test_silly_input_is_refused_at_once(folder, given, message):
    (folder.parent / "out.py").write_text(SCORE)
    (folder / "broken.py").write_text("x = 1\ndef run(:\n")
    (folder / "nul.py").write_text("x\0")
    with pytest.raises(WebserviceError, match=message):
        InferenceConfig(**{"entry_script": "score.py", "source_directory": "src", **given})


def test_a_missing_script_is_told_relative_to_the_current_folder(folder):
    told = re.escape(f"It is a path relative to the current folder, {str(folder.parent)!r}.")
    with pytest.raises(WebserviceError, match=f"'score.py' doesn't exist. {told}"):
        InferenceConfig("score.py")


def test_a_script_that_is_left_out_of_what_is_kept_is_refused(folder, workspace):
    (folder / ".amlignore").write_text("score.py\n")
    with pytest.raises(WebserviceError, match=r"is not among the files.*says to ignore it"):
        InferenceConfig("score.py", source_directory=folder)._keep_code(workspace.store)


def test_a_file_that_went_away_is_noticed_again(folder, workspace):
    config = InferenceConfig("score.py", source_directory=folder)
    (folder / "score.py").unlink()
    with pytest.raises(WebserviceError, match="doesn't exist"):
        config._keep_code(workspace.store)
