"""What the exercises of chapter 01 do without; the checks read the code for it."""

from __future__ import annotations

from autograder.testing.forbidden_calls import ForbiddenCalls

_EXERCISES = (
    "numerical_derivative", "sigmoid", "tanh", "relu", "sigmoid_derivative", "tanh_derivative", "relu_derivative",
    "sigmoid_prime", "softmax", "saturation_fraction", "plot_activations",
)  # fmt: skip

NUMPY_ONLY = ForbiddenCalls(
    ("torch", "scipy", "sklearn", "workbook.gradcheck"),
    "the exercises of this chapter are written with NumPy alone.",
    _EXERCISES,
    "library-does-the-work",
)
FROM_EXPONENTIALS = ForbiddenCalls(
    ("numpy.tanh", "math.tanh", "cmath.tanh"),
    "build the function from exponentials: a sigmoid is a tanh that was stretched and shifted, and the reverse.",
    _EXERCISES,
    "library-does-the-work",
)
WARNINGS_ON = ForbiddenCalls(
    ("numpy.errstate", "numpy.seterr", "numpy.seterrcall", "warnings"),
    "a silenced overflow is still one, and the next one may not end well. Make the exponent harmless instead.",
    _EXERCISES,
    "silenced-warning",
)
