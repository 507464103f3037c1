"""Chapters are executed once for each content, and only a run that is fit to be printed is kept."""

from __future__ import annotations

import copy
import re
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.course import Course
from autograder.errors import KernelError
from autograder.kernel.limits import Limits
from autograder.kernel.session import Execution
from autograder.publishing.book import BookBuild
from autograder.publishing.chapter_faults import ChapterFault, fault_of_run
from autograder.publishing.executed_chapters import ExecutedChapter, executed_chapter, executed_chapters
from tests.support.waiting import until

MODULE = "autograder.publishing.executed_chapters"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """An empty course."""
    return Course(tmp_path)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[NotebookNode]:
    """Replace the kernel by a stand-in that prints one line for each cell; gives the notebooks it was asked to run."""
    asked: list[NotebookNode] = []

    def execute(notebook: NotebookNode, *_: object, **__: object) -> Execution:
        asked.append(notebook)
        done = copy.deepcopy(notebook)
        for cell in done.cells:
            cell.outputs = cell.outputs or [new_output("stream", text="done\n")]
        return Execution(done)

    monkeypatch.setattr(f"{MODULE}.execute", execute)
    return asked


def _done(course: Course, notebook: NotebookNode) -> ExecutedChapter:
    run = executed_chapter(course, "01_toy", notebook)
    assert isinstance(run, ExecutedChapter)
    return run


def _fault(course: Course, notebook: NotebookNode, **options: float) -> ChapterFault:
    fault = executed_chapter(course, "01_toy", notebook, **options)
    assert isinstance(fault, ChapterFault)
    return fault


def _notebook(source: str = "1 + 1", **cell: object) -> NotebookNode:
    notebook: NotebookNode = new_notebook(cells=[new_code_cell(source, id="sum", **cell)])
    return notebook


def test_an_unchanged_chapter_is_not_executed_again(course: Course, runs: list[NotebookNode]) -> None:
    first = _done(course, _notebook())
    second = _done(course, _notebook())
    assert (first.reused, second.reused, len(runs)) == (False, True, 1)
    assert second.notebook.cells == first.notebook.cells


def test_a_changed_cell_is_executed(course: Course, runs: list[NotebookNode]) -> None:
    _done(course, _notebook("1 + 1"))
    assert not _done(course, _notebook("1 + 2")).reused


def test_a_changed_helper_package_is_executed_with(
    course: Course, runs: list[NotebookNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    _done(course, _notebook())
    monkeypatch.setattr(f"{MODULE}.course_digest", lambda _: "another")
    assert not _done(course, _notebook()).reused


def test_changed_pins_are_executed_with(course: Course, runs: list[NotebookNode]) -> None:
    _done(course, _notebook())
    course.requirements.write_text("numpy==2.4.6\n")
    assert not _done(course, _notebook()).reused


def _error(name: str = "ValueError", text: str = "channels differ") -> NotebookNode:
    output: NotebookNode = new_output("error", ename=name, evalue=text, traceback=[])
    return output


def test_an_error_is_told_with_chapter_and_cell_and_the_run_is_not_kept(
    course: Course, runs: list[NotebookNode]
) -> None:
    for _ in range(2):
        fault = _fault(course, _notebook(outputs=[_error()]))
        assert "01_toy: cell 'sum' ended in ValueError: channels differ" in fault.message
        assert fault.reason == "its cell 'sum' ended in an error"
    assert len(runs) == 2


def test_an_error_that_is_meant_is_kept(course: Course, runs: list[NotebookNode]) -> None:
    meant = _notebook(outputs=[_error()], metadata={"tags": ["raises-exception"]})
    assert _done(course, meant).notebook.cells[0].outputs[0].ename == "ValueError"


def test_a_run_that_ends_early_is_told(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Execution(_notebook(), fault="the kernel died", fault_index=0)
    monkeypatch.setattr(f"{MODULE}.execute", lambda *_, **__: run)
    assert "01_toy: the run ended at cell 'sum': the kernel died" in _fault(course, _notebook()).message


TIMEOUT = re.compile(r"^01_toy: timeout: the run reached the limit of 7 s for one chapter in cell 'sum'\.")
INTERRUPTED = _error("KeyboardInterrupt", "")


@pytest.mark.parametrize(
    ("execution", "elapsed"),
    [
        (Execution(_notebook(outputs=[INTERRUPTED]), timed_out={0: "took 7 s"}), 7.1),
        (Execution(_notebook(metadata={"tags": ["raises-exception"]}), timed_out={0: "took 7 s"}), 7.1),
        (Execution(_notebook(), fault="the kernel did not answer an interrupt", fault_index=0), 12.0),
        (Execution(_notebook(), fault="the notebook's time limit of 7 s was used up", fault_index=0), 7.0),
    ],
)
def test_a_timeout_is_called_one_and_names_limit_and_cell(execution: Execution, elapsed: float) -> None:
    fault = fault_of_run("01_toy", execution, 7.0, elapsed)
    assert fault is not None
    assert TIMEOUT.search(fault.message)
    assert "KeyboardInterrupt" not in fault.message and "fix" not in fault.message
    assert fault.reason == "its run reached the time limit of 7 s"


def test_an_error_before_the_timeout_is_what_is_told() -> None:
    cells = [new_code_cell("a", id="first", outputs=[_error()]), new_code_cell("b", id="second")]
    fault = fault_of_run("01_toy", Execution(new_notebook(cells=cells), timed_out={1: "took 7 s"}), 7.0, 8.0)
    assert fault is not None and "cell 'first' ended in ValueError" in fault.message


def test_a_cell_has_no_limit_but_the_chapters(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed: list[Limits] = []

    def execute(notebook: NotebookNode, _: Path, limits: Limits, *__: object, **___: object) -> Execution:
        allowed.append(limits)
        return Execution(notebook)

    monkeypatch.setattr(f"{MODULE}.execute", execute)
    _done(course, _notebook())
    assert allowed[0].cell_seconds == allowed[0].notebook_seconds == 3600


def test_a_chapter_that_hangs_is_ended(course: Course) -> None:
    fault = _fault(course, _notebook("import time\ntime.sleep(600)"), seconds=1.0)
    assert "01_toy: timeout: the run reached the limit of 1 s for one chapter in cell 'sum'" in fault.message
    assert not (course.build / "executed").exists()


def _figure(**metadata: object) -> NotebookNode:
    drawn = new_output("display_data", data={"image/png": "AAAA", "text/plain": "<Figure>"})
    return _notebook(outputs=[drawn], metadata=metadata)


def test_a_figure_without_alternative_text_is_told(course: Course, runs: list[NotebookNode]) -> None:
    assert "01_toy: the figure of cell 'sum' has no alternative text" in _fault(course, _figure()).message


def test_a_figure_with_alternative_text_is_kept(course: Course, runs: list[NotebookNode]) -> None:
    described = _figure(mystnb={"image": {"alt": "A line that rises."}})
    assert not _done(course, described).reused


def test_several_chapters_come_in_the_order_asked_for_and_each_is_told_once(
    course: Course, runs: list[NotebookNode]
) -> None:
    notebooks = {name: _notebook(f"'{name}'") for name in ("03", "01", "02")}
    lines: list[str] = []
    done = executed_chapters(course, notebooks, lines.append).done
    assert list(done) == ["03", "01", "02"]
    assert all(run.notebook.cells[0].source == f"'{name}'" for name, run in done.items())
    assert lines[0].startswith("executing 3 chapters")
    assert sorted(line.partition(" in ")[0] for line in lines[1:]) == ["executed 01", "executed 02", "executed 03"]
    assert "(3 of 3)" in lines[-1]
    again: list[str] = []
    executed_chapters(course, notebooks, again.append)
    assert (len(runs), again) == (3, ["outputs of 3 chapters kept from an earlier build"])


def test_a_chapter_that_was_executed_before_comes_with_an_estimate(course: Course, runs: list[NotebookNode]) -> None:
    lines: list[str] = []
    executed_chapters(course, {"01": _notebook()})
    executed_chapters(course, {"01": _notebook("1 + 2")}, lines.append)
    assert lines[0] == "executing 1 chapter, 1 at a time, a few seconds"


def test_a_chapter_that_fails_costs_no_other_its_run(course: Course, runs: list[NotebookNode]) -> None:
    notebooks = {"01": _notebook(outputs=[_error()]), "02": _notebook(), "03": _notebook("3")}
    lines: list[str] = []
    runs_of = executed_chapters(course, notebooks, lines.append)
    assert list(runs_of.done) == ["02", "03"]
    assert "cell 'sum' ended in ValueError" in runs_of.missing["01"].message
    assert any(line.startswith("no outputs of 01: cell 'sum' ended in ValueError") for line in lines)
    assert executed_chapters(course, {"02": notebooks["02"]}).done["02"].reused


def test_a_kernel_that_cannot_be_started_costs_its_chapter_only(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def execute(notebook: NotebookNode, *_: object, **__: object) -> Execution:
        if notebook.cells[0].source == "bad":
            raise KernelError("the kernel ended. See doctor.")
        return Execution(notebook)

    monkeypatch.setattr(f"{MODULE}.execute", execute)
    runs_of = executed_chapters(course, {"01": _notebook("bad"), "02": _notebook()})
    assert (list(runs_of.done), runs_of.missing["01"].message) == (["02"], "01: the kernel ended. See doctor.")


def test_ctrl_c_ends_the_kernels_and_keeps_what_is_finished(tmp_path: Path) -> None:
    """In a process of its own, because it is interrupted as a terminal does it."""
    code = f"""
        import signal
        from pathlib import Path
        from nbformat.v4 import new_code_cell, new_notebook
        from autograder.course import Course
        from autograder.publishing.executed_chapters import executed_chapters

        # A shell that started the tests in the background has had interrupts ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        one = lambda source: new_notebook(cells=[new_code_cell(source, id="sum")])
        (Path({str(tmp_path)!r}) / "notebooks").mkdir()
        wait = "from pathlib import Path; import os, time; Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid()))"
        executed_chapters(Course(Path({str(tmp_path)!r})), {{"02": one("2"), "01": one(wait + "; time.sleep(600)")}},
                          lambda line: print(line, flush=True))
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        lines = iter(process.stdout.readline, "")
        assert any(line.startswith("executed 02") for line in lines)
        until((tmp_path / "pid").is_file)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) != 0
        assert process.stderr.read().rstrip().endswith("KeyboardInterrupt")
    until(lambda: not Path("/proc", (tmp_path / "pid").read_text()).exists())
    assert len(list((tmp_path / "build" / "executed").glob("*.ipynb"))) == 1


def test_no_page_of_this_book_is_without_outputs(built: BookBuild) -> None:
    assert built.missing == {}
