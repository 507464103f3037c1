"""Whole notebooks through the whole chain, and the same notebooks through plain nbgrader: every cell must agree."""

import copy
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

from authoring.sample_class import filled_in
from autograder.grading.batch import grade_batch, load_sources
from autograder.grading.grade_submission import Settings
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import find_submissions
from autograder.notebook.cells import cell_info, hidden_lines
from autograder.notebook.student_edition import student_edition
from autograder.wrong_answers import load_wrong_answers
from tests.conftest import ROOT
from tests.support.inprocess import WRONG_ANSWERS, is_training
from tests.support.nbgrader_course import NbgraderCourse

NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb") if not path.name.startswith("00"))
# A few wrong answers go through whole notebooks; every one is tested against its check directly elsewhere.
MISTAKES_PER_CHAPTER = 2

pytestmark = [pytest.mark.slow]


def without_experiments(notebook):
    """A copy without the code cells that nbgrader does not know."""
    result = copy.deepcopy(notebook)
    result.cells = [c for c in result.cells if c.cell_type != "code" or cell_info(c).kind != "other"]
    return result


@pytest.fixture(scope="module", params=NAMES)
def graded(request, course, warm, tmp_path_factory):
    """One chapter's solution, stubs and a few mistakes, graded by both programs."""
    name = request.param
    root = tmp_path_factory.mktemp(name)
    source = load_sources(course, [name])[name]
    reference = NbgraderCourse(root / "nbgrader", course, name)
    released = reference.released()
    wrong = load_wrong_answers(WRONG_ANSWERS, name)
    chosen = wrong[:: max(1, len(wrong) // MISTAKES_PER_CHAPTER)][:MISTAKES_PER_CHAPTER]
    handed_in = {"solution": filled_in(source.notebook, released), "stubs": released}
    for answer in chosen:
        wrong_notebook = filled_in(source.notebook, released, {answer.grade_id: answer.source})
        handed_in[answer.mistake] = without_experiments(wrong_notebook)
    for student, notebook in handed_in.items():
        (root / "submitted" / student).mkdir(parents=True)
        nbformat.write(notebook, root / "submitted" / student / f"{name}.ipynb")
        # Experiments earn nothing and take most of the time: nbgrader gets along without them.
        reference.hand_in(student, without_experiments(notebook))
    submissions = find_submissions(root / "submitted", [name])
    with ThreadPoolExecutor(1) as executor:
        steps = list(grade_batch(submissions, {name: source}, ResultsFolder(root / "out"), Settings(), executor, warm))
    results = {step.result.student: step.result for step in steps}
    return name, source, released, chosen, results, reference.scores()


def test_the_solution_earns_full_marks(graded):
    _, _, _, _, results, _ = graded
    result = results["solution"]
    assert [t for t in result.tasks if t.status not in ("passed", "manual")] == []
    assert (result.score + result.pending, result.max_score) == (100, 100)
    assert (result.flags, result.fault) == ((), None)


def test_the_stubs_earn_nothing(graded):
    *_, results, _ = graded
    assert results["stubs"].score == 0
    assert results["stubs"].pending == 0


def test_a_mistake_loses_its_points_and_gets_its_hint(graded):
    _, source, _, chosen, results, _ = graded
    trained = {cell_info(cell).grade_id for cell in source.notebook.cells if is_training(cell)}
    for answer in chosen:
        tasks = results[answer.mistake].tasks
        lost = {task.grade_id for task in tasks if task.status not in ("passed", "manual")}
        assert lost - trained == set(answer.fails)
        assert any(task.mistake == answer.mistake and task.hint for task in tasks)


def test_plain_nbgrader_agrees_cell_by_cell(graded):
    *_, results, reference = graded
    assert set(reference) == set(results)
    for student, result in results.items():
        assert {task.grade_id: task.points for task in result.tasks} == reference[student]


def test_our_student_edition_is_what_nbgrader_releases(graded):
    _, source, released, *_ = graded
    ours = student_edition(source.notebook)
    for mine, theirs in zip(ours.cells, released.cells, strict=True):
        if "HASHED AUTOTEST" not in str(source.notebook) and cell_info(mine).kind != "test":
            assert mine.source == theirs.source
        assert cell_info(mine) == cell_info(theirs)


def test_no_message_quotes_a_hidden_test(graded):
    _, source, _, _, results, _ = graded
    lines = {line for cell in source.notebook.cells for line in hidden_lines(cell.source) if len(line) > 15}
    for result in results.values():
        for task in result.tasks:
            assert not [line for line in lines if line in task.message + task.hint]
