"""A quantity compares a value that the check got itself with what was recorded, else with the reference."""

import sys
from itertools import count

import numpy as np
import pytest

from autograder.testing import Case, CheckFailed, Mistake, Quantity, ReferenceMissing
from autograder.testing.record import declared, differences, main

REFERENCE = """
def slope(name, x):
    return 2 * x if name == "x" else x.sum()

def slope_mistakes(name, x):
    return [("halved", lambda: x)] if name == "x" else [("averaged", lambda: x.mean())]
"""
EXERCISES = """
import numpy as np
from autograder.testing import Case, Quantity

slope = Quantity(
    __package__ + ".reference:slope",
    {"halved": "a factor is missing.", "averaged": "take the sum."},
    [Case(name, (name, np.array([1.5, -2.25]))) for name in ("x", "b")],
)
"""
number = count()
X = np.array([1.5, -2.25])


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A course package with a reference and one quantity, recorded."""
    name = f"course_with_quantities_{next(number)}"
    (tmp_path / name).mkdir()
    for module, text in {"__init__": "", "reference": REFERENCE, "exercises": EXERCISES}.items():
        (tmp_path / name / f"{module}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    # A module that is written twice in a second, in the same length, would be taken from the bytecode of the first.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert main([f"{name}.exercises"]) == 0
    return tmp_path / name


def recorded(package):
    """The quantity, where students have it: without its reference."""
    (package / "reference.py").unlink()
    sys.modules.pop(f"{package.name}.reference")
    (quantity,) = declared([f"{package.name}.exercises"])
    return quantity


def failure(compare, *args, **kwargs):
    with pytest.raises(CheckFailed) as caught:
        compare(*args, **kwargs)
    return caught.value


def test_a_recorded_value_is_compared_and_a_mistake_named_without_the_reference(package):
    quantity = recorded(package)
    quantity.compare(2 * X, "dx", "x", X)
    quantity.compare(X.sum(), "db", "b", X)
    assert failure(quantity.compare, X, "dx", "x", X).mistake == "halved"
    caught = failure(quantity.compare, X.mean(), "db", "b", X)
    assert (caught.mistake, caught.hint) == ("averaged", "take the sum.")
    assert caught.message.startswith("db")


def test_other_inputs_need_the_reference(package):
    (quantity,) = declared([f"{package.name}.exercises"])
    quantity.compare(2 * np.ones(3), "dx", "x", np.ones(3))
    assert failure(quantity.compare, np.ones(3), "dx", "x", np.ones(3)).mistake == "halved"
    with pytest.raises(ReferenceMissing, match=r"reference:slope is not installed.*testing\.record"):
        recorded(package).compare(2 * np.ones(3), "dx", "x", np.ones(3))


def test_a_mistake_that_depends_on_more_than_the_inputs_can_be_added():
    quantity = Quantity("numpy:positive")
    stale = Mistake("stale", "read it again.", lambda: np.array([7.0, 8.0]))
    assert failure(quantity.compare, np.array([7.0, 8.0]), "w", X, also=[stale]).mistake == "stale"


def test_where_the_value_is_wrong_is_told_by_the_input():
    caught = failure(Quantity("numpy:positive").compare, np.abs(X), "f(x)", X, given=X)
    assert "input" in caught.message


def test_a_mistake_needs_a_formula_in_one_case_only_and_a_hint_always(package):
    exercises = declared([f"{package.name}.exercises"])
    assert differences(exercises) == []
    unhinted = Quantity(exercises[0].reference, {"halved": "a factor is missing."}, [Case("b", ("b", X))])
    with pytest.raises(ValueError, match="averaged, halved must have a hint"):
        differences([unhinted])
