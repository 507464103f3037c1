"""The notebooks that are executed where a failed test is examined again."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Sequence
from itertools import islice, product

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.grading.exercise_graph import ExerciseGraph
from autograder.grading.follow_through import Reexamination
from autograder.kernel.session import Execution
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.notebook.names import defined, used
from autograder.referee.scoring import judge_cell

_MOST_RENAMINGS = 64
_RENAMED = "renamed"


def with_authors_answers(
    notebook: NotebookNode, source: NotebookNode, again: Reexamination, skip: Collection[int] = ()
) -> NotebookNode:
    """The student's cells up to the tests, with an author's definition after each answer that is replaced.

    Exercises that no cell of it uses are left out, and so are all other tests, but for those whose names the tests
    read.

    Args:
        notebook: the reconciled submission.
        source: the instructor version.
        skip: indices of cells of the submission that need not run.
    """
    models = by_grade_id(source)
    tests = {*again.tests, *_tests_read_by(again.tests, source)}
    cells: list[NotebookNode] = []
    for index, cell in enumerate(notebook.cells):
        about = cell_info(cell)
        if cell.cell_type != "code" or index in skip or (about.kind == "test" and about.grade_id not in tests):
            continue
        cells.append(cell)
        if about.grade_id in again.replaced:
            cells.append(new_code_cell(models[str(about.grade_id)].source))
    last = max((i for i, cell in enumerate(cells) if cell_info(cell).grade_id in again.tests), default=-1)
    return _with_cells(notebook, _without_unused(cells[: last + 1]))


def with_other_names(source: NotebookNode, again: Reexamination, graph: ExerciseGraph) -> NotebookNode:
    """A notebook of the author's alone where the exercises of each test are other names for what was replaced.

    A test is in it several times, each time after another way of naming. Where it passes once, what was replaced
    answers this exercise, too, and a pass says nothing about the student; see :func:`passed_under_other_names`.

    Args:
        source: the instructor version.
    """
    helpers, waiting = _tests_read_by(again.tests, source), set(again.tests)
    cells: list[NotebookNode] = []
    for cell in source.cells:
        about = cell_info(cell)
        if cell.cell_type == "code" and (about.kind in ("given", "solution") or about.grade_id in helpers):
            cells.append(cell)
        if about.grade_id in waiting:
            waiting.remove(about.grade_id)
            cells += _under_other_names(cell, again.replaced, graph)
        if not waiting:
            break
    return _with_cells(source, _without_unused(cells))


def passed_under_other_names(execution: Execution) -> set[str]:
    """The tests that an author's answer to an earlier exercise passes, in a notebook of :func:`with_other_names`."""
    marked = [(i, cell) for i, cell in enumerate(execution.notebook.cells) if cell.metadata.get(_RENAMED)]
    tasks = [judge_cell(cell, index, execution) for index, cell in marked]
    return {task.grade_id for task in tasks if task.status == "passed"}


def _under_other_names(test: NotebookNode, replaced: Collection[str], graph: ExerciseGraph) -> list[NotebookNode]:
    """A test after each way of naming; in the end every name is again what it was."""
    grade_id = str(cell_info(test).grade_id)
    defines = {name for exercise in graph.own[grade_id] for name in graph.names[exercise]}
    wanted = sorted(defines & graph.reads[grade_id] or defines & graph.shared)
    given = sorted({name for exercise in replaced for name in graph.names[exercise]})
    cells = [new_code_cell(f"_kept = {{name: globals()[name] for name in {wanted} if name in globals()}}")]
    for names in islice(product(given, repeat=len(wanted)), _MOST_RENAMINGS):
        cells.append(new_code_cell("\n".join(f"{a} = {b}" for a, b in zip(wanted, names, strict=True))))
        marked = copy.deepcopy(test)
        marked.metadata[_RENAMED] = True
        cells.append(marked)
        # What was taken for another name must not be renamed itself.
        cells.append(new_code_cell("globals().update(_kept)"))
    return cells


def _tests_read_by(tests: Collection[str], source: NotebookNode) -> set[str]:
    """Other test cells that define what tests read, directly or through others."""
    cells = {name: cell.source for name, cell in by_grade_id(source).items() if cell_info(cell).kind == "test"}
    found, waiting = set(tests), list(tests)
    while waiting:
        reads = used(cells[waiting.pop()])
        more = {name for name, text in cells.items() if defined(text) & reads} - found
        found |= more
        waiting += more
    return found - set(tests)


def _without_unused(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """The cells without exercises whose names no other cell reads."""
    droppable = [cell for cell in cells if cell_info(cell).kind == "solution"]
    kept = [cell for cell in cells if cell_info(cell).kind != "solution"]
    if not all(_is_python(cell.source) for cell in kept):
        # Nobody can tell what such a cell reads.
        return list(cells)
    reads = {name for cell in kept for name in used(cell.source)}
    while more := [cell for cell in droppable if defined(cell.source) & reads]:
        droppable = [cell for cell in droppable if not defined(cell.source) & reads]
        reads |= {name for cell in more for name in used(cell.source)}
    unused = {id(cell) for cell in droppable}
    return [cell for cell in cells if id(cell) not in unused]


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def _with_cells(notebook: NotebookNode, cells: Sequence[NotebookNode]) -> NotebookNode:
    result = copy.copy(notebook)
    result.cells = copy.deepcopy(list(cells))
    return result
