"""Every step runs as often as its rule says, whoever is killed."""

from __future__ import annotations

from aml_magics.records.pipeline.pipeline import StepDecision
from aml_magics.records.status import RunStatus
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import read_log
from aml_magics.services.run.recovery import recover
from tests.workers.chaos import KILLS, Chaos
from tests.workers.conftest import ended, kill, now, until, until_printed
from tests.workers.pipeline.conftest import controllers, step, steps_of

LOST = {"ProcessGone", "SIGKILL"}  # a launcher looks like its worker until it is the script
COUNTS = """
import os, sys, time
with open(os.path.join(sys.argv[1], os.environ["AZUREML_RUN_ID"]), "a") as file:
    file.write("x")
for path in sys.argv[3:]:
    assert os.path.exists(path), path
time.sleep(0.1)
open(sys.argv[2], "w").close()
"""
LONG = "import time; time.sleep(600)"


def test_a_killed_controller_is_started_again_and_goes_on(store, pipeline_in, tmp_path):
    scripts = {
        "c.py": COUNTS,
        "w.py": "import os, sys, time\nwhile not os.path.exists(sys.argv[1]): time.sleep(0.01)",
    }
    go = tmp_path / "go"
    run = pipeline_in(
        store,
        scripts,
        step("wait", "w.py", str(go)),
        step("count", "c.py", str(tmp_path), str(tmp_path / "done"), after=["wait"]),
    )
    first = until(lambda: controllers(store))[0]
    until_printed(store, run, "begins")
    kill(first)
    first.wait()
    go.touch()
    recover(store)
    until(lambda: [one for one in controllers(store) if one.pid != first.pid])
    run = ended(store, run)

    assert run.status is RunStatus.COMPLETED, run.reason
    assert (tmp_path / steps_of(store, run)["count"].run.id).read_text() == "x"
    assert read_log(store, run).count("begins") == 2


def test_a_pipeline_is_canceled_while_its_controller_is_dead(store, pipeline_in):
    run = pipeline_in(
        store, {"w.py": LONG}, step("one", "w.py"), step("two", "w.py", after=["one"])
    )
    until(lambda: steps_of(store, run)["one"].run.status is RunStatus.RUNNING)
    kill(until(lambda: controllers(store))[0])
    cancel(store, now(store, run))
    run = ended(store, run)

    assert run.status is RunStatus.CANCELED
    assert {one.run.status for one in steps_of(store, run).values()} == {RunStatus.CANCELED}


def layered(folder, layers, retries):
    """Layers of three steps, each of which needs what all of the layer before have done."""
    found, before = [], []
    for layer in range(layers):
        names = [f"{layer}-{place}-{retries}" for place in range(3)]
        needed = [str(folder / f"done-{name}") for name in before]
        for name in names:
            words = [str(folder), str(folder / f"done-{name}"), *needed]
            found.append(step(name, "c.py", *words, after=before, retries=retries))
        before = names
    return found


def test_every_step_runs_as_often_as_its_rule_says(either_store, pipeline_in, tmp_path):
    store, folder = either_store, tmp_path / "files"
    folder.mkdir()
    kills = KILLS if store.catalogue.url.get_backend_name() == "sqlite" else KILLS // 2
    layers = max(3, kills // 4)
    scripts = {"c.py": COUNTS}
    again = pipeline_in(store, scripts, *layered(folder, layers, kills + 1))
    once = pipeline_in(store, scripts, *layered(folder, layers, 0), continue_on_step_failure=True)
    chaos, left = Chaos(store, controllers), [again, once]
    while left and len(chaos.killed) < kills:
        chaos.strike()
        left = [one for one in left if not now(store, one).status.is_terminal]
    for run in (again, once):
        until(lambda r=run: chaos.look() or now(store, r).status.is_terminal, 20 * (kills + 10))
    counts = {path.name: len(path.read_text()) for path in folder.iterdir()}

    assert chaos.killed
    assert now(store, again).status is RunStatus.COMPLETED, now(store, again).reason
    for one in steps_of(store, again).values():
        assert one.run.status is RunStatus.COMPLETED
        assert one.run.attempt == one.kept.tries
        assert 1 <= counts[one.run.id] <= one.kept.tries
    lost = []
    for one in steps_of(store, once).values():
        assert one.run.attempt == 1
        if one.kept.decision is StepDecision.SKIPPED:
            assert one.run.id not in counts
        elif one.run.status is RunStatus.COMPLETED:
            assert counts[one.run.id] == 1
        else:
            assert one.run.error.code in LOST
            assert counts.get(one.run.id, 0) <= 1
            lost.append(one)
    tries = sum(one.kept.tries - 1 for one in steps_of(store, again).values())
    said = [line for line in read_log(store, again).splitlines() if "again" in line]
    assert len(lost) + tries <= chaos.killed.count("workers"), said
    assert now(store, once).status is (RunStatus.FAILED if lost else RunStatus.COMPLETED)
    until(lambda: not controllers(store))
