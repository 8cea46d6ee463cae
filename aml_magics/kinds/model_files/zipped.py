"""Archives of PyTorch and Keras: a zip file with a pickle, or with a description in JSON."""

from __future__ import annotations

import json
import zipfile
from typing import IO, Final

from aml_magics.kinds.model_files._base import Content, ModelFileKind
from aml_magics.kinds.model_files._symbolic import names_in
from aml_magics.kinds.model_files.pickled import is_risky

_NAMES: Final = (".pt", ".pth", ".bin", ".ckpt", ".keras", ".zip")
_MOST_ENTRY: Final = 256 << 20
"""Bytes of an unpacked entry; a zip bomb says or has more."""


class Zipped(ModelFileKind):
    """A model in a zip file."""

    title = "zip archive"

    def matches(self, name: str, head: bytes) -> bool:
        """By the first bytes, and the name where they do not tell."""
        return head.startswith(b"PK\x03\x04") and name.lower().endswith(_NAMES)

    def read(self, file: IO[bytes], size: int) -> Content:
        """What a pickle of PyTorch imports, or what Keras says of itself."""
        del size
        try:
            with zipfile.ZipFile(file) as archive:
                return self._described(archive)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise ValueError(f"its archive cannot be read: {error}") from error

    def _described(self, archive: zipfile.ZipFile) -> Content:
        entries = archive.infolist()
        facts = [("Entries", f"{len(entries):,}")]
        names: list[str] = []
        notices: list[str] = []
        kind = self.title
        for entry in entries:
            last = entry.filename.rpartition("/")[2]
            if last not in ("data.pkl", "metadata.json"):
                continue
            if entry.file_size > _MOST_ENTRY:
                notices.append(f"{entry.filename} was not read: it has {entry.file_size:,} bytes.")
                continue
            with archive.open(entry) as opened:
                if last == "data.pkl":
                    kind = "PyTorch archive"
                    found, problem = names_in(opened, entry.file_size)
                    names += found
                    if problem:
                        notices.append(f"Not all of {entry.filename} could be read: {problem}.")
                else:
                    kind = "Keras archive"
                    described = json.loads(opened.read(_MOST_ENTRY))
                    facts += [(str(key), str(value)) for key, value in dict(described).items()]
        risky = tuple(filter(is_risky, names))
        return Content(kind, tuple(facts), tuple(names), risky, tuple(notices))
