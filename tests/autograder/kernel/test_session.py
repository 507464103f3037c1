import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.kernel.limits import Limits
from autograder.kernel.session import execute


def run(tmp_path, *sources, limits=None, environment=None):
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    return execute(notebook, tmp_path, limits, environment)


def texts(execution):
    return [
        "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)
        for cell in execution.notebook.cells
    ]


def names(execution):
    return [[o.ename for o in cell.outputs if o.output_type == "error"] for cell in execution.notebook.cells]


def test_cells_run_in_order_and_errors_do_not_stop_the_next(tmp_path):
    done = run(tmp_path, "x = 1", "1 / 0", "print(x + 1)")
    assert done.fault is None
    assert names(done)[1] == ["ZeroDivisionError"]
    assert texts(done)[2] == "2\n"
    assert set(done.seconds) == {0, 1, 2}


def test_the_notebook_given_is_left_unchanged(tmp_path):
    notebook = new_notebook(cells=[new_markdown_cell("text"), new_code_cell("print(1)")])
    execute(notebook, tmp_path)
    assert notebook.cells[1].outputs == []


def test_a_cell_over_its_limit_is_interrupted_and_the_next_one_runs(tmp_path):
    done = run(tmp_path, "while True: pass", "print('on')", limits=Limits(cell_seconds=1))
    assert set(done.timed_out) == {0}
    assert done.fault is None
    assert texts(done)[1] == "on\n"


def test_a_limit_may_have_a_fraction(tmp_path):
    done = run(tmp_path, "print('well')", limits=Limits(cell_seconds=2.5, notebook_seconds=20.5))
    assert (texts(done), done.timed_out, done.fault) == (["well\n"], {}, None)


def test_a_dead_kernel_ends_the_run_and_keeps_what_was_done(tmp_path):
    done = run(tmp_path, "print('kept')", "import os; os._exit(1)", "print('never')")
    assert (done.fault, done.fault_index) == ("the kernel died", 1)
    assert texts(done)[0] == "kept\n"
    assert 2 not in done.seconds


EXITS = ["exit()", "exit", "quit()", "quit(keep_kernel=True)", "get_ipython().ask_exit()", "import sys; sys.exit(3)"]
STOPS = [
    "get_ipython().exit_now = True",
    "import asyncio; asyncio.get_event_loop().stop()",
    "import asyncio; asyncio.get_event_loop().call_later(0.05, exit)",
]


def test_what_exits_ends_its_cell_and_no_other(tmp_path):
    done = run(tmp_path, *[part for source in EXITS for part in (source, "import time; time.sleep(0.15); print('on')")])
    assert done.fault is None
    assert names(done)[::2] == [["SystemExit"]] * len(EXITS)
    assert texts(done)[1::2] == ["on\n"] * len(EXITS)


def test_shell_commands_need_no_terminal_and_leave_the_rest_of_their_cell(tmp_path, monkeypatch):
    """A sandbox has no pseudo-terminals, and a notebook of Colab's often begins with ``!pip install``."""
    no_terminals = "import os, pty\ndef fail(*_): raise OSError('out of pty devices')\nos.openpty = pty.fork = fail"
    cells = ("who = 'ada'", "!echo hello {who} $who; exit 3\nx = _exit_code", "files = !echo 1\nprint(x, files)")
    done = run(tmp_path, no_terminals, *cells, "!sleep 60 &", "%pip --version\nprint('on')")
    assert names(done) == [[], [], [], [], ["OSError"], []]
    assert texts(done)[2:4] == ["hello ada ada\n", "3 ['1']\n"]
    assert texts(done)[5].startswith("pip ") and texts(done)[5].rstrip().endswith("on")


def test_what_comes_after_an_exit_in_its_cell_does_not_run(tmp_path):
    assert names(run(tmp_path, "exit()\nx = 1", "x")) == [["SystemExit"], ["NameError"]]


def test_what_stops_the_event_loop_ends_nothing(tmp_path):
    done = run(tmp_path, *[part for source in STOPS for part in (source, "import time; time.sleep(0.15); print('on')")])
    assert done.fault is None
    assert texts(done)[1::2] == ["on\n"] * len(STOPS)


def test_a_cell_that_computes_nothing_is_ended_as_waiting(tmp_path):
    done = run(tmp_path, "import time; time.sleep(60)", "print('on')", limits=Limits(waiting_seconds=2))
    assert "waited for 2 s" in done.timed_out[0]
    assert texts(done)[1] == "on\n"


def test_a_cell_that_waits_less_long_than_it_may_is_left_alone(tmp_path):
    done = run(tmp_path, "import time; time.sleep(1.2)", limits=Limits(waiting_seconds=20, cell_seconds=40))
    assert (done.timed_out, done.near_limit) == ({}, False)


def test_what_a_cell_has_others_compute_counts_also_when_they_are_dead(tmp_path):
    burn = "import time\nwhile time.process_time() < 0.4: pass"
    children = f"import subprocess, sys\nwhile True: subprocess.run([sys.executable, '-c', {burn!r}])"
    done = run(tmp_path, children, "print('on')", limits=Limits(cell_seconds=2, waiting_seconds=60))
    assert "2 s of processor time" in done.timed_out[0]
    assert texts(done)[1] == "on\n"


def test_a_cell_that_used_more_than_half_of_its_limit_is_told(tmp_path):
    burn = "import time\nbegin = time.process_time()\nwhile time.process_time() < begin + 3.2: pass"
    done = run(tmp_path, burn, limits=Limits(cell_seconds=4))
    assert (done.timed_out, done.near_limit) == ({}, True)


def test_the_notebook_limit_ends_the_run(tmp_path):
    limits = Limits(cell_seconds=60, notebook_seconds=2)
    done = run(tmp_path, "while True: pass", "1", limits=limits)
    assert set(done.timed_out) == {0}
    assert "limit of 2 s of processor time" in done.fault


def test_input_is_refused_at_once(tmp_path):
    assert names(run(tmp_path, "input()")) == [["StdinNotImplementedError"]]


def test_a_flood_of_output_is_cut(tmp_path):
    done = run(tmp_path, "print('a' * 100_000)\nprint('b' * 100_000)", limits=Limits(output_bytes=1000))
    (text,) = texts(done)
    assert len(text) < 1200
    assert "output cut here" in text


ODD_OUTPUTS = {
    "table": "class Table:\n    def _repr_mimebundle_(self, **_):\n"
    "        return {'text/plain': 'a table', 'text/html': None}\nTable()",
    "number": "from IPython.display import display\nfor _ in range(3): display({'text/plain': 5}, raw=True)",
    "nested": "from IPython.display import publish_display_data\nvalue = []\nfor _ in range(700): value = [value]\n"
    "publish_display_data({'text/plain': 'x'}, metadata={'value': value})",
}


@pytest.mark.parametrize("source", ODD_OUTPUTS.values(), ids=ODD_OUTPUTS)
def test_an_output_that_no_notebook_can_hold_is_left_out_with_a_word(tmp_path, source):
    done = run(tmp_path, source, "print('on')")
    (text,) = [output.text for output in done.notebook.cells[0].outputs]
    assert "left out here" in text
    assert (done.fault, texts(done)[1]) == (None, "on\n")


def test_a_display_is_updated_in_place_and_only_within_the_limit(tmp_path):
    update = "from IPython.display import display\nhandle = display('first', display_id=True)\nhandle.update('second')"
    done = run(tmp_path, update, "handle.update('x' * 11_000_000)")
    assert done.notebook.cells[0].outputs[0].data["text/plain"] == "'second'"
    assert "left out here" in texts(done)[1]


MALFORMED = {
    "no-content": "'display_data', {}",
    "no-status": "'status', {}",
}
SEND = (
    "kernel = get_ipython().kernel\n"
    "sent = kernel.session.send(kernel.iopub_socket, {}, parent=kernel.get_parent('shell'))"
)


@pytest.mark.parametrize("message", MALFORMED.values(), ids=MALFORMED)
def test_a_message_that_cannot_be_read_ends_the_run_and_keeps_what_was_done(tmp_path, message):
    done = run(tmp_path, "print('kept')", SEND.format(message), "print('never')")
    assert texts(done)[0] == "kept\n"
    assert (done.fault_index, 2 in done.seconds) == (1, False)
    assert "cannot be read (KeyError" in done.fault


@pytest.mark.parametrize(
    "message", ["'execute_input', {'execution_count': 'x' * 10**6}", "'stream', {'name': 'x' * 10**6, 'text': 'y'}"]
)
def test_what_is_no_text_for_a_reader_is_not_kept(tmp_path, message):
    done = run(tmp_path, SEND.format(message))
    assert len(str(done.notebook)) < 2000
    assert done.fault is None


class Mistaken:
    """A check with a programming error of its own."""

    def wants(self, cell):
        return cell.source == "test"

    def examine(self, cell, channel):
        return cell.no_such_attribute


def test_a_programming_error_of_the_grader_is_no_fault_of_the_kernel(tmp_path):
    with pytest.raises(AttributeError):
        execute(new_notebook(cells=[new_code_cell("1"), new_code_cell("test")]), tmp_path, examiner=Mistaken())


def test_kernels_know_that_nobody_watches_and_see_extra_variables(tmp_path):
    done = run(tmp_path, "import os; print(os.environ['AUTOGRADER_HEADLESS'], os.environ['X'])", environment={"X": "y"})
    assert texts(done) == ["1 y\n"]


def test_the_working_directory_is_the_folder_given(tmp_path):
    done = run(tmp_path, "import os; print(os.getcwd())")
    assert texts(done)[0].strip() == str(tmp_path.resolve())


def test_whatever_kernel_the_notebook_names_the_courses_own_runs_it(tmp_path):
    notebook = new_notebook(
        cells=[new_code_cell("print(1)")], metadata={"kernelspec": {"name": "no-such-kernel", "display_name": "X"}}
    )
    assert texts(execute(notebook, tmp_path)) == ["1\n"]


def test_a_notebook_can_be_executed_where_an_event_loop_runs(tmp_path):
    async def inside():
        return run(tmp_path, "print(1)")

    # A thread of its own: the browser tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        assert texts(thread.submit(lambda: asyncio.run(inside())).result()) == ["1\n"]


class DrawsWhileTested:
    """Calls a student's function that opens a figure and leaves it open."""

    def wants(self, cell):
        return cell.source == "test"

    def examine(self, cell, channel):
        names, _ = channel.request({"do": "names", "names": ["draw"]}, [], None)
        (handle,) = [value["handle"][0] for key, value in names["value"]["dict"]]
        channel.request({"do": "call", "what": {"tuple": [{"handle": handle}, {"tuple": []}, {"dict": []}]}}, [], None)
        return []


def test_what_a_test_drew_is_not_shown_by_the_next_cell(tmp_path):
    cells = ["import matplotlib.pyplot as plt\ndef draw(): plt.plot([1, 2])", "test", "print(plt.get_fignums())"]
    done = execute(new_notebook(cells=[new_code_cell(c) for c in cells]), tmp_path, examiner=DrawsWhileTested())
    (output,) = done.notebook.cells[-1].outputs
    assert output.text == "[]\n"


class NeverDone:
    """A check that computes without asking the kernel anything."""

    def wants(self, cell):
        return cell.source == "test"

    def examine(self, cell, channel):
        while True:
            time.sleep(0.001)


def test_a_check_that_computes_without_end_is_a_timeout(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.kernel.session._LEAVE_SECONDS", 0.2)
    notebook = new_notebook(cells=[new_code_cell("1"), new_code_cell("test"), new_code_cell("print('after')")])
    done = execute(notebook, tmp_path, Limits(cell_seconds=1), examiner=NeverDone())
    assert (set(done.timed_out), done.fault, texts(done)[2]) == ({1}, None, "after\n")


class OutOfMemory:
    """A check that needs more memory than there is."""

    def wants(self, cell):
        return cell.source == "test"

    def examine(self, cell, channel):
        raise MemoryError


def test_a_check_that_runs_out_of_memory_ends_the_run_and_keeps_what_was_done(tmp_path):
    notebook = new_notebook(cells=[new_code_cell("print('kept')"), new_code_cell("test"), new_code_cell("1")])
    done = execute(notebook, tmp_path, examiner=OutOfMemory())
    assert (texts(done)[0], done.fault_index) == ("kept\n", 1)
    assert "ran out of memory" in done.fault


class Follows:
    """Notes what it is told."""

    def __init__(self):
        self.told = []

    def begins(self):
        self.told.append("begins")

    def ended(self, index, execution):
        self.told.append((index, execution.notebook.cells[index].outputs[0].text))


def test_who_follows_an_execution_is_told_of_each_cell(tmp_path):
    follower = Follows()
    cells = [new_code_cell("print('a')"), new_markdown_cell("text"), new_code_cell("print('b')")]
    execute(new_notebook(cells=cells), tmp_path, follower=follower)
    assert follower.told == ["begins", (0, "a\n"), "begins", (2, "b\n")]


class FollowsFaults(Follows):
    def ended(self, index, execution):
        self.told.append((index, execution.fault_index, execution.fault))


def test_who_follows_an_execution_is_told_of_the_cell_in_which_the_kernel_died(tmp_path):
    follower = FollowsFaults()
    cells = [new_code_cell("1"), new_code_cell("import os; os._exit(1)"), new_code_cell("1")]
    execute(new_notebook(cells=cells), tmp_path, follower=follower)
    assert follower.told == ["begins", (0, None, None), "begins", (1, 1, "the kernel died")]
