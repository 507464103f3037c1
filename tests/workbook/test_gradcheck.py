import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from workbook.gradcheck import numerical_gradient, relative_error

points = arrays(np.float64, array_shapes(max_dims=3, max_side=3), elements=st.floats(-3, 3))


@settings(deadline=None)
@given(points)
def test_the_gradient_of_a_smooth_function_is_found(x):
    gradient = numerical_gradient(lambda a: float(np.sum(np.sin(a) + a**3)), x)
    assert relative_error(gradient + 1, np.cos(x) + 3 * x**2 + 1) < 1e-7


@given(points)
def test_the_point_is_left_unchanged(x):
    before = x.copy()
    numerical_gradient(lambda a: float(a.sum()), x)
    np.testing.assert_array_equal(x, before)


def test_single_precision_is_refused():
    with pytest.raises(TypeError, match="float64"):
        numerical_gradient(lambda a: float(a.sum()), np.ones(2, dtype=np.float32))


@given(points)
def test_equal_gradients_have_no_error_and_opposite_ones_the_largest(x):
    assert relative_error(x, x) == 0
    assert relative_error(x + 5, -x - 5) == 1
