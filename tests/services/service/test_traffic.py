"""Traffic is read by the second: replicas add up, damage and other times are passed over."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise
from math import log2

import pytest

from aml_magics.services.service import traffic
from aml_magics.services.service.folder import service_folder

NOON = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp())
MIDNIGHT = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp())


def line(t, pid=1, *, ms=(), codes=None, revision=1):
    latency: dict[str, int] = {}
    for one in ms:
        bucket = str(round(8 * log2(one * 1_000)))
        latency[bucket] = latency.get(bucket, 0) + 1
    told = {"t": t, "revision": revision, "version": "", "pid": pid, "latency": latency}
    told |= {"codes": codes or {"200": len(ms)}, "in": 10, "out": 20}
    return json.dumps(told) + "\n"


@pytest.fixture
def folder(store, service):
    made = service_folder(store, service) / "traffic"
    made.mkdir(parents=True)
    return made


def test_replicas_of_a_second_add_up_and_revisions_do_not(store, service, folder):
    lines = [
        line(NOON, 1, ms=[1, 1], codes={"200": 1, "500": 1}),
        line(NOON, 2, ms=[4]),
        line(NOON, 3, ms=[4], codes={"429": 1}, revision=2),
    ]
    (folder / "2026-03-01.jsonl").write_text("".join(lines))
    first, second = traffic.read(store, service, NOON, NOON + 1)

    assert (first.requests, first.errors, first.refused, first.sent) == (3, 1, 0, 40)
    assert (second.revision, second.requests, second.refused) == (2, 1, 1)
    total = traffic.summary([first, second], 2.0)
    assert (total.requests, total.rate, total.received) == (4, 2.0, 30)
    assert total.p50 == pytest.approx(1, rel=0.05)
    assert total.p99 == pytest.approx(4, rel=0.05)
    assert total.scoring_p50 is None


def test_a_damaged_line_and_one_that_is_being_written_are_passed_over(store, service, folder):
    whole = line(NOON, ms=[1])
    text = whole + '{"t": "x"}\n\0\0\n' + line(NOON + 1, ms=[1]) + whole[:20]
    (folder / "2026-03-01.jsonl").write_text(text)

    assert [one.time for one in traffic.read(store, service, NOON, NOON + 9)] == [NOON, NOON + 1]


def test_a_long_file_is_read_where_its_time_is(store, service, folder, monkeypatch):
    path = folder / "2026-03-01.jsonl"
    path.write_text("".join(line(NOON - 20_000 + n, ms=[1, 2]) for n in range(20_000)))
    assert path.stat().st_size > 20 * traffic._NEAR
    parsed, real = [], traffic._parsed
    monkeypatch.setattr(traffic, "_parsed", lambda text: parsed.append(1) or real(text))

    found = traffic.read(store, service, NOON - 10_000, NOON - 9_990)
    assert [one.time for one in found] == list(range(NOON - 10_000, NOON - 9_990))
    assert len(parsed) < 1_500


def test_days_follow_each_other(store, service, folder):
    (folder / "2026-03-01.jsonl").write_text(line(MIDNIGHT - 2, ms=[1]))
    # the last second of a day is written on the next
    (folder / "2026-03-02.jsonl").write_text(line(MIDNIGHT - 1, ms=[1]) + line(MIDNIGHT, ms=[1]))
    (folder / "2026-02-01.jsonl").write_text("not read\n")
    times = [one.time for one in traffic.read(store, service, MIDNIGHT - 60, MIDNIGHT)]

    assert times == [MIDNIGHT - 2, MIDNIGHT - 1]
    assert len(traffic.read(store, service, 0, 1e12)) == 3


def test_a_service_without_traffic_has_none(store, service):
    assert traffic.read(store, service) == []
    empty = traffic.summary([], 60)
    assert (empty.requests, empty.rate, empty.p50) == (0, 0.0, None)


def test_a_bucket_is_nine_percent_wide():
    bounds = [traffic.milliseconds(bucket) for bucket in range(60, 120)]
    assert all(low < high < 1.1 * low for low, high in pairwise(bounds))
