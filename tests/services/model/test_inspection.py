"""Models are described without being loaded, on both kinds of catalogue."""

from __future__ import annotations

import pickle

from aml_magics.services.model import inspection
from aml_magics.services.model.registration import Registration, register_local_files

BOMB = b"cos\nsystem\n(S'touch exploded'\ntR."


def test_each_file_is_described_and_none_is_run(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "model"
    folder.mkdir()
    for name, data in (
        ("a.pkl", BOMB),
        ("b.pkl", pickle.dumps({"a": 1})),
        ("c.txt", b"text"),
        ("d.onnx", b"\x08\xff"),
        ("e.pkl", b""),
    ):
        (folder / name).write_bytes(data)
    record = register_local_files(store, folder, Registration("m"))

    bomb, plain, text, broken, empty = inspection.inspect(store, record)

    assert bomb.content.risky == ("os.system",)
    assert not (tmp_path / "exploded").exists()
    assert (plain.content.imports, plain.problem) == ((), "")
    assert (text.content, empty.content) == (None, None)
    assert (broken.content, "breaks at byte" in broken.problem) == (None, True)
