from __future__ import annotations

import pytest

from aml_magics.errors import AlreadyExistsError, InvalidPathError
from aml_magics.services.environment.wheel import is_private_wheel, keep_wheel, wheels


def test_a_wheel_is_kept_once(tmp_path):
    wheel = tmp_path / "mine-1.0-py3-none-any.whl"
    wheel.write_bytes(b"content")

    address = keep_wheel(wheel)

    assert address.startswith("file:///")
    assert is_private_wheel(address.removeprefix("file://"))
    assert keep_wheel(wheel, exist_ok=True) == address
    with pytest.raises(AlreadyExistsError, match="kept already; pass exist_ok=True"):
        keep_wheel(wheel)


@pytest.mark.parametrize("name", ["mine.whl", "mine-1.0.tar.gz", "a b-1-py3-none-any.whl"])
def test_only_a_wheel_is_kept(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")

    with pytest.raises(InvalidPathError, match="A wheel is a file named as"):
        keep_wheel(tmp_path / name)


def test_a_link_out_of_the_folder_is_no_private_wheel(tmp_path):
    (tmp_path / "x.whl").write_bytes(b"x")
    wheels().mkdir(parents=True)
    (wheels() / "x.whl").symlink_to(tmp_path / "x.whl")

    assert not is_private_wheel(str(wheels() / "x.whl"))
    assert not is_private_wheel("")
    assert not is_private_wheel("\0")
