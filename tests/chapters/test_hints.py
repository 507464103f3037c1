"""Each exercise has hints in three steps, of a length that is read, without a line of its solution."""

import ast
import importlib
import re

import nbformat
import pytest

from autograder.course import Course
from autograder.notebook.cells import SOLUTION_BEGIN, SOLUTION_END, cell_info
from autograder.testing.hint_display import Hints
from autograder.testing.hints import FILE, STEPS, parse_hints
from tests.conftest import ROOT

CHAPTERS = {chapter.name: chapter for chapter in Course(ROOT).chapters}
SHORTEST, LONGEST = 80, 160
_FORMULA_OR_CODE = re.compile(r"\$[^$]+\$|`[^`]+`")
_CODE = re.compile(r"`([^`]+)`")


def hints_of(chapter):
    return parse_hints((ROOT / "workbook" / f"chapter{chapter[:2]}" / FILE).read_text())


def exercises_of(chapter):
    """The solution cells of a chapter by grade id."""
    notebook = nbformat.read(CHAPTERS[chapter].path, as_version=4)
    return {i.grade_id: cell.source for cell in notebook.cells if (i := cell_info(cell)).kind == "solution"}


def text_of(hints):
    return " ".join([*hints.steps, *(f"{place.name}. {place.advice}" for place in hints.stuck)])


def words(text):
    """How many words a reader reads; a formula or a piece of code counts as one."""
    return len(_FORMULA_OR_CODE.sub("X", text).split())


def answers(source):
    """What a solution consists of, as normalised code: its statements and the values that they compute."""
    inside, lines = False, set()
    for number, line in enumerate(source.splitlines(), start=1):
        inside = (inside or SOLUTION_BEGIN in line) and SOLUTION_END not in line
        lines |= {number} if inside else set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and node.lineno in lines:
            if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                yield ast.unparse(node).partition("\n")[0]
            value = getattr(node, "value", None)
            if isinstance(value, (ast.BinOp, ast.Call, ast.Compare, ast.Subscript, ast.UnaryOp)):
                yield ast.unparse(value)


def normalised(code):
    try:
        return ast.unparse(ast.parse(code))
    except SyntaxError:
        return code


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_exercise_has_hints_and_nothing_else_has(chapter):
    assert set(hints_of(chapter)) == set(exercises_of(chapter))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_hints_are_as_long_as_one_reads_when_stuck(chapter):
    for hints in hints_of(chapter).values():
        assert len(hints.steps) == STEPS
        assert len(hints.stuck) >= 2, f"{hints.name}: name two places at least"
        assert SHORTEST <= words(text_of(hints)) <= LONGEST, f"{hints.name}: {words(text_of(hints))} words"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_first_step_asks(chapter):
    assert [hints.name for hints in hints_of(chapter).values() if "?" not in hints.steps[0]] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_line_of_a_solution_is_in_its_hints(chapter):
    solutions = exercises_of(chapter)
    for grade_id, hints in hints_of(chapter).items():
        given_away = set(answers(solutions[grade_id])) - {"return", "pass", "continue"}
        assert given_away, grade_id
        shown = {normalised(code) for code in _CODE.findall(text_of(hints))}
        assert shown & given_away == set(), grade_id
        assert [line for line in given_away for code in shown if len(line) > 12 and line in code] == [], grade_id


def test_an_answer_in_a_hint_would_be_found():
    solution = "def f(x):\n    ### BEGIN SOLUTION\n    y = x ** 2 + 1\n    return y / np.sum( y )\n    ### END SOLUTION"
    found = set(answers(solution))
    assert {"y = x ** 2 + 1", "x ** 2 + 1", "return y / np.sum(y)", "y / np.sum(y)"} <= found
    assert normalised("y/np.sum(y)") in found


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_chapters_checks_give_its_hints(chapter, monkeypatch, capsys):
    monkeypatch.delenv("AUTOGRADER_HEADLESS", raising=False)
    check = importlib.import_module(f"workbook.chapter{chapter[:2]}.exercises")
    assert isinstance(check.hint, Hints)
    name = next(iter(hints_of(chapter).values())).name
    check.hint(name, step=1)
    assert f"{name}, step 1 of 3." in capsys.readouterr().out


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_tells_once_that_there_are_hints(chapter):
    notebook = nbformat.read(CHAPTERS[chapter].path, as_version=4)
    told = [cell.source.count("check.hint(") for cell in notebook.cells]
    assert sum(told) == 1
    name = re.search(r'check\.hint\("(\w+)"\)', "\n".join(cell.source for cell in notebook.cells))[1]
    assert name in {hints.name for hints in hints_of(chapter).values()}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_hints_keep_to_the_house_style(chapter):
    prose = _FORMULA_OR_CODE.sub("", "\n".join(text_of(hints) for hints in hints_of(chapter).values()))
    assert re.findall(r"—|!|\bsimply\b|\bjust\b", prose) == []
