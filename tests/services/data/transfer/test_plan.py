"""What is to be moved, and what is there already."""

from __future__ import annotations

import hashlib

from aml_magics.services.data.transfer.plan import is_etag_of, part_size


def test_parts_for_s3_are_not_too_many():
    for size in (0, 1, 8 << 20, (8 << 20) + 1, 5 << 40):
        length = part_size(size)
        assert length >= 8 << 20
        assert -(-size // length) <= 10_000
        assert length % (1 << 20) == 0


def test_an_etag_of_other_parts_tells_nothing(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    assert is_etag_of(hashlib.md5(b"x").hexdigest(), tmp_path / "a")
    assert not is_etag_of("0" * 32 + "-7", tmp_path / "a")
