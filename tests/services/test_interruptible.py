from __future__ import annotations

import threading

import pytest

from aml_magics.services.interruptible import interruptible


def test_work_is_done_elsewhere_and_its_value_given_here():
    assert interruptible(threading.get_ident, lambda: None) != threading.get_ident()


def test_what_the_work_raises_is_raised_here():
    def fail():
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        interruptible(fail, lambda: None)
