"""Who waits for long to write to a SQLite catalogue is let in before those who come later."""

from __future__ import annotations

import fcntl
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from tests.store.one_table import add, kept

if TYPE_CHECKING:
    from aml_magics.store.catalogue.catalogue import Catalogue


def _queue_of(catalogue: Catalogue) -> Path:
    return Path(f"{catalogue.path}-queue")


def _is_held_up(queue: Path) -> bool:
    with queue.open("rb+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def test_who_waited_for_long_writes_before_who_came_later(on_file: Catalogue) -> None:
    on_file.close()
    order: list[str] = []
    begun, let_go = threading.Event(), threading.Event()

    def hold(_connection: object) -> None:
        begun.set()
        assert let_go.wait(60)

    def write(name: str) -> None:
        on_file.transact(lambda _connection: order.append(name))

    holder = threading.Thread(target=on_file.transact, args=[hold])
    holder.start()
    assert begun.wait(60)
    first = threading.Thread(target=write, args=["waited"])
    first.start()
    while not _is_held_up(_queue_of(on_file)):
        assert first.is_alive()
    later = threading.Thread(target=write, args=["came later"])
    later.start()
    let_go.set()
    for thread in (holder, first, later):
        thread.join()

    assert order == ["waited", "came later"]
    assert not _is_held_up(_queue_of(on_file))


def test_the_file_of_the_queue_is_private_and_can_be_removed(on_file: Catalogue) -> None:
    add(on_file, 1)
    assert _queue_of(on_file).stat().st_mode & 0o777 == 0o600

    _queue_of(on_file).unlink()
    add(on_file, 2)
    assert kept(on_file) == [1, 2]


def test_a_catalogue_whose_queue_cannot_be_opened_is_written_all_the_same(
    on_file: Catalogue,
) -> None:
    _queue_of(on_file).unlink(missing_ok=True)
    _queue_of(on_file).mkdir()

    add(on_file, 1)

    assert kept(on_file) == [1]
