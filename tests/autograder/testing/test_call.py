import linecache
import math
import sys
import warnings

import numpy as np
import pytest
import torch

from autograder.testing import CheckFailed, call


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


def test_an_exception_is_told_with_the_line_of_the_cell_it_comes_from():
    source = "def inner(x):\n    y = x + 1\n    return y.missing\n\ndef outer(x):\n    return inner(x)\n"
    filename = "<ipython-input-call-test>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    names = {}
    exec(compile(source, filename, "exec"), names)
    caught = failure(names["outer"], 1.0)
    assert caught.message.splitlines() == [
        "outer stopped with AttributeError: 'float' object has no attribute 'missing'",
        "In inner, line 3 of its cell: return y.missing",
    ]


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (lambda x: x if x > 0 else 0, "truth-value-of-array"),
        (lambda x: max(0, x), "truth-value-of-array"),
        (lambda x: math.exp(x), "one-number-function"),
        (lambda x: x ^ 2, "xor-for-power"),
        (lambda x: x / x.sum(axis=1), "shapes-do-not-fit"),
        (lambda x: x @ x, "product-shapes"),
        (lambda x: torch.ones(2, 3) @ torch.ones(2, 3), "product-shapes"),
        (lambda x: torch.ones(2, 3) + torch.ones(2, 4), "shapes-do-not-fit"),
        (lambda x: print(x).sum(), "none-inside"),
        (lambda x: mispelt, "not-defined"),  # noqa: F821
        (lambda x: x[:, 3], "index-out-of-range"),
        (lambda x: x.sum(axes=1), "arguments-of-a-call"),
        (lambda x, y: x, "wrong-arguments"),
        (lambda: 1, "wrong-arguments"),
    ],
)
def test_a_common_exception_has_a_named_cause(function, mistake):
    caught = failure(function, np.ones((2, 3)))
    assert caught.mistake == mistake
    assert caught.hint


def test_an_unknown_exception_has_no_cause():
    def f(x):
        raise OSError("the disk is gone")

    caught = failure(f, 1)
    assert (caught.hint, caught.mistake) == (None, None)


@pytest.mark.parametrize("argument", [np.ones(3), [np.ones(3)], {"a": np.ones(3)}, (np.ones(3), np.ones(2))])
def test_writing_into_an_argument_is_a_mistake(argument):
    def spoil(scale, values):
        array = values["a"] if isinstance(values, dict) else values if isinstance(values, np.ndarray) else values[0]
        array *= scale

    call(spoil, 2.0, argument, may_write=True)
    caught = failure(spoil, 2.0, argument)
    assert (caught.mistake, "changed the array values" in caught.message) == ("writes-into-argument", True)


def test_what_holds_the_same_numbers_afterwards_was_not_changed():
    values = np.array([1.0, np.nan])
    assert call(lambda x: x.sort() or 3, values) == 3


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

    failure(spoil, x, {"a": [x]}, rng)
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
