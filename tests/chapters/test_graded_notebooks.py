"""Whole notebooks through the whole chain: kernels as in a batch, scores, hints, and nbgrader's opinion of them."""

import copy
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import nbformat
import pytest
from nbformat import NotebookNode

from authoring.sample_class import filled_in
from autograder.grading.batch import grade_batch, load_sources
from autograder.grading.grade_submission import Settings, Source
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import find_submissions
from autograder.notebook.cells import cell_info, hidden_lines
from autograder.notebook.student_edition import student_edition
from autograder.results import SubmissionResult
from autograder.wrong_answers import WrongAnswer, load_wrong_answers
from tests.conftest import ROOT
from tests.support.inprocess import WRONG_ANSWERS, is_training
from tests.support.nbgrader_course import NbgraderCourse

NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb") if not path.name.startswith("00"))
# `make test` grades a light chapter and one that trains; the answers of all chapters are judged in test_answers.py.
QUICK = ("01_activation_derivatives", "10_optimizers")
# A few wrong answers go through whole notebooks; every one is tested against its check directly elsewhere.
MISTAKES_PER_CHAPTER = 2


@dataclass(frozen=True)
class GradedChapter:
    """One chapter's solution, stubs and a few mistakes, graded.

    Attributes:
        wrong: the mistakes that were handed in.
        handed_in: what each student handed in.
        results: what each of them earned.
        executed: the notebooks as they were executed.
    """

    source: Source
    wrong: list[WrongAnswer]
    handed_in: dict[str, NotebookNode]
    results: dict[str, SubmissionResult]
    executed: dict[str, NotebookNode]


def without_experiments(notebook):
    """A copy without the code cells that nbgrader does not know."""
    result = copy.deepcopy(notebook)
    result.cells = [c for c in result.cells if c.cell_type != "code" or cell_info(c).kind != "other"]
    return result


def some_submissions(source, wrong):
    """A solution, the stubs and the wrong answers."""
    released = student_edition(source.notebook)
    handed_in = {"solution": filled_in(source.notebook, released), "stubs": released}
    # Whoever has made a mistake has not trained yet: that takes seconds, and is looked at in the solution.
    untrained = {str(cell_info(c).grade_id): c.source for c in released.cells if is_training(c)}
    for answer in wrong:
        handed_in[answer.mistake] = without_experiments(
            filled_in(source.notebook, released, {**untrained, answer.grade_id: answer.source})
        )
    return handed_in


@pytest.fixture(
    scope="module", params=[name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in NAMES]
)
def graded(request, course, warm, tmp_path_factory):
    """A graded chapter."""
    name = request.param
    root = tmp_path_factory.mktemp(name)
    source = load_sources(course, [name])[name]
    wrong = load_wrong_answers(WRONG_ANSWERS, name)
    chosen = wrong[:: max(1, len(wrong) // MISTAKES_PER_CHAPTER)][:MISTAKES_PER_CHAPTER]
    handed_in = some_submissions(source, chosen)
    for student, notebook in handed_in.items():
        (root / "submitted" / student).mkdir(parents=True)
        nbformat.write(notebook, root / "submitted" / student / f"{name}.ipynb")
    submissions = find_submissions(root / "submitted", [name])
    folder = ResultsFolder(root / "out")
    with ThreadPoolExecutor(1) as executor:
        steps = list(grade_batch(submissions, {name: source}, folder, Settings(), executor, warm))
    results = {step.result.student: step.result for step in steps}
    executed = {student: folder.read_notebook(result) for student, result in results.items()}
    return GradedChapter(source, chosen, handed_in, results, executed)


def test_the_solution_earns_full_marks(graded):
    result = graded.results["solution"]
    assert [t for t in result.tasks if t.status not in ("passed", "manual")] == []
    assert (result.score + result.pending, result.max_score) == (100, 100)
    assert (result.flags, result.fault) == ((), None)


def test_the_stubs_earn_nothing(graded):
    assert graded.results["stubs"].score == 0
    assert graded.results["stubs"].pending == 0


def test_a_mistake_loses_its_points_and_gets_its_hint(graded):
    trained = {cell_info(cell).grade_id for cell in graded.source.notebook.cells if is_training(cell)}
    for answer in graded.wrong:
        tasks = graded.results[answer.mistake].tasks
        lost = {task.grade_id for task in tasks if task.status not in ("passed", "manual")}
        assert lost - trained == set(answer.fails)
        assert any(task.mistake == answer.mistake and task.hint for task in tasks)


def test_nbgraders_own_rules_give_the_same_points_for_what_was_executed(graded):
    from nbgrader.utils import determine_grade

    for student, result in graded.results.items():
        cells = {cell_info(cell).grade_id: cell for cell in graded.executed[student].cells if cell_info(cell).scored}
        theirs = {grade_id: determine_grade(cell)[0] or 0.0 for grade_id, cell in cells.items()}
        assert {task.grade_id: task.points for task in result.tasks} == theirs


def test_no_message_quotes_a_hidden_test(graded):
    cells = graded.source.notebook.cells
    lines = {line for cell in cells for line in hidden_lines(cell.source) if len(line) > 15}
    for result in graded.results.values():
        for task in result.tasks:
            assert not [line for line in lines if line in task.message + task.hint]


@pytest.mark.thorough
def test_plain_nbgrader_releases_the_same_and_agrees_cell_by_cell(graded, course, tmp_path):
    source = graded.source
    reference = NbgraderCourse(tmp_path / "nbgrader", course, source.name)
    ours, theirs = student_edition(source.notebook), reference.released()
    for mine, other in zip(ours.cells, theirs.cells, strict=True):
        if "HASHED AUTOTEST" not in str(source.notebook) and cell_info(mine).kind != "test":
            assert mine.source == other.source
        assert cell_info(mine) == cell_info(other)
    # Experiments earn nothing and take most of the time: nbgrader gets along without them.
    for student, notebook in some_submissions(source, graded.wrong).items():
        reference.hand_in(student, without_experiments(notebook))
    scores = reference.scores()
    assert set(scores) == set(graded.results)
    for student, result in graded.results.items():
        assert {task.grade_id: task.points for task in result.tasks} == scores[student]
