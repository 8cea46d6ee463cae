"""Lines of what was served: whole seconds under load, and parts of them where there is little to do."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from aml_magics.workers.replica import traffic
from aml_magics.workers.replica.traffic import Traffic

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """The time of a replica: of the wall, and since it started."""

    def __init__(self) -> None:
        self.now = 1_780_000_000.0
        self.strftime, self.gmtime = traffic.time.strftime, traffic.time.gmtime

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now - 1_770_000_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(traffic, "time", made)
    return made


@pytest.fixture
def served(tmp_path: Path, clock: Clock) -> Traffic:
    del clock  # it goes first
    return Traffic(SimpleNamespace(traffic=str(tmp_path), revision=1, version=""))


def count(served: Traffic, times: int = 1, status: int = 200) -> None:
    answer = SimpleNamespace(status=status, milliseconds=0.5, body=b"ok")
    for _ in range(times):
        served.count(SimpleNamespace(body=b"{}"), answer, 0.001)


def counts(folder: Path) -> list[tuple[int, dict[str, int]]]:
    """Second and codes of each line."""
    return [
        (line["t"] - 1_780_000_000, line["codes"])
        for file in sorted(folder.glob("*.jsonl"))
        for line in map(json.loads, file.read_text().splitlines())
    ]


def test_a_request_of_a_quiet_service_is_told_at_once(tmp_path, clock, served):
    clock.now += 5.1
    served.turn()
    count(served)
    served.turn()
    count(served, 2, 500)
    clock.now += 0.1
    served.turn()
    assert counts(tmp_path) == [(5, {"200": 1})]
    clock.now += 0.2
    served.turn()
    assert counts(tmp_path)[1:] == [(5, {"500": 2})]


def test_a_busy_service_tells_one_line_a_second(tmp_path, clock, served):
    for _ in range(40):
        clock.now += 0.1
        served.turn()
        count(served, 5)
    served.turn(now=0)
    lines = counts(tmp_path)
    seconds = [second for second, _ in lines]
    assert [seconds.count(second) for second in (1, 2, 3)] == [1, 1, 1]
    assert sum(codes["200"] for _, codes in lines) == 200


def test_nothing_is_told_where_nothing_was_served(tmp_path, clock, served):
    for _ in range(30):
        clock.now += 0.1
        served.turn()
    assert counts(tmp_path) == []
