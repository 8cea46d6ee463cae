"""What screens are told of a cluster is what was seen of it in the last seconds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from aml_magics.services.compute import sighting
from aml_magics.services.compute.sighting import FRESH, Sighting, Sightings, last_sighting

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def test_what_was_seen_counts_for_a_while(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert last_sighting(store, "c") is None
    Sightings(store, "c").keep(Sighting(2, 4, 3, ""))

    found = last_sighting(store, "c")
    assert found is not None
    assert (found.workers, found.threads, found.places) == (2, 4, 3)
    assert found.text == "2 workers, 4 threads"
    assert last_sighting(store, "d") is None

    later = time.time() + FRESH + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert last_sighting(store, "c") is None


def test_only_news_are_written_between_two_renewals(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    monkeypatch.setattr(sighting, "write_whole", lambda path, data: written.append(data))
    kept = Sightings(store, "c")
    for seen in (Sighting(1, 1, 1, ""), Sighting(1, 1, 1, ""), Sighting(0, 0, 0, "away")):
        kept.keep(seen)
    assert len(written) == 2
    monkeypatch.setattr(sighting, "RENEWED", 0.0)
    kept.keep(Sighting(0, 0, 0, "away"))
    assert len(written) == 3


@pytest.mark.parametrize("data", [b"", b"[]", b'{"workers": 1}', b"\xff"])
def test_a_file_that_says_nothing_is_as_none(store: Store, data: bytes) -> None:
    Sightings(store, "c").keep(Sighting(1, 1, 1, ""))
    (store.folder / "clusters" / "c.json").write_bytes(data)
    assert last_sighting(store, "c") is None


def test_one_worker_with_one_thread_and_a_problem() -> None:
    assert Sighting(1, 1, 1, "").text == "1 worker, 1 thread"
    assert Sighting(1, 1, 0, "it is away").text == "it is away"
