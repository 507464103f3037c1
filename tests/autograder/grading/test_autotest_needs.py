"""What has to run to make automatic tests, and what they depend on."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors import InstantiateTests

from autograder.course import Course
from autograder.grading import autotest_step
from autograder.grading.autotest_needs import autotest_key, helpers_in_use, idle_cells
from autograder.grading.autotests import has_autotests, instantiate
from autograder.grading.source import author_code, prepare_source, read_source
from tests.conftest import ROOT
from tests.support.toy import meta, toy_course


def notebook_of(*cells: tuple[str, str]) -> NotebookNode:
    """A notebook of (kind, source) pairs; the kind other is not nbgrader's."""
    flags = {
        "given": {"locked": True},
        "solution": {"solution": True},
        "test": {"grade": True, "locked": True, "points": 1},
    }
    made = [
        new_code_cell(source, metadata=meta(f"cell-{number}", **flags[kind]) if kind in flags else {})
        for number, (kind, source) in enumerate(cells)
    ]
    return new_notebook(cells=made)


def test_nothing_runs_after_the_last_automatic_test() -> None:
    notebook = notebook_of(
        ("given", "import math"),
        ("test", "### AUTOTEST f(2)"),
        ("solution", "g = 1"),
        ("test", "assert g"),
        ("other", "x"),
    )
    assert idle_cells(notebook) == {2, 3}


def test_a_plain_test_runs_only_for_names_that_are_used_later() -> None:
    notebook = notebook_of(
        ("test", "table = [1, 2]"),
        ("test", "number = 3"),
        ("test", "assert number"),
        ("solution", "def f(x):\n    return table[x]"),
        ("test", "### HASHED AUTOTEST f(0); f(number)"),
    )
    assert idle_cells(notebook) == {2}


def test_given_cells_and_solutions_run_whatever_they_define() -> None:
    """They may set a seed, or change an object."""
    notebook = notebook_of(
        ("given", "import random\nrandom.seed(0)"),
        ("solution", "random.random()"),
        ("test", "### AUTOTEST random.random()"),
    )
    assert idle_cells(notebook) == set()


def test_where_a_cell_is_not_plain_python_all_before_it_runs() -> None:
    notebook = notebook_of(
        ("test", "assert 1"), ("given", "%matplotlib inline"), ("test", "### AUTOTEST 1"), ("test", "")
    )
    assert idle_cells(notebook) == {3}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course whose helper package has two chapters that share one module."""
    files = {
        "__init__.py": "",
        "shared.py": "import numpy",
        "first/__init__.py": "",
        "first/checks.py": "from ..shared import tool\nfrom . import values",
        "first/values.py": "",
        "first/values.json": "{}",
        "second/__init__.py": "",
        "second/checks.py": "from tools import shared",
        "second/named.py": "",
        "second/table.json": "{}",
        "computed/__init__.py": "import importlib\nimportlib.import_module('tools.' + 'shared')",
    }
    root = toy_course(tmp_path / "course").root
    for name, text in files.items():
        (root / "tools" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "tools" / name).write_text(text)
    (root / "course.toml").write_text('helpers = ["tools"]\n')
    return Course(root)


@pytest.mark.parametrize(
    ("source", "files"),
    [
        ("import math", set()),
        (
            "from tools.first import checks",
            {
                "__init__.py",
                "shared.py",
                "first/__init__.py",
                "first/checks.py",
                "first/values.py",
                "first/values.json",
            },
        ),
        (
            "import tools.second.checks as check",
            {"__init__.py", "shared.py", "second/__init__.py", "second/checks.py", "second/table.json"},
        ),
        ("load('tools.second.named:f')", {"__init__.py", "second/__init__.py", "second/named.py", "second/table.json"}),
    ],
)
def test_helpers_in_use_are_those_that_code_imports_directly_or_not(
    course: Course, source: str, files: set[str]
) -> None:
    found = {path.relative_to(course.root / "tools").as_posix() for path in helpers_in_use(course, [source])}
    assert found == files


@pytest.mark.parametrize("source", ["%load x", "import tools.computed", "__import__(name)"])
def test_where_it_cannot_be_told_all_helpers_are_in_use(course: Course, source: str) -> None:
    assert len(helpers_in_use(course, [source])) == 11


def test_the_key_is_made_from_what_the_tests_depend_on(course: Course) -> None:
    def key(last: str = "assert f(3)", solution: str = "def f(x):\n    return x") -> str:
        cells = (("given", "from tools.first import checks"), ("solution", solution), ("test", "### AUTOTEST f(1)"))
        notebook = notebook_of(*cells, ("test", last))
        return autotest_key(course, notebook, idle_cells(notebook))

    first = key()
    assert key(last="assert f(4)") == first
    (course.root / "tools" / "second" / "checks.py").write_text("changed = 1")
    assert key() == first
    assert key(solution="def f(x):\n    return 2 * x") != first
    for changed in ("tools/shared.py", "tools/first/values.json", "autotests.yml", "requirements.txt"):
        (course.root / changed).write_text("changed = 1")
        assert key() != first, changed
        first = key()


@pytest.mark.thorough
@pytest.mark.parametrize("name", [chapter.name for chapter in Course(ROOT).chapters])
def test_tests_are_the_same_text_as_those_of_nbgrader_on_all_cells(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    course = Course(ROOT)
    notebook = read_source(course, name)
    if not has_autotests(notebook):
        pytest.skip("has no automatic tests")
    made = prepare_source(course, name)
    own, theirs = autotest_step.LimitedInstantiateTests, InstantiateTests
    monkeypatch.setattr(own, "_execute_code_snippet", theirs._execute_code_snippet)
    full = instantiate(notebook, course.root, author_code(course))
    assert [cell.source for cell in made.cells] == [cell.source for cell in full.cells]
