from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.errors import InvalidFilterError, RunFinishedError, RunNotFoundError, UsageError
from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.services.run import run
from aml_magics.views.screen import registry
from aml_magics.views.screen.registry import answer, output_of, subscribe
from tests.views.live_run import log_numbers, started

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def asked(store: Store, kind: str, **question: object) -> Any:
    return json.loads(json.dumps(answer(store, kind, question), allow_nan=False))


def zoom(store: Store, run_id: str, **more: object) -> Any:
    question = {"metric": "loss", "x": "step", "low": 10, "high": 19, "limit": 100, **more}
    return asked(store, "points", run=run_id, **question)


def test_a_stretch_is_told_in_full(store: Store) -> None:
    record = started(store, *map(float, range(5_000)))

    assert zoom(store, record.id)["values"] == [float(value) for value in range(10, 20)]
    assert len(zoom(store, record.id, low="-Infinity", high="Infinity")["values"]) <= 100
    assert zoom(store, record.id, low=1e9, high=2e9) == {"steps": [], "times": [], "values": []}
    assert len(zoom(store, record.id, x="time", low=-1, high=1e9, limit=4_000)["values"]) > 3_000
    assert zoom(store, record.id, metric="nothing") is None


def test_names_that_no_run_has_are_refused_to_who_asks_and_not_to_who_goes_on(store: Store) -> None:
    run.complete(store, started(store, 0.5, name="acc"))
    query = {"filter": "metrics.ac > 1", "sort": "metrics.nosuch"}

    with pytest.raises(InvalidFilterError, match=r"has metrics\.ac\. Did you mean 'acc'"):
        answer(store, "runs", {"query": query, "offset": 0, "limit": 1})
    assert asked(store, "runs", query=query, offset=1)["rows"] == []
    assert not subscribe(store, "runs", {"query": query}).next()[0]["view"]["rows"]


def test_what_is_typed_above_a_table_narrows_its_query_and_cannot_widen_it(store: Store) -> None:
    low = started(store, 0.2, name="acc")
    high = started(store, 0.9, name="acc")
    for record in (low, high):
        run.complete(store, record)
    query = {"filter": "metrics.acc > 0.5", "find": "created > 2024-05-01 or metrics.acc < 0.5"}
    told = subscribe(store, "runs", {"query": query}).next()[0]["view"]["rows"]

    assert [row["id"] for row in asked(store, "runs", query=query)["rows"]] == [high.id]
    assert [row["id"] for row in told] == [high.id]
    with pytest.raises(InvalidFilterError, match=r"^The filter 'name\)' needs one of .* at '\)'"):
        answer(store, "runs", {"query": {**query, "find": "name)"}})
    with pytest.raises(InvalidFilterError, match=r"has metrics\.ac\. Did you mean 'acc'"):
        answer(store, "runs", {"query": {**query, "find": "metrics.ac > 1"}})


def test_the_best_and_the_previous_run_stand_behind(store: Store) -> None:
    best = started(store, 0.5, 0.95, name="acc")
    worse = started(store, 0.5, 0.7, name="acc")
    log_numbers(store, worse, "loss", 1.0, 2.0)
    failed = started(store, 0.5, 0.99, name="acc")
    other = started(store, 0.99, name="acc", experiment="other")
    for record in (best, worse, other):
        run.complete(store, record)
    run.fail(store, failed)
    mine = started(store, 0.5, 0.6, name="acc")
    ghosts = asked(store, "ghosts", run=mine.id)

    assert [(one["role"], one["metric"], one["run"]["id"]) for one in ghosts] == [
        ("best", "acc", best.id),
        ("previous", None, failed.id),
    ]
    assert ghosts[0]["curves"]["acc"]["values"] == [0.5, 0.95]
    assert set(asked(store, "ghosts", run=failed.id)[1]["curves"]) == {"acc"}
    assert asked(store, "ghosts", run=best.id)[0]["run"]["id"] == worse.id


def test_lower_is_better_for_a_loss_and_a_child_has_its_siblings(sqlite_store: Store) -> None:
    store = sqlite_store
    parent = started(store)
    for value in (0.3, 0.1):
        run.complete(store, started(store, 1.0, value, parent=parent))
    run.complete(store, started(store, 1.0, 0.01))
    child = started(store, 1.0, parent=parent)
    best = asked(store, "ghosts", run=child.id)[0]

    assert (best["role"], best["curves"]["loss"]["values"]) == ("best", [1.0, 0.1])


def test_a_first_run_has_no_ghosts(sqlite_store: Store) -> None:
    assert asked(sqlite_store, "ghosts", run=started(sqlite_store).id) == []


def test_parts_of_the_snapshot_have_titles(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store)
    snapshot.put(
        store,
        record,
        {"source": "x = 1", "git": '{"commit": "ab"}', "zzz": "{ no json", "packages": " "},
    )
    parts = asked(store, "snapshot", run=record.id)["parts"]

    assert [(part["name"], part["title"]) for part in parts] == [
        ("source", "Code of the cell"),
        ("git", "Git"),
        ("zzz", "zzz"),
    ]
    assert parts[1]["text"] == '{\n  "commit": "ab"\n}'


def test_a_very_long_part_is_cut(sqlite_store: Store) -> None:
    record = started(sqlite_store)
    snapshot.put(sqlite_store, record, {"patch": "x" * 300_000})

    assert asked(sqlite_store, "snapshot", run=record.id)["parts"][0]["text"].endswith(
        "44,000 more characters are kept and not shown."
    )


def test_cancel_tells_the_status(sqlite_store: Store) -> None:
    record = started(sqlite_store)

    assert asked(sqlite_store, "cancel", run=record.id)["status"] == "Canceled"
    done = run.complete(sqlite_store, started(sqlite_store))
    with pytest.raises(RunFinishedError, match="is Completed already"):
        asked(sqlite_store, "cancel", run=done.id)


def test_a_page_of_a_table_says_how_many_more_there_are(sqlite_store: Store) -> None:
    store = sqlite_store
    ids = [started(store).id for _ in range(5)]
    page = asked(store, "runs", query={}, offset=1, limit=2)

    assert [row["id"] for row in page["rows"]] == [ids[3], ids[2]]
    assert page["more"] == 2
    assert asked(store, "runs", query={"limit": 2}, offset=0)["more"] == 3
    assert asked(store, "runs", query={"ids": ids[:2]}, offset=0, limit=50)["more"] == 0


def test_runs_are_compared_and_told_apart(sqlite_store: Store) -> None:
    store = sqlite_store
    one, two = started(store, params={"a": 1}), started(store, params={"a": 2})

    assert asked(store, "compare", runs=[one.id, two.id])["params"][0]["differs"] is True
    sections = asked(store, "diff", run=one.id, other=two.id)["sections"]
    changed = {"name": "a", "kind": "changed", "before": 1, "after": 2, "verdict": None}
    assert sections[0]["changes"][0] == changed
    assert asked(store, "log", run=one.id)["lines"] == []


@pytest.mark.parametrize(
    ("kind", "question", "problem"),
    [
        ("pionts", {}, "no question 'pionts'. Did you mean 'points'"),
        ("log", {}, "'run' is a text and must be given, not nothing"),
        ("log", {"run": 3}, "'run' is a text and must be given, not 3"),
        ("points", {"run": "R", "metric": "m", "x": "epoch"}, "'x' is 'step' or 'time'"),
        ("points", {"run": "R", "metric": "m", "high": "x"}, "'high' is a number, not 'x'"),
        ("points", {"run": "R", "metric": "m", "hihg": 1}, "no field 'hihg'. Did you mean 'high'"),
        ("points", {"run": "R", "metric": "m", "low": "NaN"}, "'low' is a number, not 'NaN'"),
        ("points", {"run": "R", "metric": "m", "low": True}, "'low' is a number, not True"),
        (
            "points",
            {"run": "R", "metric": "m", "low": 0, "high": 1, "limit": 4_001},
            "'limit' is a whole number between 4 and 4,000, not 4001",
        ),
        ("log", {"run": "R", "start": -1}, "'start' is a whole number"),
        ("log", {"run": "R", "end": 1.5}, "'end' is a whole number"),
        ("log", {"run": "R", "end": 10**400}, "'end' is a whole number"),
        ("preview", {"run": "R"}, "'file' is a text and must be given"),
        ("diff", {"run": "R"}, "'other' is a text and must be given"),
        ("runs", {"query": {"exp": 1}}, "'query' has no field 'exp'"),
        ("runs", {"query": []}, "'query' is an object with the fields experiment, "),
        ("datasets", {"x": 1}, "The question 'datasets' has no field 'x'. It has none"),
        ("runs", {"query": {}, "offset": "x"}, "'offset' is a whole number .* not 'x'"),
        ("compare", {"runs": ["R"]}, "2 to 1,000 different runs"),
        ("compare", {"runs": [1, 2]}, "'runs' is a list of texts"),
    ],
)
def test_a_wrong_question_is_refused_in_words(
    sqlite_store: Store, kind: str, question: dict[str, object], problem: str
) -> None:
    run.start(sqlite_store, "digits", run_id="R")
    with pytest.raises(UsageError, match=problem):
        answer(sqlite_store, kind, question)


def test_an_unknown_run_is_not_found(sqlite_store: Store) -> None:
    with pytest.raises(RunNotFoundError, match="No run 'nowhere'"):
        asked(sqlite_store, "snapshot", run="nowhere")


@pytest.mark.parametrize("text", ["\ud800", "a\0b", "x" * 70_000])
def test_text_that_no_database_holds_names_nothing(store: Store, text: str) -> None:
    record = started(store, 1.0, 2.0)
    span = {"low": 0, "high": 9}

    assert answer(store, "points", {"run": record.id, "metric": text, **span}) is None
    (gone,) = subscribe(store, "run", {"run": text}).next()
    assert gone["type"] == "gone"
    assert len(str(gone["message"])) < 500
    with pytest.raises(RunNotFoundError, match=r"^No run .{1,400}$"):
        answer(store, "log", {"run": text})


def test_every_kind_stands_in_one_area() -> None:
    for family in (registry.QUESTIONS, registry.SUBJECTS, registry.OUTPUTS):
        kinds = [
            one.kind for module in registry._modules(family._module) for one in family._of(module)
        ]
        assert len(kinds) == len(set(kinds))
        assert all(family.get(kind).kind == kind for kind in kinds)
    followed = {
        *("run", "runs", "compare", "service", "services", "computes", "sweep"),
        *("pipeline", "pipelines"),
    }
    assert followed == set(registry.SUBJECTS.all())
    assert {*followed, "dataset", "model", "models"} == set(registry.OUTPUTS.all())


def test_only_what_changes_something_is_a_write() -> None:
    changing = {kind for kind, one in registry.QUESTIONS.all().items() if one.changes}

    assert changing == {
        "cancel",
        *("update_run", "update_runs", "delete_runs", "restore_runs"),
        *("save_view", "delete_view"),
        *("register_model", "update_model", "delete_model"),
        *("service_start", "service_stop", "service_rollback", "service_delete", "service_key"),
        *("compute_scale", "compute_state"),
        *("pipeline_rerun", "pipeline_set_active", "submit_design"),
    }
    assert [kind for kind, one in registry.QUESTIONS.all().items() if one.keeps] == [
        "dataset_profile"
    ]
    with pytest.raises(UsageError, match=r"no question 'cansel'\. Did you mean 'cancel'"):
        registry.QUESTIONS.get("cansel")


def test_an_output_is_made_of_any_kind(sqlite_store: Store) -> None:
    store = sqlite_store
    one, two = started(store, 1.0), started(store, 2.0)
    query = {"ids": [one.id], "sort": "", "limit": 7}

    assert output_of(store, "run", {"run": one.id}).snapshot["view"]["id"] == one.id
    table = output_of(store, "runs", {"query": query})
    assert table.snapshot["query"] == {"ids": [one.id], "limit": 7}
    assert one.name in table.html
    compared = output_of(store, "compare", {"runs": [one.id, two.id]})
    assert set(compared.bundle()) == {compared.mime, "text/html", "text/plain"}
    with pytest.raises(UsageError, match="There is no output of 'log'"):
        output_of(store, "log", {"run": one.id})
    with pytest.raises(UsageError, match="'run' is a text and must be given, not nothing"):
        output_of(store, "run", {})


def test_the_first_question_imports_no_area_that_does_not_answer_it() -> None:
    program = (
        "import sys; from aml_magics.views.screen.registry import QUESTIONS; QUESTIONS.get('points'); "
        "print([name for name in ('aml_magics.views.data.answer', 'pandas', 'duckdb') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
