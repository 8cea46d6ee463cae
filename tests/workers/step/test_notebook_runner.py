"""A notebook is executed with other values, and kept however it ends."""

from __future__ import annotations

import nbformat
import pytest

from aml_magics.errors import PipelineError
from aml_magics.workers.step.notebook_runner import inject, main, read

GIVEN = ("--notebook", "a.ipynb")


def notebook(*cells, **metadata):
    """A notebook of sources; one that begins with ``#:`` is tagged ``parameters``."""
    made = nbformat.v4.new_notebook(metadata=metadata)
    for source in cells:
        tags = {"tags": ["parameters"]} if source.startswith("#:") else {}
        made.cells.append(nbformat.v4.new_code_cell(source, metadata=tags))
    return made


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Writes ``a.ipynb`` into the current folder."""
    monkeypatch.chdir(tmp_path)

    def write(*cells, **metadata):
        nbformat.write(notebook(*cells, **metadata), "a.ipynb")

    return write


def outcome(path="outputs/a.output.ipynb"):
    return nbformat.read(path, as_version=4).cells


# -- words --------------------------------------------------------------------------------------


def test_each_word_is_read_as_what_it_is():
    found = read(
        (*GIVEN, "--json=n=[-1, null]", "--string=s=--x=1", "--text=t=3", "--path", "a-b", "/x")
    )
    assert found.values == {"n": [-1, None], "s": "--x=1", "a_b": "/x"}
    assert found.texts == {"t": "3"}
    assert (found.output, found.timeout) == ("outputs/a.output.ipynb", None)


def test_arguments_are_parameters():
    found = read((*GIVEN, "--", "--learning-rate", "0.1", "--n=-3", "--verbose"))
    assert found.texts == {"learning_rate": "0.1", "n": "-3", "verbose": "True"}


@pytest.mark.parametrize("output", ["b.ipynb", "outputs/b.ipynb"])
def test_the_executed_notebook_goes_to_the_outputs(output):
    assert read((*GIVEN, "--output_notebook", output)).output == "outputs/b.ipynb"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--colour", "red"), "cannot be read: unrecognized arguments: --colour"),
        (("--output_notebook", "../b.ipynb"), "below the folder of the step"),
        (("--", "0.1"), "'0.1' has no name"),
        (("--text=r=$AML_PARAMETER_rate",), "r has no value for the parameter 'rate'"),
    ],
)
def test_words_that_mean_nothing_are_refused(words, said):
    with pytest.raises(PipelineError, match=said):
        read((*GIVEN, *words))


# -- parameters ---------------------------------------------------------------------------------


def injected(given, *words):
    inject(given, read((*GIVEN, *words)), nbformat.v4.new_code_cell)
    return [one.source for one in given.cells]


def test_values_stand_after_the_cell_that_is_tagged():
    given = notebook("import os", "#:\nrate = 1", "print(rate)")
    assert injected(given, "--json=rate=2") == [
        "import os",
        "#:\nrate = 1",
        "# Parameters\nrate = 2",
        "print(rate)",
    ]
    assert injected(given, "--json=rate=3")[2] == "# Parameters\nrate = 3"  # in place of the former


def test_values_stand_first_where_no_cell_is_tagged():
    assert injected(notebook("x"), "--string=a=it's") == ['# Parameters\na = "it\'s"', "x"]


def test_without_a_value_nothing_is_added():
    assert injected(notebook("x")) == ["x"]


@pytest.mark.parametrize(
    ("usual", "text", "value"),
    [
        ("'7'", "007", "'007'"),
        ("'7'", "True", "'True'"),
        ("1.5", "2", "2.0"),
        ("1", "2", "2"),
        ("None", "2", "2"),
        ("None", "true", "True"),
        ("None", "007", "'007'"),
        ("None", "[1]", "'[1]'"),
        ("f()", "0.5", "0.5"),
    ],
)
def test_a_text_becomes_a_value_of_the_notebooks_own_type(usual, text, value):
    cells = injected(notebook(f"#:\nx: object = {usual}\ny = 1"), f"--text=x={text}")
    assert cells[1] == f"# Parameters\nx = {value}"


# -- execution ----------------------------------------------------------------------------------


def test_it_is_executed_and_kept_with_what_its_cells_show(written, capsys):
    written(
        "#:\nrate = 1",
        "print('rate', rate)\nrate * 2",
        kernelspec={"name": "python36", "display_name": "Python 3.6"},
    )
    main((*GIVEN, "--json=rate=3", "--copy_to", "kept"))

    assert capsys.readouterr().out == "rate 3\n6\n"
    texts = [one.get("text") or one["data"]["text/plain"] for one in outcome()[2].outputs]
    assert texts == ["rate 3\n", "6"]
    assert outcome("kept/a.output.ipynb") == outcome()


def test_a_cell_that_fails_is_named_with_its_traceback(written, capsys):
    written("x = 1", "def f():\n    raise ValueError('too few rows')\nf()", "print('never')")
    with pytest.raises(SystemExit, match="1"):
        main(GIVEN)

    told = capsys.readouterr()
    first, second, *_, last = told.err.strip().splitlines()
    assert first == "Traceback (most recent call last):"
    assert second == "  Cell 2 of outputs/a.output.ipynb"
    assert "    raise ValueError('too few rows')" in told.err
    assert last == "ValueError: too few rows"
    assert "\x1b" not in told.err
    assert "never" not in told.out
    assert outcome()[1].outputs[0]["ename"] == "ValueError"


def test_a_cell_that_takes_too_long_is_stopped(written):
    written("import time\ntime.sleep(600)")
    with pytest.raises(PipelineError, match=r"longer than 1 s; give it more"):
        main((*GIVEN, "--cell_timeout", "1"))


def test_a_kernel_that_dies_is_told(written):
    written("import os\nos._exit(1)")
    with pytest.raises(PipelineError, match=r"The kernel of a.ipynb died"):
        main(GIVEN)


def test_what_it_showed_when_it_was_saved_is_gone(written):
    written("x = 1")
    old = nbformat.read("a.ipynb", as_version=4)
    old.cells[0].outputs = [nbformat.v4.new_output("stream", text="old")]
    nbformat.write(old, "a.ipynb")
    main(GIVEN)
    assert outcome()[0].outputs == []


def test_what_is_no_notebook_of_python_is_refused(written, tmp_path):
    written(kernelspec={"name": "ir", "language": "R", "display_name": "R"})
    with pytest.raises(PipelineError, match="a notebook of 'R'"):
        main(GIVEN)
    with pytest.raises(PipelineError, match=r"no notebook 'b.ipynb' .* it has: a.ipynb"):
        main(("--notebook", "b.ipynb"))
    for text in ("{}", "no JSON", "[]"):
        (tmp_path / "c.ipynb").write_text(text)
        with pytest.raises(PipelineError, match=r"c.ipynb is no notebook"):
            main(("--notebook", "c.ipynb"))
