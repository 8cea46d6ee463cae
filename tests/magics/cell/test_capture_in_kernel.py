"""What a cell prints and shows is kept with its run, in a real kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.magics.conftest import Kernel

LOG = (
    "__import__('aml_magics.services.run.log', fromlist=['x'])"
    ".read_log(run.experiment.workspace.store, run.record)"
)


def test_printed_output_is_shown_and_kept(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run\nimport sys\nprint('out')\nprint('err', file=sys.stderr)")

    assert (reply.stdout, reply.stderr) == ("out\n", "err\n")
    assert kernel.value(LOG) == "out\nerr\n"


def test_log_can_be_read_while_the_cell_runs(kernel: Kernel) -> None:
    kernel.run(f"%%aml_run\nprint('early')\nread = {LOG}")

    assert kernel.value("read") == "early\n"


def test_rich_output_and_the_result_are_kept_as_text(kernel: Kernel) -> None:
    kernel.run("%%aml_run\nfrom IPython.display import HTML\ndisplay(HTML('<b>x</b>'))\n'the end'")

    assert kernel.value(LOG) == "<IPython.core.display.HTML object>\n'the end'\n"


def test_panel_is_no_part_of_the_log(kernel: Kernel) -> None:
    kernel.run("%%aml_run\nimport time\nfor i in range(4):\n    run.log('a', i); time.sleep(0.2)")

    assert kernel.value(LOG) == ""


def test_colours_are_in_the_log(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run\nprint('\\x1b[31mred\\x1b[0m')")

    assert "\x1b[31m" in reply.stdout
    assert kernel.value(LOG) == "\x1b[31mred\x1b[m\n"


def test_a_progress_bar_stands_between_what_was_printed(kernel: Kernel) -> None:
    kernel.run(
        "%%aml_run\nimport sys\nfor step in range(3):\n"
        "    for part in '0', '5':\n        print(f'\\r{step}{part}%', end='', file=sys.stderr)\n"
        "    print('epoch', step)\nprint('\\r30%', file=sys.stderr)"
    )

    lines = ["05%", "epoch 0", "15%", "epoch 1", "25%", "epoch 2", "30%"]
    assert kernel.value(LOG).splitlines() == lines


def test_a_message_to_a_comm_that_is_gone_leaves_no_line_in_the_log(kernel: Kernel) -> None:
    kernel.run(
        "%%aml_run\nmessage = {'content': {'comm_id': 'gone', 'data': {}}}\n"
        "get_ipython().kernel.comm_manager.comm_msg(None, None, message)\nprint('out')"
    )

    assert kernel.value(LOG) == "out\n"


def test_figure_is_kept_as_an_image_of_the_run(kernel: Kernel) -> None:
    kernel.run("%%aml_run\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);")

    names = kernel.value("[n for n in run.get_file_names() if n.endswith('.png')]")
    assert len(names) == 1
    assert names[0].startswith("figure_1_")


def test_no_capture_keeps_neither_output_nor_figures(kernel: Kernel) -> None:
    reply = kernel.run(
        "%%aml_run --no-capture\nimport matplotlib.pyplot as plt\nprint('out')\nplt.plot([1, 2]);"
    )

    assert reply.stdout == "out\n"
    assert kernel.value("run.get_file_names()") == []


def test_streams_are_the_kernel_s_own_again_after_the_cell(kernel: Kernel) -> None:
    streams = "__import__('sys').stdout.__class__.__name__, __import__('sys').stderr"
    before = kernel.value(f"str(({streams}))")
    kernel.run("%%aml_run\nprint(1)\n1 / 0")

    assert kernel.value(f"str(({streams}))") == before


def test_secret_is_masked_in_the_log_and_the_snapshot(kernel: Kernel) -> None:
    kernel.run("%%aml_run\npassword = 'hunter22'\nprint('password=hunter22')")
    kernel.run(
        "import threading; [t.join() for t in threading.enumerate() if t.name == 'aml_magics-code-snapshot']"
    )

    assert kernel.value(LOG) == "password=***\n"
    assert kernel.value("'hunter22' in str(run.get_snapshot())") is False


def test_snapshot_has_source_upstream_packages_and_data(kernel: Kernel) -> None:
    kernel.run("import numpy as np\nbase = np.arange(4)")
    kernel.run("data = base * 2")
    kernel.run("%%aml_run\ntotal = data.sum()")
    kernel.run(
        "import threading; [t.join() for t in threading.enumerate() if t.name == 'aml_magics-code-snapshot']"
    )
    snapshot = kernel.value("run.get_snapshot()")

    assert snapshot["source"] == "%%aml_run\ntotal = data.sum()"
    assert "base = np.arange(4)" in snapshot["upstream"]
    assert "data = base * 2" in snapshot["upstream"]
    assert "numpy==" in snapshot["packages"]
    assert "ndarray (4,) int64 crc32:" in snapshot["data"]
