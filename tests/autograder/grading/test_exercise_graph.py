"""Which exercises a test examines, and which ones these build on."""

from __future__ import annotations

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.exercise_graph import exercise_graph
from tests.conftest import ROOT
from tests.support.chain import chain_notebook
from tests.support.toy import meta

KINDS = {"given": {"locked": True}, "solution": {"solution": True}}


def chapter(*cells: tuple[str, str]) -> NotebookNode:
    """A notebook of cells given as (grade id, source); the id's first word is its kind, ``experiment`` none."""
    made = []
    for name, source in cells:
        kind = name.partition("-")[0]
        flags = KINDS.get(kind, {"grade": True, "locked": True, "points": 1})
        made.append(new_code_cell(source, metadata={} if kind == "experiment" else meta(name, **flags)))
    notebook: NotebookNode = new_notebook(cells=made)
    return notebook


def test_what_a_solution_calls_is_needed_directly_and_through_others():
    graph = exercise_graph(chain_notebook())
    assert graph.needs == {
        "test-square": (),
        "test-norm": ("square",),
        "test-unit": ("square", "norm"),
        "test-power": ("square",),
        "test-triple": (),
        "test-undo": ("square",),
        "test-best": ("square",),
    }
    assert graph.own["test-unit"] == {"unit"}


def test_an_experiment_connects_nothing():
    graph = exercise_graph(
        chapter(
            ("solution-f", "def f(): ..."),
            ("experiment", "g = f"),
            ("solution-h", "def h(): return g()"),
            ("test-h", "h()"),
        )
    )
    assert graph.needs["test-h"] == ()


def test_a_locked_cell_is_looked_through():
    graph = exercise_graph(
        chapter(
            ("solution-layer", "class Layer: ..."),
            ("test-layer", "Layer()"),
            ("given-net", "def net(): return Layer()"),
            ("solution-train", "def train(): return net()"),
            ("test-train", "train()"),
            ("test-net", "net()"),
        )
    )
    assert graph.needs["test-train"] == ("solution-layer",)
    assert (graph.own["test-net"], graph.needs["test-net"]) == ({"solution-layer"}, ())


def test_an_exercise_is_never_needed_by_the_test_that_examines_it_first():
    """Two exercises without a test between them: the test names both, so neither is given away for it."""
    graph = exercise_graph(
        chapter(
            ("solution-f", "def f(): ..."),
            ("solution-g", "def g(): return f()"),
            ("test-both", "f(); g()"),
            ("test-g", "g()"),
        )
    )
    assert (graph.own["test-both"], graph.needs["test-both"]) == ({"solution-f", "solution-g"}, ())
    assert (graph.own["test-g"], graph.needs["test-g"]) == ({"solution-g"}, ("solution-f",))


def test_a_method_that_is_added_later_belongs_to_its_class():
    graph = exercise_graph(
        chapter(
            ("solution-value", "class Value: ..."),
            ("test-value", "Value()"),
            ("solution-relu", "def relu(self): ...\nValue.relu = relu"),
            ("test-relu", "Value().relu()"),
            ("solution-trace", "def trace(): return Value()"),
            ("test-trace", "trace()"),
        )
    )
    assert (graph.own["test-relu"], graph.needs["test-relu"]) == ({"solution-relu"}, ("solution-value",))
    assert graph.needs["test-trace"] == ("solution-value", "solution-relu")


def test_functions_that_call_each_other_end_somewhere():
    graph = exercise_graph(
        chapter(
            ("solution-even", "def even(n): return n == 0 or odd(n - 1)"),
            ("solution-odd", "def odd(n): return n != 0 and even(n - 1)"),
            ("test-even", "even(2)"),
            ("test-odd", "odd(3)"),
        )
    )
    assert graph.needs == {"test-even": ("solution-odd",), "test-odd": ("solution-even",)}


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_test_of_the_course_examines_an_exercise_and_needs_only_others(path):
    graph = exercise_graph(nbformat.read(path, as_version=4))
    assert all(graph.own.values())
    assert [test for test, needs in graph.needs.items() if graph.own[test] & set(needs)] == []
