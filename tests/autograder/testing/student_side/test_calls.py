import numpy as np
import pytest

from autograder.testing.student_side import count_lines, names_in, recorded_call


def looped(x):
    total = 0.0
    for value in x:
        total += value
    return total


def comprehended(x):
    return sum([2 * value for value in x])


def vectorised(x):
    y = x * 2
    return y.sum()


def helped(x):
    return np.apply_along_axis(lambda row: row.sum(), 0, np.atleast_2d(x))


def test_a_loop_or_comprehension_takes_more_lines_for_more_data():
    for function in (looped, comprehended, helped):
        assert count_lines(function, np.ones(10)) > count_lines(function, np.ones(5))


def test_an_array_expression_takes_the_same_lines_for_more_data():
    assert count_lines(vectorised, np.ones(10)) == count_lines(vectorised, np.ones(10_000)) == 2


def test_warnings_are_recorded_and_not_shown(recwarn):
    value, texts, _ = recorded_call(np.log, np.array([0.0]))
    assert np.isneginf(value[0])
    assert texts == ["RuntimeWarning: divide by zero encountered in log"]
    assert not recwarn.list


def test_the_arguments_that_a_call_writes_into_are_named():
    def spoil(first, second, third=None):
        second[0] = 7.0
        third["a"].append(1.0)

    _, _, written = recorded_call(spoil, np.ones(2), np.ones(2), third={"a": [np.ones(1)]})
    assert written == ["second", "third"]
    assert recorded_call(np.negative, np.ones(2))[2] == []


def test_an_error_notes_the_line_of_the_cell_it_comes_from():
    names = {}
    exec(compile("def f(x):\n    return x.missing\n", "<ipython-input-note>", "exec"), names)
    with pytest.raises(AttributeError) as caught:
        recorded_call(names["f"], 1.0)
    assert caught.value.__notes__ == ["in f, line 2 of its cell: "]


def test_the_names_that_a_function_refers_to_are_known():
    assert "atleast_2d" in names_in(helped)
    assert names_in(np.exp) == names_in(3) == []
