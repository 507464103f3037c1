import sys
import warnings

import numpy as np
import pytest

from autograder.workbook.testing import CheckFailed, call


def failure(function, *args, **options):
    with pytest.raises(CheckFailed) as caught:
        call(function, *args, **options)
    return caught.value


def test_the_value_comes_back():
    assert call(lambda a, b: a - b, 5, b=3) == 2


def test_a_stub_is_recognised():
    def sigmoid(x):
        raise NotImplementedError

    caught = failure(sigmoid, 1)
    assert (caught.message, caught.mistake) == ("sigmoid is not written yet.", "not-written")


def test_an_exception_is_told_with_the_shapes_it_happened_for():
    def f(x, y):
        return x @ y

    message = failure(f, np.zeros((2, 3)), np.zeros((2, 3))).message
    assert message.startswith("f stopped with ValueError: ")
    assert message.endswith("when called with an array of shape (2, 3), an array of shape (2, 3)")


def test_leaving_python_is_a_failure_like_any_other():
    assert "SystemExit" in failure(lambda: sys.exit(0)).message


def test_an_interrupt_is_not_swallowed():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(interrupted)


def test_arguments_are_copies():
    x = np.ones(3)
    rng = np.random.default_rng(0)
    before = rng.bit_generator.state

    def spoil(values, nested, generator):
        values[:] = 0
        nested["a"][0][:] = 0
        generator.random(10)

    call(spoil, x, {"a": [x]}, rng)
    assert (x == 1).all()
    assert rng.bit_generator.state == before


def test_a_numerical_warning_fails_only_where_quiet_is_asked_for():
    def overflow(x):
        return np.exp(x)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call(overflow, np.array([1e4]))
    assert failure(overflow, np.array([1e4]), quiet=True).mistake == "numerical-warning"


def test_underflow_is_no_warning():
    assert call(lambda x: np.exp(x), np.array([-1e4]), quiet=True)[0] == 0
