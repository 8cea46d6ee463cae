"""A lock that is held for life says who holds it."""

from __future__ import annotations

import os

from aml_magics.services.process import pid_lock


def test_a_lock_is_taken_once_and_names_its_holder(tmp_path):
    path = tmp_path / "made" / "a.lock"
    assert pid_lock.holder(path) is None

    handle = pid_lock.acquire(path)

    assert handle is not None
    assert pid_lock.acquire(path) is None
    assert pid_lock.holder(path) == 0
    pid_lock.write_pid(handle)
    assert pid_lock.holder(path) == os.getpid()
    os.close(handle)
    assert pid_lock.holder(path) is None
    again = pid_lock.acquire(path)
    assert pid_lock.holder(path) == 0  # who held it before is forgotten
    os.close(again)
