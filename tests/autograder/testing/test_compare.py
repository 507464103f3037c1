import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.testing import CheckFailed, Mistake, compare, require

finite = st.floats(-1e6, 1e6, allow_subnormal=False)


def failure(got, expected, **options):
    with pytest.raises(CheckFailed) as caught:
        compare(got, expected, "f(x)", **options)
    return caught.value


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=finite))
def test_a_value_equals_itself_in_every_form(x):
    for form in (x, x.tolist(), torch.from_numpy(x), torch.from_numpy(x).requires_grad_()):
        compare(form, x, "f(x)")


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=finite), st.data())
def test_one_changed_element_is_found_with_its_index(x, data):
    index = tuple(data.draw(st.integers(0, n - 1)) for n in x.shape)
    changed = x.copy()
    changed[index] += 1 + abs(changed[index])
    message = failure(changed, x).message
    where = f" at index [{', '.join(map(str, index))}]" if x.size > 1 else ""
    assert f"{changed[index]:.6g}" in message
    assert where in message


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (None, [1.0], "f(x) is None"),
        ("1.0", [1.0], "is a str"),
        (len, [1.0], "expected numbers"),
        ({"a": 1}, [1.0], "is a dict"),
        ([[1.0], [1.0, 2.0]], [1.0], "different lengths"),
        (np.array([None]), [1.0], "type object"),
        (np.zeros((2, 3)), np.zeros((3, 2)), "has shape (2, 3); expected (3, 2)"),
        (np.zeros(3, dtype=int), np.full(3, 0.5), "dtype int64; expected float64"),
        (np.array([1.0, np.nan]), np.array([1.0, 2.0]), "not finite; the first is nan at index [1]"),
        (3.0, 2.0, "the value is 3, expected 2."),
        (np.array([1.0, 5.0]), np.array([1.0, 2.0]), "the worst element is 5 at index [1], expected 2. 1 of 2"),
    ],
)
def test_the_first_difference_is_put_into_words(got, expected, words):
    assert words in failure(got, expected).message


@pytest.mark.parametrize(
    ("wrong", "mistake"),
    [
        (lambda x: -x, "opposite-sign"),
        (lambda x: 2 * x, "constant-factor"),
        (lambda x: x.T, "transposed"),
        (lambda x: x[:, :, None], "wrong-axes"),
        (lambda x: x.astype(int), "integer-dtype"),
    ],
)
@pytest.mark.parametrize("shape", [(2, 3), (3, 3)])
def test_general_causes_are_named(wrong, mistake, shape):
    x = np.arange(1.0, 1 + np.prod(shape)).reshape(shape) * 1.5
    assert failure(wrong(x), x).mistake == mistake


def test_a_mistake_of_the_exercise_goes_before_a_general_cause():
    mine = Mistake("mine", "the exercise's own hint.", lambda: np.array([-1.0, -2.0]))
    caught = failure(np.array([-1.0, -2.0]), np.array([1.0, 2.0]), mistakes=[mine])
    assert (caught.mistake, caught.hint) == ("mine", "the exercise's own hint.")


def test_a_mistake_is_recognised_by_its_nans_and_infinities_too():
    mine = Mistake("overflow", "hint.", [np.nan, np.inf])
    assert failure([np.nan, np.inf], [0.0, 1.0], mistakes=[mine]).mistake == "overflow"


@pytest.mark.parametrize("got", [True, np.bool_(False), np.array([True, False, True]), [True, False, False]])
def test_a_comparison_instead_of_numbers_is_named(got):
    with pytest.raises(CheckFailed) as caught:
        compare(got, np.full(np.shape(got), 0.25), "share")
    assert caught.value.mistake == "truth-value"


def test_truth_values_can_be_compared_with_truth_values():
    compare([True, False], [True, False], "flags")
    with pytest.raises(CheckFailed, match=r"flags: the worst element is 1 at index \[1\], expected 0"):
        compare([True, True], [True, False], "flags")


def test_an_unknown_difference_has_no_cause():
    caught = failure(np.array([1.0, 7.0, 3.0]), np.array([1.0, 2.0, 3.0]))
    assert (caught.hint, caught.mistake) == (None, None)


def test_plain_numbers_may_be_integers():
    compare(2, 2.0, "f(x)")


def test_tolerances_are_respected():
    compare(1.0 + 1e-5, 1.0, "f(x)", rtol=1e-4)
    failure(1.0 + 1e-3, 1.0, rtol=1e-4)


def test_the_whole_expected_result_is_never_shown():
    expected = np.linspace(0.123, 0.987, 50)
    text = str(failure(np.zeros(50), expected))
    assert sum(f"{value:.6g}" in text for value in expected) == 1


def test_require_fails_with_its_message():
    require(True, "never")
    with pytest.raises(CheckFailed, match="only now"):
        require(False, "only now")
