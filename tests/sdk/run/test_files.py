"""The files of a run in code written for Azure ML SDK v1."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from aml_magics import Experiment, Run, Workspace
from aml_magics.errors import ArtifactNotFoundError, InvalidPathError


@pytest.fixture
def run() -> Run:
    return Experiment(Workspace.create("w"), "e").start_logging()


def test_outputs_folder_is_there_at_once_and_kept_at_the_end(run):
    assert Path("outputs").is_dir()
    Path("outputs/deep").mkdir()
    Path("outputs/deep/model.pkl").write_bytes(b"m")
    run.complete()
    assert run.get_file_names() == ["outputs/deep/model.pkl"]


def test_files_of_an_earlier_run_are_not_kept_again(run):
    Path("outputs/old.txt").write_text("old")
    run.complete()
    import time

    time.sleep(0.05)
    again = run.experiment.start_logging()
    Path("outputs/new.txt").write_text("new")
    again.complete()
    assert again.get_file_names() == ["outputs/new.txt"]


def test_a_failed_run_keeps_its_outputs_too(run):
    Path("outputs/partial.txt").write_text("p")
    run.fail("no")
    assert run.get_file_names() == ["outputs/partial.txt"]


def test_another_outputs_folder_may_be_named(tmp_path):
    run = Experiment(Workspace.create("w"), "e").start_logging(outputs="results")
    Path("results/a.txt").write_text("a")
    run.complete()
    assert run.get_file_names() == ["results/a.txt"]


def test_upload_and_download_round_trip(run, tmp_path):
    (tmp_path / "a.txt").write_text("a")
    run.upload_file("outputs/a.txt", tmp_path / "a.txt")
    run.upload_file("s.bin", io.BytesIO(b"s"))
    run.upload_files(["x.txt", "y.txt"], ["a.txt", "a.txt"])
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    (tmp_path / "folder" / "deep" / "z.txt").write_text("z")
    run.upload_folder("all", "folder")
    assert run.get_file_names() == ["all/deep/z.txt", "outputs/a.txt", "s.bin", "x.txt", "y.txt"]
    run.download_file("outputs/a.txt")
    run.download_file("s.bin", "into/")
    run.download_file("s.bin", "renamed.bin")
    assert (tmp_path / "a.txt").read_text() == "a"
    assert (
        (tmp_path / "into" / "s.bin").read_bytes()
        == (tmp_path / "renamed.bin").read_bytes()
        == b"s"
    )


def test_download_files_keeps_relative_paths(run, tmp_path):
    for name in ("outputs/a.txt", "outputs/b.txt", "c.txt"):
        run.upload_file(name, io.BytesIO(name.encode()))
    run.download_files(prefix="outputs", output_directory="got")
    assert sorted(
        p.relative_to(tmp_path / "got").as_posix() for p in (tmp_path / "got").rglob("*.txt")
    ) == ["outputs/a.txt", "outputs/b.txt"]
    run.download_files(prefix="outputs/", output_directory="flat", append_prefix=False)
    assert (tmp_path / "flat" / "a.txt").exists()
    run.download_files(prefix="c", output_paths=["named.txt"])
    assert Path("named.txt").read_text() == "c.txt"
    with pytest.raises(InvalidPathError, match="2 files begin with 'outputs', but 1 output_paths"):
        run.download_files(prefix="outputs", output_paths=["x"])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../../x", "climbs out"),
        ("/etc/passwd", "is absolute"),
        ("a\\b", "backslash"),
        ("C:x", "drive letter"),
        ("a\0b", "control character"),
        ("a\nb", "control character"),
        ("CON", "Windows device"),
        ("x" * 300, "over 255 bytes"),
        ("-rf", "starts with '-'"),
        ("a//b", "empty part"),
        ("", "must be a relative path"),
        (None, "must be a relative path"),
    ],
)
def test_a_name_cannot_leave_the_run(run, tmp_path, name, message):
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(InvalidPathError, match=message):
        run.upload_file(name, tmp_path / "a.txt")
    assert run.get_file_names() == []


def test_an_unknown_file_lists_what_there_is(run, tmp_path):
    run.upload_file("model.pkl", io.BytesIO(b"m"))
    with pytest.raises(
        ArtifactNotFoundError,
        match=r"has no file 'model.pk'. Did you mean 'model.pkl'\? It has: model.pkl",
    ):
        run.download_file("model.pk")
    with pytest.raises(ArtifactNotFoundError, match="It has none yet"):
        run.experiment.start_logging().download_file("x")


def test_what_is_no_name_or_no_file_is_told(run, tmp_path):
    for name in (None, 5, ""):
        with pytest.raises(InvalidPathError, match="name must be a relative path such as"):
            run.download_file(name)
    for file in (None, 5):
        with pytest.raises(InvalidPathError, match="kept from a path or an open file, not"):
            run.upload_file("a", file)


def test_a_folder_or_nothing_is_no_file(run, tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(InvalidPathError, match="is a folder: use upload_folder"):
        run.upload_file("x", "folder")
    with pytest.raises(InvalidPathError, match="There is no file 'nowhere'"):
        run.upload_file("x", "nowhere")
    with pytest.raises(InvalidPathError, match="There is no folder"):
        run.upload_folder("x", "nowhere")
    with pytest.raises(InvalidPathError, match="1 names and 2 paths"):
        run.upload_files(["x"], ["a", "b"])


def test_logs_are_files_and_texts(run, tmp_path):
    run.upload_file("user_logs/std_log.txt", io.BytesIO(b"hello\n"))
    run.complete()
    assert run.get_details_with_logs()["logFiles"] == {"user_logs/std_log.txt": "hello\n"}
    assert list(run.get_details()["logFiles"]) == ["user_logs/std_log.txt"]
    [path] = run.get_all_logs("logs_here")
    assert Path(path).read_text() == "hello\n"
