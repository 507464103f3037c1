"""Wrong values of any exercise are named: where they are wrong, by which last step, and how they look in a message."""

import numpy as np
import pytest

from autograder.testing import CheckFailed, compare

x = np.array([-3.0, -0.5, 0.0, 0.5, 2.0])
right = np.exp(x)


def failure(got, expected, **options):
    with pytest.raises(CheckFailed) as caught:
        compare(got, expected, "f(x)", **options)
    return caught.value


@pytest.mark.parametrize(
    ("wrong", "mistake"),
    [
        (np.where(x < 0, 0, right), "wrong-where-negative"),
        (np.where(x <= 0, 0, right), "wrong-where-negative"),
        (np.where(x > 0, 0, right), "wrong-where-positive"),
        (np.where(x >= 0, 0, right), "wrong-where-positive"),
        (np.where(x == 0, 0, right), "wrong-at-zero"),
        (np.where(np.abs(x) > 1.5, 0, right), "wrong-where-large"),
        (np.where(np.abs(x) < 0.6, 0, right), "wrong-where-small"),
        (np.where(x == 0, np.nan, right), "division-by-zero"),
    ],
)
def test_a_value_that_is_wrong_for_some_inputs_says_for_which(wrong, mistake):
    assert failure(wrong, right, given=x).mistake == mistake


@pytest.mark.parametrize(
    ("wrong", "mistake"),
    [
        (np.log, "logarithm"),
        (lambda v: -np.log(v), "negative-logarithm"),
        (np.exp, "exponential"),
        (lambda v: 1 - v, "complement"),
        (lambda v: 1 / v, "inverse-value"),
        (np.square, "squared"),
        (np.sqrt, "square-root"),
        (lambda v: v + 1, "plus-one"),
        (lambda v: v - 1, "minus-one"),
        (np.cumsum, "running-sum"),
        (lambda v: v[::-1], "reversed"),
        (lambda v: np.roll(v, 1), "shifted"),
        (lambda v: np.round(v, 5), "rounded"),
        (lambda v: np.float32(100) + v.astype(np.float32) - np.float32(100), "single-precision"),
        (lambda v: v + 1e-6, "nearly-right"),
        (lambda v: np.append(v[0], 0 * v[1:]), "only-first"),
        (lambda v: np.append(v[:-1], 0), "last-wrong"),
        (lambda v: v.sum(), "axis-lost"),
        (lambda v: np.outer(v, v), "axis-too-many"),
        (lambda v: v[:, None], "wrong-axes"),
        (lambda v: v * 1 - v, "zero-everywhere"),
        (lambda v: np.full(5, v.mean()), "same-everywhere"),
    ],
)
def test_one_step_too_many_or_too_few_is_named(wrong, mistake):
    values = np.array([0.3123456789, 0.1234567891, 0.2765432198, 0.2187654321, 0.0823456781])
    assert failure(wrong(values), values).mistake == mistake


def test_a_lost_sign_is_named():
    assert failure(np.abs(x), x).mistake == "sign-lost"


@pytest.mark.parametrize(
    ("factor", "named"), [(2, True), (0.5, True), (5, True), (0.2, True), (0.4848, False), (-5.545, False)]
)
def test_a_factor_is_a_cause_only_where_a_formula_can_have_it(factor, named):
    values = np.array([0.31, 0.12, 0.27, 0.22, 0.08])
    assert (failure(factor * values, values).mistake == "constant-factor") is named


def test_equal_expected_values_have_no_recognisable_factor():
    assert failure(np.full(4, 0.5), np.full(4, 0.25)).mistake is None


def test_numbers_are_printed_until_they_differ():
    message = failure(18.0, 18.000004).message
    assert "the value is 18, expected 18.000004" in message
    assert "the value is 0.30000001, expected 0.3." in failure(0.30000001, 0.3, rtol=1e-9).message


def test_a_small_array_is_shown_as_a_table():
    lines = failure(
        np.array([0.5, 1.0, 4.0]), np.array([0.5, 1.0, 2.0]), given=np.array([-1.0, 0.0, 1.0])
    ).message.splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["index", "input", "got", "expected"],
        ["[0]", "-1", "0.5", "0.5"],
        ["[1]", "0", "1", "1"],
        ["[2]", "1", "4", "2", "differs"],
    ]


def test_a_large_array_has_no_table_and_a_number_has_none():
    assert "\n" not in failure(np.zeros(9), np.ones(9)).message
    assert "\n" not in failure(0.0, 1.0).message


@pytest.mark.parametrize(
    ("got", "mistake"),
    [
        ((value for value in (1.0, 2.0)), "generator"),
        (np.exp, "function-not-called"),
        (lambda x: x, "function-not-called"),
        ("1.0 2.0", "text"),
        ([np.zeros(2), None], "ragged-rows"),
        (np.array([[1.0], None], dtype=object), "object-dtype"),
        ([[1.0], [1.0, 2.0]], "ragged-rows"),
        (None, "no-return"),
    ],
)
def test_what_is_not_an_array_of_numbers_is_named(got, mistake):
    caught = failure(got, np.ones(2))
    assert (caught.mistake, bool(caught.hint)) == (mistake, True)
