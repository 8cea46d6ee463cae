"""Cells as steps of a pipeline, in a real kernel."""

from __future__ import annotations

import pytest

END = (
    "import psutil, os\n"
    "for p in psutil.process_iter():\n"
    "    try:\n"
    "        if 'aml_magics.workers' in ' '.join(p.cmdline()) and p.environ().get('AML_MAGICS_HOME') == os.environ['AML_MAGICS_HOME']: p.kill()\n"
    "    except psutil.Error: pass"
)
FIRST = "%%aml_step prepare --output x table\nimport math\nx = scaled(2.5)\ntable = {'a': [1, 2]}"
SECOND = (
    "%%aml_step train --input x t=prepare.table --output model --param rate=0.5\n"
    "model = [x, t['a'], rate]\nprint('trained', model)\nrun.log('rate', rate)"
)


@pytest.fixture
def cells(kernel):
    """The module's kernel with an empty pipeline; what it started is ended."""
    kernel.run("%aml pipeline clear")
    kernel.run("factor = 3\ndef scaled(number):\n    return number * factor")
    yield kernel
    kernel.run(END)


def test_cells_run_as_steps_pass_variables_on_and_are_reused(cells):
    added = cells.run(FIRST)
    assert added.status == "ok", added.traceback
    assert "Step 'prepare' is added to the pipeline." in added.stdout
    assert "scaled" in added.stderr
    assert cells.run(SECOND).status == "ok"
    assert cells.run("assert 'x' not in globals()").status == "ok"  # nothing has run
    began = cells.run("%aml pipeline run --name cells --wait")
    assert began.status == "ok", began.traceback
    assert "application/vnd.aml-magics.pipeline+json" in str(began.displays)
    assert cells.value("run.get_status()") == "Finished"
    cells.run("steps = {one.name: one for one in run.get_steps()}")
    assert cells.value("steps['train'].get_metrics()") == {"rate": 0.5}
    log = cells.value("steps['train'].get_details_with_logs()['logFiles']['user_logs/std_log.txt']")
    assert "trained [7.5, [1, 2], 0.5]" in log

    again = cells.run("%aml pipeline run --wait")
    assert again.status == "ok", again.traceback
    reused = "[one.properties.get('azureml.isreused') for one in run.get_steps()]"
    assert cells.value(reused) == ["true", "true"]

    replaced = cells.run(SECOND.replace("'trained'", "'trained anew'"))
    assert "Step 'train' is replaced in the pipeline." in replaced.stdout
    cells.run("%aml pipeline run --param rate=2 --wait")
    reused = "{one.name: one.properties.get('azureml.isreused') for one in run.get_steps()}"
    assert cells.value(reused) == {"prepare": "true", "train": None}


def test_step_takes_a_dataset_and_files_of_another_step(cells):
    cells.run(
        "from aml_magics import Dataset, Workspace\nimport pandas as pd\nws = Workspace.from_config()\n"
        "Dataset.Tabular.register_pandas_dataframe(pd.DataFrame({'a': [1, 2, 4]}), ws.get_default_datastore(), 'numbers')"
    )
    cells.run(
        "%%aml_step read --input data=dataset:numbers --output file folder\nfrom pathlib import Path\n"
        "file = Path('sum.txt')\nfile.write_text(str(data.to_pandas_dataframe()['a'].sum()))\n"
        "folder = Path('parts')\nfolder.mkdir()\n(folder / 'one').write_text('1')"
    )
    cells.run(
        "%%aml_step show --input file folder\n"
        "print('the sum', file.read_text(), [one.name for one in folder.iterdir()])"
    )
    began = cells.run("%aml pipeline run --wait")
    assert began.status == "ok", began.traceback
    log = cells.value(
        "run.find_step_run('show')[0].get_details_with_logs()['logFiles']['user_logs/std_log.txt']"
    )
    assert "the sum 7 ['one']" in log


def test_modules_beside_the_notebook_go_along_and_are_part_of_the_code(cells):
    cells.run(
        "from pathlib import Path\nPath('helped').mkdir()\nPath('helped/__init__.py').write_text('import deeper')\n"
        "Path('deeper.py').write_text('VALUE = 42')\nPath('helper.py').write_text('def made(): return 7')\n"
        "from helper import made"
    )
    added = cells.run("%%aml_step use\nimport helped\nprint('made', made() + helped.deeper.VALUE)")
    assert added.status == "ok", added.traceback
    for name in ("deeper.py", "helped", "helper.py"):
        assert name in added.stderr
    began = cells.run("%aml pipeline run --wait")
    assert began.status == "ok", began.traceback
    log = "run.find_step_run('use')[0].get_details_with_logs()['logFiles']['user_logs/std_log.txt']"
    assert "made 49" in cells.value(log)
    cells.run("Path('deeper.py').write_text('VALUE = 43')")
    cells.run("%aml pipeline run --wait")
    assert "made 50" in cells.value(log)


def test_files_beside_the_notebook_go_along_and_a_changed_one_is_read_anew(cells):
    cells.run(
        "from pathlib import Path\nPath('rows.csv').write_text('1,2')\nPath('more').mkdir()\n"
        "Path('more/part.csv').write_text('3')"
    )
    added = cells.run(
        "%%aml_step read --files more\nname = 'part'\n"
        "print('read', open('rows.csv').read(), open(f'more/{name}.csv').read())"
    )
    assert added.status == "ok", added.traceback
    assert "Taken along from this folder: more/part.csv, rows.csv" in added.stderr
    began = cells.run("%aml pipeline run --wait")
    assert began.status == "ok", began.traceback
    log = "run.find_step_run({!r})[0].get_details_with_logs()['logFiles']['user_logs/std_log.txt']"
    assert "read 1,2 3" in cells.value(log.format("read"))
    cells.run("Path('rows.csv').write_text('4,5')")
    cells.run("%aml pipeline run --wait")
    assert "read 4,5 3" in cells.value(log.format("read"))

    cells.run("%%aml_step miss\nopen('more/' + 'other.csv')")
    assert cells.run("%aml pipeline run --wait").status == "error"
    assert "A step has a folder of its own." in cells.value(log.format("miss"))


def test_output_that_the_cell_does_not_leave_fails_its_step(cells):
    cells.run("%%aml_step nothing --output y\nz = 1")
    cells.run("%%aml_step lock --output y\nimport threading\ny = threading.Lock()")
    assert cells.run("%aml pipeline run --wait").status == "error"
    log = "run.find_step_run({!r})[0].get_details_with_logs()['logFiles']['user_logs/std_log.txt']"
    assert "left no such variable; assign it" in cells.value(log.format("nothing"))
    assert "cannot go to another process" in cells.value(log.format("lock"))


def test_steps_are_shown_and_their_order_is_that_of_the_data(cells):
    cells.run(FIRST)
    cells.run(SECOND)
    cells.run("%%aml_step last --after train --no-reuse --compute local\npass")
    shown = cells.value("get_ipython().run_line_magic('aml', 'pipeline show')").splitlines()
    assert shown == [
        "1  prepare  gives x, table",
        "2  train  takes x from above, t from prepare; gives model; rate=0.5",
        "3  last  after train; on local; runs each time",
    ]
    # a step that is replaced may not take what only later ones give
    refused = cells.run("%%aml_step prepare --input model\npass")
    assert "no step before has the output 'model'. There are: none" in refused.traceback
    refused = cells.run("%aml pipeline run --param rat=1")
    assert "Did you mean 'rate'" in refused.traceback
    assert "%aml pipeline run" in str(cells.run("%aml pipeline run --help").displays)


def test_step_that_fails_names_the_line_of_its_cell(cells):
    cells.run("%%aml_step broken\nx = 1\n\nx / 0")
    began = cells.run("%aml pipeline run --wait")
    assert began.status == "error"
    cells.run("import aml_magics\nstep = next(iter(run.get_steps()))")
    log = cells.value("step.get_details_with_logs()['logFiles']['user_logs/std_log.txt']")
    assert "line 4" in log or "----> 4" in log
    assert "ZeroDivisionError" in log


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("%%aml_step s --input y\ny", "no step before has the output 'y'"),
        ("%%aml_step s --input data:x\n1", "--input is a name of a variable"),
        ("%%aml_step s --input dataset:d\n1", "a dataset needs the variable that it becomes"),
        ("%%aml_step s --output a a\n1", "'a' is --output and --output of step 's'"),
        ("%%aml_step s --after t\n1", "the pipeline has no such step"),
        (
            "%%aml_step s --output a\nprint(a)",
            "uses 'a' before it assigns it: --output a is a variable",
        ),
        ("%%aml_step s\nprint(unknwon)", "uses 'unknwon', which neither the notebook nor an input"),
        ("%%aml_step s\nx = = 1", "SyntaxError"),
        ("%%aml_step\nx = 1", "NAME"),
        ("%aml pipeline run", "No steps. %%aml_step NAME as the first line"),
        ("%aml pipeline show now", "takes nothing more, and there is 'now'"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_adds_nothing(cells, cell, message):
    refused = cells.run(cell)
    assert refused.status == "error"
    assert message in refused.traceback
    assert "No steps." in cells.value("get_ipython().run_line_magic('aml', 'pipeline show')")
