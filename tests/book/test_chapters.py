"""Chapters are executed once for each content, and only a run that is fit to be printed is kept."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.course import Course
from autograder.errors import BuildError
from autograder.kernel.session import Execution
from autograder.publishing.executed_chapters import ExecutedChapter, executed_chapter, executed_chapters

MODULE = "autograder.publishing.executed_chapters"
Run = Callable[[NotebookNode], Execution]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """An empty course."""
    return Course(tmp_path)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[NotebookNode]:
    """Replace the kernel by a stand-in that prints one line for each cell; gives the notebooks it was asked to run."""
    asked: list[NotebookNode] = []

    def execute(notebook: NotebookNode, *_: object) -> Execution:
        asked.append(notebook)
        done = copy.deepcopy(notebook)
        for cell in done.cells:
            cell.outputs = cell.outputs or [new_output("stream", text="done\n")]
        return Execution(done)

    monkeypatch.setattr(f"{MODULE}.execute", execute)
    return asked


def _notebook(source: str = "1 + 1", **cell: object) -> NotebookNode:
    notebook: NotebookNode = new_notebook(cells=[new_code_cell(source, id="sum", **cell)])
    return notebook


def test_an_unchanged_chapter_is_not_executed_again(course: Course, runs: list[NotebookNode]) -> None:
    first = executed_chapter(course, "01_toy", _notebook())
    second = executed_chapter(course, "01_toy", _notebook())
    assert (first.reused, second.reused, len(runs)) == (False, True, 1)
    assert second.notebook.cells == first.notebook.cells


def test_a_changed_cell_is_executed(course: Course, runs: list[NotebookNode]) -> None:
    executed_chapter(course, "01_toy", _notebook("1 + 1"))
    assert not executed_chapter(course, "01_toy", _notebook("1 + 2")).reused


def test_a_changed_helper_package_is_executed_with(
    course: Course, runs: list[NotebookNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    executed_chapter(course, "01_toy", _notebook())
    monkeypatch.setattr(f"{MODULE}.course_digest", lambda _: "another")
    assert not executed_chapter(course, "01_toy", _notebook()).reused


def test_changed_pins_are_executed_with(course: Course, runs: list[NotebookNode]) -> None:
    executed_chapter(course, "01_toy", _notebook())
    course.requirements.write_text("numpy==2.4.6\n")
    assert not executed_chapter(course, "01_toy", _notebook()).reused


def _error() -> NotebookNode:
    output: NotebookNode = new_output("error", ename="ValueError", evalue="channels differ", traceback=[])
    return output


def test_an_error_stops_the_build_and_names_chapter_and_cell(course: Course, runs: list[NotebookNode]) -> None:
    for _ in range(2):  # a failed run is not kept, so the second build fails like the first
        with pytest.raises(BuildError, match=r"01_toy: cell 'sum' ended in ValueError: channels differ"):
            executed_chapter(course, "01_toy", _notebook(outputs=[_error()]))
    assert len(runs) == 2


def test_an_error_that_is_meant_is_kept(course: Course, runs: list[NotebookNode]) -> None:
    meant = _notebook(outputs=[_error()], metadata={"tags": ["raises-exception"]})
    assert executed_chapter(course, "01_toy", meant).notebook.cells[0].outputs[0].ename == "ValueError"


def test_a_run_that_ends_early_stops_the_build(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Execution(_notebook(), fault="the kernel died", fault_index=0)
    monkeypatch.setattr(f"{MODULE}.execute", lambda *_: run)
    with pytest.raises(BuildError, match=r"01_toy: the run ended at cell 'sum': the kernel died"):
        executed_chapter(course, "01_toy", _notebook())


def _figure(**metadata: object) -> NotebookNode:
    drawn = new_output("display_data", data={"image/png": "AAAA", "text/plain": "<Figure>"})
    return _notebook(outputs=[drawn], metadata=metadata)


def test_a_figure_without_alternative_text_stops_the_build(course: Course, runs: list[NotebookNode]) -> None:
    with pytest.raises(BuildError, match=r"01_toy: the figure of cell 'sum' has no alternative text"):
        executed_chapter(course, "01_toy", _figure())


def test_a_figure_with_alternative_text_is_kept(course: Course, runs: list[NotebookNode]) -> None:
    described = _figure(mystnb={"image": {"alt": "A line that rises."}})
    assert not executed_chapter(course, "01_toy", described).reused


def test_several_chapters_come_in_the_order_asked_for_and_each_is_told_once(
    course: Course, runs: list[NotebookNode]
) -> None:
    notebooks = {name: _notebook(f"'{name}'") for name in ("03", "01", "02")}
    told: list[tuple[str, bool]] = []

    def tell(name: str, run: ExecutedChapter) -> None:
        told.append((name, run.reused))

    done = executed_chapters(course, notebooks, tell)
    assert list(done) == ["03", "01", "02"]
    assert all(run.notebook.cells[0].source == f"'{name}'" for name, run in done.items())
    assert sorted(told) == [("01", False), ("02", False), ("03", False)]
    executed_chapters(course, notebooks, tell)
    assert (len(runs), sorted(told[3:])) == (3, [("01", True), ("02", True), ("03", True)])


def test_a_chapter_that_fails_costs_no_other_its_run(course: Course, runs: list[NotebookNode]) -> None:
    notebooks = {"01": _notebook(), "02": _notebook(outputs=[_error()])}
    with pytest.raises(BuildError, match="02: cell 'sum' ended in ValueError"):
        executed_chapters(course, notebooks)
    assert executed_chapters(course, {"01": notebooks["01"]})["01"].reused
