"""A case: where it is tried, what is shown of its input, and which arguments can be recorded."""

from functools import partial

import numpy as np
import pytest

from autograder.testing import Case, CheckFailed, Exercise, suspect
from autograder.testing.answers import key


def doubled(x):
    return 2 * x


def failure(check, *args):
    with pytest.raises(CheckFailed) as caught:
        check(*args)
    return caught.value


def test_a_failure_inside_a_case_gets_the_name_of_its_context():
    within = partial(suspect, "vector-only", "look for len(x).")
    vector, table = Case("f([1, -2])", [np.array([1.0, -2.0])]), Case("f(x)", [np.ones((2, 2))], within=within)
    exercise = Exercise("f", "numpy:positive", [vector, table])

    def vector_only(x):
        return x[:2] if x.ndim == 1 else x[0]

    caught = failure(exercise, vector_only)
    assert (caught.mistake, caught.hint) == ("vector-only", "look for len(x).")
    assert failure(exercise, lambda x: x + 1).mistake != "vector-only"
    assert failure(exercise.check_case, vector_only, table).mistake == "vector-only"


def test_an_elementwise_exercise_shows_the_first_array_among_the_arguments():
    exercise = Exercise("f", "numpy:add", [Case("f(3, x)", [3.0, np.array([-1.0, 0.5])])], elementwise=True)
    caught = failure(exercise, lambda a, x: np.where(x < 0, 0, a + x))
    assert caught.mistake == "wrong-where-negative" and "input" in caught.message


def test_a_numpy_function_among_the_arguments_is_known_by_its_name():
    keys = {key("a.b:f", [function, 1.0], {}) for function in (np.exp, np.sin, np.exp, doubled.__name__)}
    assert len(keys) == 3
    with pytest.raises(TypeError, match=r"functions of NumPy such as np\.exp"):
        key("a.b:f", [doubled], {})


def test_a_passed_check_says_how_many_cases_it_tried(capsys):
    cases = [Case("f(1)", [1.0]), Case("f(2)", [2.0])]
    Exercise("f", "numpy:positive", cases, summary="two numbers")(lambda x: x)
    Exercise("f", "numpy:positive", cases[:1])(lambda x: x)
    assert capsys.readouterr().out == "f: correct for 2 visible cases (two numbers).\nf: correct for 1 visible case.\n"
