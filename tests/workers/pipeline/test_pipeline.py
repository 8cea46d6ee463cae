"""Pipelines in real processes: data is passed on, branches are parallel, and what fails is told."""

from __future__ import annotations

import os
from dataclasses import replace

from aml_magics.records.data.data_use import DataInput, DataOutput, OutputResult
from aml_magics.records.pipeline.definition import (
    FromStep,
    ParameterDefinition,
    StepInput,
    StepOutput,
)
from aml_magics.records.pipeline.pipeline import StepDecision
from aml_magics.records.status import RunStatus
from aml_magics.services.data import dataset
from aml_magics.services.pipeline import submission
from aml_magics.services.process.controller import PIPELINE, ensure_controller
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import read_log
from tests.workers.conftest import ended, now, processes_of, until
from tests.workers.pipeline.conftest import step, steps_of

WRITES = """
import os, sys
os.makedirs(sys.argv[1])
with open(os.path.join(sys.argv[1], "a.txt"), "w") as file:
    file.write(sys.argv[2])
"""
READS = """
import os, sys
for path in sys.argv[1:]:
    print(open(os.path.join(path, "a.txt")).read())
"""
FAILS = "raise ValueError('no such luck')"
WAITS = "import time; time.sleep(600)"
MEETS = """
import os, sys, time
own, other = sys.argv[1:]
open(own, "w").close()
while not os.path.exists(other):
    time.sleep(0.01)
"""


def data(name):
    return f"$AZUREML_DATAREFERENCE_{name}"


def statuses(store, pipeline):
    return {name: str(one.run.status) for name, one in steps_of(store, pipeline).items()}


def test_what_a_step_writes_is_read_by_those_behind_it(store, pipeline_in):
    scripts = {"w.py": WRITES, "r.py": READS}
    run = pipeline_in(
        store,
        scripts,
        step("read", "r.py", data("one"), data("two"), reads=["a.one", "b.two"]),
        step("a", "w.py", data("one"), "1", writes=["one"]),
        step("b", "w.py", data("two"), "2", writes=["two"]),
    )
    run = ended(store, run)
    read = steps_of(store, run)["read"]

    assert run.status is RunStatus.COMPLETED, run.reason
    assert read_log(store, read.run).split() == ["1", "2"]
    assert [one.step.name for one in steps_of(store, run).values()] == ["a", "b", "read"]


def test_branches_run_at_once(store, pipeline_in, tmp_path):
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    run = pipeline_in(
        store,
        {"m.py": MEETS, "e.py": ""},
        step("first", "e.py"),
        step("a", "m.py", one, two, after=["first"]),
        step("b", "m.py", two, one, after=["first"]),
    )
    assert ended(store, run).status is RunStatus.COMPLETED


def test_a_step_may_write_a_file_or_nothing(store, pipeline_in):
    scripts = {
        "w.py": "import sys; open(sys.argv[1], 'w').write('a file')",
        "n.py": "",
        "r.py": "import os, sys; print(open(sys.argv[1]).read(), os.listdir(sys.argv[2]))",
    }
    run = pipeline_in(
        store,
        scripts,
        step("file", "w.py", data("one"), writes=["one"]),
        step("nothing", "n.py", writes=["two"]),
        step("read", "r.py", data("one"), data("two"), reads=["file.one", "nothing.two"]),
    )
    assert ended(store, run).status is RunStatus.COMPLETED
    found = steps_of(store, run)
    assert read_log(store, found["read"].run) == "a file []\n"
    assert found["file"].kept.written == {"one": 1}
    assert found["nothing"].kept.written == {"two": 0}


def test_a_step_whose_data_is_not_there_fails_before_its_script(store, pipeline_in):
    taken = StepInput(DataInput("taken", "Mount"), FromStep("nothing", "two"))
    reader = replace(step("read", "e.py", retries=3), inputs=(taken,))
    run = pipeline_in(store, {"e.py": ""}, step("nothing", "e.py", writes=["two"]), reader)
    run = ended(store, run)
    found = steps_of(store, run)["read"]

    assert run.status is RunStatus.FAILED
    assert "step 'read' failed: DataNotFoundError: Step 'read' reads output 'two'" in run.reason
    assert (found.run.started, found.kept.tries) == (None, 0)


def test_an_output_becomes_a_dataset_that_others_take(store, pipeline_in):
    code = "import os, sys; open(os.path.join(sys.argv[1], 'a.txt'), 'w').write('7')"
    part = DataOutput(
        "made", "workspaceblobstore", "d/{run-id}", results=(OutputResult(register_as="numbers"),)
    )
    writer = step("write", "w.py", part.placeholder)
    taken = StepInput(DataInput("taken", "Download"), FromStep("write", "made"))
    reader = step("read", "r.py", taken.part.placeholder)
    run = pipeline_in(
        store,
        {"w.py": code, "r.py": READS},
        replace(writer, outputs=(StepOutput(part),)),
        replace(reader, inputs=(taken,)),
    )
    assert ended(store, run).status is RunStatus.COMPLETED
    found = steps_of(store, run)["read"].run
    [(use, record)] = dataset.uses_of(store, found)

    assert read_log(store, found) == "7\n"
    assert (use.role, use.name, record.name) == ("input", "taken", "numbers")


def test_parameters_are_words_and_variables(store, pipeline_in):
    code = "import os, sys; print(sys.argv[1:], os.environ['AML_PARAMETER_rate'])"
    run = pipeline_in(
        store,
        {"p.py": code},
        step("print", "p.py", "--rate=$AML_PARAMETER_rate", "x$AML_PARAMETER_rate"),
        parameters=[ParameterDefinition("rate", "float", 0.1)],
    )
    assert ended(store, run).status is RunStatus.COMPLETED
    assert read_log(store, steps_of(store, run)["print"].run) == "['--rate=0.1', 'x0.1'] 0.1\n"


def test_a_failed_step_ends_its_pipeline_and_those_behind_it_say_why(store, pipeline_in):
    run = pipeline_in(
        store,
        {"f.py": FAILS, "w.py": WAITS, "e.py": ""},
        step("bad", "f.py"),
        step("other", "w.py"),
        step("behind", "e.py", after=["bad"]),
        step("last", "e.py", after=["behind"]),
    )
    run = ended(store, run)

    assert run.status is RunStatus.FAILED
    assert run.reason == "step 'bad' failed: ValueError: no such luck"
    assert "no such luck" in run.error.traceback
    assert statuses(store, run) == {
        "bad": "Failed",
        "other": "Canceled",
        "behind": "Canceled",
        "last": "Canceled",
    }
    found = steps_of(store, run)["behind"]
    assert found.run.reason == "step 'bad' failed: ValueError: no such luck"
    assert found.kept.decision is StepDecision.SKIPPED


def test_the_others_go_on_if_that_is_asked_for(store, pipeline_in):
    run = pipeline_in(
        store,
        {"f.py": FAILS, "e.py": ""},
        step("bad", "f.py"),
        step("behind", "e.py", after=["bad"]),
        step("last", "e.py", after=["behind"]),
        step("other", "e.py"),
        step("after", "e.py", after=["other"]),
        continue_on_step_failure=True,
    )
    run = ended(store, run)
    found = steps_of(store, run)

    assert run.status is RunStatus.FAILED
    assert run.reason == "step 'bad' failed: ValueError: no such luck"
    assert statuses(store, run) == {
        "bad": "Failed",
        "behind": "Canceled",
        "last": "Canceled",
        "other": "Completed",
        "after": "Completed",
    }
    assert found["behind"].run.reason == "Step 'bad' before it failed."
    assert found["last"].run.reason == "Step 'behind' before it was canceled."


def test_a_failed_script_is_tried_again_as_often_as_the_step_says(store, pipeline_in, tmp_path):
    code = """
import os, sys
with open(sys.argv[1], "a") as file:
    file.write("x")
print("try", os.path.getsize(sys.argv[1]), os.environ["GIVEN"])
assert os.path.getsize(sys.argv[1]) > int(sys.argv[2])
"""
    os.environ["GIVEN"] = "kept"
    try:
        run = pipeline_in(
            store,
            {"t.py": code},
            step("good", "t.py", str(tmp_path / "good"), "2", retries=3),
            step("bad", "t.py", str(tmp_path / "bad"), "9", retries=1),
            continue_on_step_failure=True,
        )
    finally:
        del os.environ["GIVEN"]
    run = ended(store, run)
    found = steps_of(store, run)

    assert statuses(store, run) == {"good": "Completed", "bad": "Failed"}
    assert [found[name].kept.tries for name in ("good", "bad")] == [3, 2]
    assert [found[name].run.attempt for name in ("good", "bad")] == [3, 2]
    assert (tmp_path / "good").read_text() == "xxx"
    assert (tmp_path / "bad").read_text() == "xx"
    log = read_log(store, found["good"].run)
    assert [line for line in log.splitlines() if line.startswith("try")] == [
        "try 1 kept",
        "try 2 kept",
        "try 3 kept",
    ]


def test_a_pipeline_takes_at_least_as_long_as_its_steps_from_the_first_to_the_last(
    store, pipeline_in, monkeypatch
):
    monkeypatch.setattr(submission, "ensure_controller", lambda *_: None)
    run = pipeline_in(store, {"t.py": "import time; time.sleep(0.2)"}, step("t", "t.py"))
    until(lambda: statuses(store, run) == {"t": "Completed"})  # before there is a controller
    ensure_controller(store, PIPELINE, run.id)
    run, one = ended(store, run), steps_of(store, run)["t"].run

    assert run.started <= one.started <= one.ended <= run.ended
    assert run.duration >= one.ended - one.started
    assert run.duration >= one.duration


def test_a_step_is_failed_only_once_its_tries_are_used_up(store, pipeline_in, tmp_path):
    code = """
import os, signal, sys
with open(sys.argv[1], "a") as file:
    file.write("x")
if os.path.getsize(sys.argv[1]) == 1:
    os.kill(os.getppid(), signal.SIGKILL)  # its worker, so that who finds it dead ends the try
assert os.path.getsize(sys.argv[1]) > int(sys.argv[2])
"""
    # every status that is ever written, also for a moment
    noted = """
        CREATE TRIGGER noted AFTER UPDATE OF status ON run WHEN NEW.status <> OLD.status BEGIN
        INSERT INTO meta SELECT 'noted ' || count(*), NEW.name || ' ' || NEW.status FROM meta; END
    """
    store.catalogue.transact(lambda connection: connection.exec_driver_sql(noted))
    run = pipeline_in(
        store,
        {"t.py": code},
        step("good", "t.py", str(tmp_path / "good"), "2", retries=2),
        step("bad", "t.py", str(tmp_path / "bad"), "9", retries=2),
        continue_on_step_failure=True,
    )
    run = ended(store, run)
    with store.catalogue.read() as connection:
        query = "SELECT value FROM meta WHERE name LIKE 'noted %'"
        said = list(connection.exec_driver_sql(query).scalars())

    assert statuses(store, run) == {"good": "Completed", "bad": "Failed"}
    assert said.count("good Queued") == said.count("bad Queued") == 2
    assert [one for one in said if one in ("good Failed", "bad Failed")] == ["bad Failed"]


def test_a_canceled_pipeline_ends_all_that_it_started(store, pipeline_in):
    run = pipeline_in(
        store,
        {"w.py": WAITS, "e.py": ""},
        step("one", "w.py"),
        step("two", "w.py"),
        step("waiting", "w.py"),  # of two slots none is left
        step("behind", "e.py", after=["one"]),
    )
    until(lambda: "Running" in statuses(store, run).values())
    scripts = [one.run for one in steps_of(store, run).values()]
    cancel(store, now(store, run))
    run = ended(store, run)

    assert run.status is RunStatus.CANCELED
    assert set(statuses(store, run).values()) == {"Canceled"}
    assert steps_of(store, run)["behind"].run.reason == "Canceled by the user."
    assert not [one for each in scripts for one in processes_of(each)]


def test_a_step_that_somebody_cancels_ends_its_pipeline(store, pipeline_in):
    run = pipeline_in(
        store,
        {"w.py": WAITS, "e.py": ""},
        step("one", "w.py"),
        step("behind", "e.py", after=["one"]),
    )
    until(lambda: statuses(store, run)["one"] == "Running")
    cancel(store, steps_of(store, run)["one"].run)
    run = ended(store, run)

    assert (run.status, run.reason) == (RunStatus.CANCELED, "Step 'one' was canceled.")
    assert statuses(store, run)["behind"] == "Canceled"


def test_a_waiting_step_can_be_canceled_alone(store, pipeline_in):
    run = pipeline_in(
        store,
        {"w.py": WAITS, "e.py": ""},
        step("one", "w.py"),
        step("behind", "e.py", after=["one"]),
        continue_on_step_failure=True,
    )
    found = cancel(store, steps_of(store, run)["behind"].run)
    assert found.status is RunStatus.CANCELED
    until(lambda: statuses(store, run)["one"] == "Running")
    assert not now(store, run).status.is_terminal
    cancel(store, steps_of(store, run)["one"].run)
    assert ended(store, run).status is RunStatus.CANCELED


def test_a_step_is_reused_when_its_inputs_are_the_same(store, pipeline_in):
    scripts = {"w.py": WRITES, "r.py": READS}
    steps = [
        step("write", "w.py", data("one"), "1", writes=["one"]),
        step("read", "r.py", data("one"), reads=["write.one"], allow_reuse=True),
    ]
    first = ended(store, pipeline_in(store, scripts, *steps))
    again = ended(store, pipeline_in(store, scripts, *steps))
    [one, two] = [steps_of(store, run)["read"] for run in (first, again)]
    assert not two.is_reused  # the first step was not to be reused, so its data was made again
    assert two.kept.reuse_note == "not reused: input 'one' was made again"

    steps[0] = step("write", "w.py", data("one"), "1", writes=["one"], allow_reuse=True)
    runs = [ended(store, pipeline_in(store, scripts, *steps)) for _ in range(2)]
    assert steps_of(store, runs[0])["write"].kept.decision is StepDecision.QUEUED
    assert runs[1].status is RunStatus.COMPLETED
    assert {one.is_reused for one in steps_of(store, runs[1]).values()} == {True}
    assert one.run.id != two.run.id
