"""Files of models are described and never run."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import struct
import zipfile
from pathlib import Path

import joblib
import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from aml_magics.kinds.model_files._base import MODEL_FILES

BOMB = b"cposix\nsystem\n(S'touch exploded'\ntR."


def read(name, data):
    kinds = [MODEL_FILES.load(one)() for one in MODEL_FILES.names()]
    found = [kind for kind in kinds if kind.matches(name, data[:512])]
    assert len(found) == 1, (name, found)
    return found[0].read(io.BytesIO(data), len(data))


@pytest.fixture(scope="module")
def model():
    features, labels = load_iris(return_X_y=True)
    steps = (StandardScaler(), RandomForestClassifier(5), LogisticRegression())
    pipeline = make_pipeline(steps[0], steps[2]).fit(features, labels)
    return {
        "pipeline": pipeline,
        "forest": steps[1].fit(features, labels),
        "text": np.array(["é", "b"]),
    }


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_tells_what_it_imports(model, protocol):
    content = read("m.pkl", pickle.dumps(model, protocol))

    assert "sklearn.pipeline.Pipeline" in content.imports
    assert "sklearn.tree._tree.Tree" in content.imports
    assert dict(content.facts)["Packages"] == "numpy, sklearn" if protocol > 2 else True
    assert content.risky == content.notices == ()


@pytest.mark.parametrize("compress", [0, 3, ("gzip", 3), ("bz2", 3), ("lzma", 3), ("xz", 3)])
def test_a_file_of_joblib_is_read_over_its_arrays(model, compress, tmp_path):
    model = {**model, "objects": np.array([{"a": 1}, Path("x")], dtype=object)}
    path = tmp_path / "m.joblib"
    joblib.dump(model, path, compress=compress)

    content = read("m.joblib", path.read_bytes())

    assert "sklearn.linear_model._logistic.LogisticRegression" in content.imports
    assert "pathlib.PosixPath" in content.imports
    assert content.notices == ()


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        b"\x80\x04\x95\x1e\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x8c\x06system\x93\x8c\x0etouch exploded\x85R.",
        b"\x80\x02cbuiltins\neval\nq\x00X\x04\x00\x00\x001+1 q\x01\x85R.",
        b"\x80\x02cbuiltins\ngetattr\ncos\nsystem\nX\x08\x00\x00\x00__call__\x86R.",
        b"(S'touch exploded'\nios\nsystem\n.",
        b"\x80\x02(cos\nsystem\nX\x0e\x00\x00\x00touch explodedo.",
        b"\x80\x02cos\nsystem\n)\x81}b.",
    ],
)
def test_what_runs_code_is_named_and_does_not_run(data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content = read("m.pkl", data)
    assert content.risky
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x80\x04\x8e" + struct.pack("<Q", 1 << 60) + b"x", "it ends in the middle, at byte"),
        (b"\x80\x04\x95" + struct.pack("<Q", 1 << 62), "it ends in the middle"),
        (pickle.dumps(list(range(1000)))[:-50], "it ends in the middle"),
        (b"\x80\x04" + b"\xff" * 50, "it breaks near byte"),
        (b"\x80\x04R.", "it breaks near byte"),
        (b"\x80\x04}}K\x01s.", "it breaks near byte"),
        (b"\x80\x04\x82\x01.", ""),
        (b"\x80\x04" + b"]" * 100_000 + b".", ""),
    ],
)
def test_a_pickle_that_breaks_says_where(data, words):
    notices = " ".join(read("m.pkl", data).notices)
    assert words in notices
    assert bool(words) == bool(notices)


def test_a_bomb_of_a_compressed_pickle_is_cut(monkeypatch):
    monkeypatch.setattr("aml_magics.kinds.model_files.pickled.MOST_BYTES", 1000)
    content = read("m.pkl", gzip.compress(pickle.dumps(b"0" * 10_000_000)))
    assert "Only its first 1,000 bytes were unpacked." in content.notices
    with pytest.raises(ValueError, match="its compression breaks"):
        read("m.pkl", gzip.compress(pickle.dumps([1]))[:-9] + b"x" * 9)


def test_safetensors_tell_their_tensors():
    header = {
        "__metadata__": {"format": "pt"},
        "a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
        "b": {"dtype": "F32", "shape": [], "data_offsets": [24, 28]},
    }
    text = json.dumps(header).encode()
    data = struct.pack("<Q", len(text)) + text + bytes(28)

    facts = read("m.safetensors", data).facts

    assert facts == (
        ("Tensors", "2"), ("Parameters", "7"), ("format", "pt"), ("Tensor", "a F32 2 x 3"), ("Tensor", "b F32"),
    )  # fmt: skip
    with pytest.raises(ValueError, match="its header says that it has"):
        read("m.safetensors", struct.pack("<Q", 1 << 40) + b"{}")
    with pytest.raises(ValueError, match="no JSON object"):
        read("m.safetensors", struct.pack("<Q", 2) + b"[]")


def field(number, value):
    """A field of a protocol buffer, of fewer than 128 bytes."""
    if isinstance(value, int):
        return bytes([number << 3, value])
    data = value.encode() if isinstance(value, str) else value
    return bytes([number << 3 | 2, len(data)]) + data


def test_onnx_tells_its_inputs_and_outputs():
    size = (
        field(1, field(1, 0x7F)) if False else field(1, field(2, "batch")) + field(1, field(1, 4))
    )
    tensor = field(2, field(1, field(1, 1) + field(2, size)))
    graph = (
        field(1, b"")
        + field(1, b"")
        + field(5, field(8, "w"))
        + field(11, field(1, "x") + tensor)
        + field(11, field(1, "w") + tensor)
        + field(12, field(1, "y") + tensor)
    )
    data = field(1, 8) + field(2, "skl2onnx") + field(7, graph) + field(8, field(2, 15))

    facts = read("m.onnx", data).facts

    assert facts == (
        ("IR version", "8"), ("Made by", "skl2onnx"), ("Operators", "ai.onnx 15"), ("Nodes", "2"), ("Weights", "1"),
        ("Input", "x float32 batch x 4"), ("Output", "y float32 batch x 4"),
    )  # fmt: skip
    for broken in (data[:-3], field(1, 8) + b"\xff" * 20, field(1, 8) + b"\x0b\x00"):
        with pytest.raises(ValueError, match="its protocol buffer breaks at byte"):
            read("m.onnx", broken)


def archive(**entries):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(f"archive/{name}", data)
    return made.getvalue()


def test_archives_of_pytorch_and_keras_are_described():
    torch = read("m.pt", archive(**{"data.pkl": BOMB, "version": b"3"}))
    assert (torch.kind, torch.risky) == ("PyTorch archive", ("posix.system",))
    keras = read("m.keras", archive(**{"metadata.json": b'{"keras_version": "3.1"}'}))
    assert keras.facts == (("Entries", "1"), ("keras_version", "3.1"))
    with pytest.raises(ValueError, match="its archive cannot be read"):
        read("m.pt", archive(a=b"b")[:60])


def test_an_entry_that_is_too_large_is_left_out(monkeypatch):
    monkeypatch.setattr("aml_magics.kinds.model_files.zipped._MOST_ENTRY", 1000)
    content = read("m.pt", archive(**{"data.pkl": b"0" * 1_000_000}))
    assert content.notices == ("archive/data.pkl was not read: it has 1,000,000 bytes.",)


def test_other_files_are_of_no_kind():
    kinds = [MODEL_FILES.load(one)() for one in MODEL_FILES.names()]
    for name, data in (
        ("a.txt", b"text"),
        ("a.csv", b"a,b\n1,2"),
        ("a.png", b"\x89PNG"),
        ("a", b""),
    ):
        assert not any(kind.matches(name, data) for kind in kinds)
