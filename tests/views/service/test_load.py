from __future__ import annotations

import json
import math

from aml_magics.views.service.load import LoadReader, first_since, milliseconds, quantiles

NOW = 1_780_000_000


def write(folder, lines, day="2026-05-28"):
    with (folder / f"{day}.jsonl").open("a") as file:
        file.writelines(f"{json.dumps(line)}\n" for line in lines)


def line(t, codes=None, latency=None):
    return {"t": t, "codes": codes or {"200": 1}, "latency": latency or {"80": 1}}


def bucket(milli):
    return round(8 * math.log2(milli * 1_000))


def test_a_bucket_is_right_to_nine_percent():
    for milli in (0.05, 0.4, 1, 3.3, 27, 450, 12_000):
        assert abs(milliseconds(bucket(milli)) / milli - 1) < 0.05


def test_quantiles_are_those_of_all_requests_together():
    latency = {bucket(1): 94, bucket(10): 4, bucket(100): 2}

    p50, p95, p99 = quantiles(latency)

    assert (round(p50), round(p95), round(p99, -1)) == (1, 10, 100)
    assert quantiles({}) == (None, None, None)


def test_lines_of_replicas_and_seconds_add_up(tmp_path):
    write(
        tmp_path, [line(NOW, {"200": 3}), line(NOW, {"200": 1, "500": 2, "429": 1}), line(NOW + 1)]
    )
    reader = LoadReader(tmp_path, 300)

    assert reader.read(NOW + 2) == {NOW, NOW + 1}
    view = reader.view(NOW + 2)

    assert (view.times, view.requests) == ((NOW, NOW + 1), (7, 1))
    assert (view.errors, view.refused) == ((2, 0), (1, 0))
    assert view.width == 1


def test_only_what_is_new_is_read_again(tmp_path):
    write(tmp_path, [line(NOW)])
    reader = LoadReader(tmp_path, 300)
    reader.read(NOW)
    assert reader.read(NOW) == set()

    write(tmp_path, [line(NOW), line(NOW + 3)])

    assert reader.read(NOW + 3) == {NOW, NOW + 3}
    assert reader.view_of(NOW + 3, {NOW}).requests == (2,)


def test_a_line_that_is_half_written_is_read_when_it_is_whole(tmp_path):
    path = tmp_path / "2026-05-28.jsonl"
    path.write_text(json.dumps(line(NOW))[:20])
    reader = LoadReader(tmp_path, 300)
    assert reader.read(NOW) == set()

    path.write_text(json.dumps(line(NOW)) + "\n")

    assert reader.read(NOW) == {NOW}


def test_damaged_lines_are_passed_over(tmp_path):
    (tmp_path / "2026-05-28.jsonl").write_bytes(
        b'{"t": \xff}\n\n[]\n' + json.dumps(line(NOW)).encode() + b"\n"
    )
    reader = LoadReader(tmp_path, 300)

    assert reader.read(NOW) == {NOW}


def test_what_is_older_than_the_window_goes(tmp_path):
    write(tmp_path, [line(NOW - 400), line(NOW - 10)])
    reader = LoadReader(tmp_path, 300)
    reader.read(NOW)
    assert reader.view(NOW).times == (NOW - 10,)

    reader.read(NOW + 300)

    assert reader.view(NOW + 300).times == ()


def test_a_window_reaches_into_the_day_before(tmp_path):
    midnight = 1_780_012_800
    write(tmp_path, [line(midnight - 2)])
    write(tmp_path, [line(midnight + 1)], day="2026-05-29")
    reader = LoadReader(tmp_path, 300)

    reader.read(midnight + 2)

    assert reader.view(midnight + 2).times == (midnight - 2, midnight + 1)


def test_a_long_window_has_wide_stretches(tmp_path):
    write(tmp_path, [line(NOW - second) for second in range(600, 0, -1)])
    reader = LoadReader(tmp_path, 86_400)

    reader.read(NOW)
    view = reader.view(NOW)

    assert view.width == 288
    assert sum(view.requests) == 600
    assert len(view.times) <= 4


def test_the_last_minute_is_told_apart(tmp_path):
    write(
        tmp_path, [line(NOW - 100, {"500": 50}), line(NOW - 30, {"200": 60}), line(NOW, {"502": 2})]
    )
    reader = LoadReader(tmp_path, 300)
    reader.read(NOW)

    rate = reader.rate(NOW)

    assert (round(rate.rate, 2), rate.errors) == (1.03, 2)


def test_a_large_file_is_read_from_near_the_time_that_is_wanted(tmp_path):
    write(tmp_path, [line(NOW + second) for second in range(20_000)])
    path = tmp_path / "2026-05-28.jsonl"

    with path.open("rb") as stream:
        size = path.stat().st_size
        start = first_since(stream, size, NOW + 15_000)
        stream.seek(start)
        stream.readline()
        first = json.loads(stream.readline())

    assert NOW + 13_000 < first["t"] <= NOW + 15_000


def test_no_traffic_is_an_empty_load(tmp_path):
    reader = LoadReader(tmp_path / "none", 300)

    assert reader.read(NOW) == set()
    assert reader.view(NOW).times == ()
    assert reader.rate(NOW).p95 is None
