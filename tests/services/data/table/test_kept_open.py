"""What stays open for a while."""

from __future__ import annotations

import multiprocessing
import threading

import pytest

from aml_magics.services.data.table.kept_open import KeptOpen
from tests.services.conftest import eventually


class Opened:
    def __init__(self) -> None:
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


def test_a_value_is_made_once_and_goes_when_others_are_used() -> None:
    kept: KeptOpen[Opened] = KeptOpen(most=2, seconds=600)
    with kept.using("a", Opened) as first:
        pass
    with kept.using("a", Opened) as again:
        assert again is first
    for key in "bac":
        with kept.using(key, Opened):
            pass

    assert not first.is_closed
    with kept.using("d", Opened) as last:
        pass
    assert (first.is_closed, len(kept)) == (True, 2)
    kept.close()
    assert (last.is_closed, len(kept)) == (True, 0)


def test_an_unused_value_is_closed_after_a_while() -> None:
    kept: KeptOpen[Opened] = KeptOpen(most=2, seconds=0.05)
    with kept.using("a", Opened) as value:
        pass

    eventually(lambda: value.is_closed and not len(kept))


def test_one_that_fails_is_closed_and_made_anew() -> None:
    kept: KeptOpen[Opened] = KeptOpen(most=2, seconds=600)
    with pytest.raises(KeyboardInterrupt), kept.using("a", Opened) as value:
        raise KeyboardInterrupt
    assert value.is_closed

    def failing() -> Opened:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), kept.using("a", failing):
        pass

    with kept.using("a", Opened) as other:
        assert other is not value
    kept.close()


def test_one_thread_at_a_time_uses_a_value_and_none_in_use_is_closed() -> None:
    kept: KeptOpen[Opened] = KeptOpen(most=1, seconds=600)
    inside, go_on = threading.Event(), threading.Event()
    users: list[int] = []

    def hold() -> None:
        with kept.using("a", Opened) as value:
            inside.set()
            go_on.wait()
            users.append(id(value))
            assert not value.is_closed

    def follow() -> None:
        with kept.using("a", Opened) as value:
            users.append(id(value))

    first, second = threading.Thread(target=hold), threading.Thread(target=follow)
    first.start()
    inside.wait()
    second.start()
    with kept.using("b", Opened):
        pass
    go_on.set()
    first.join()
    second.join()

    assert len(users) == 2
    kept.close()


def test_a_fork_leaves_the_values_of_its_parent_alone() -> None:
    kept: KeptOpen[Opened] = KeptOpen(most=2, seconds=600)
    with kept.using("a", Opened) as value:
        pass

    def work() -> None:
        with kept.using("a", Opened) as own:
            assert own is not value
        kept.close()
        assert not value.is_closed

    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join()

    assert child.exitcode == 0
    kept.close()
