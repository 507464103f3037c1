"""Checks of chapter 04, against PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograder.testing import (
    CheckFailed,
    Mistake,
    call,
    compare,
    explained,
    passed,
    require,
    student_side,
    unpacked,
)
from autograder.testing.hint_display import Hints
from workbook.chapter04.network_checks import (
    fully_connected_defaults,
    fully_connected_loss,
    fully_connected_scores,
    network_loss,
    network_scores,
    new_weights,
    two_layer_defaults,
    two_layer_loss,
    two_layer_scores,
)
from workbook.chapter04.reference.layer_mistakes import (
    fc_backward_mistakes,
    fc_forward_mistakes,
    relu_backward_mistakes,
    relu_mistakes,
)
from workbook.chapter04.reference.layers import (
    Array,
    array,
    cross_entropy,
    fc,
    fc_relu,
    gradients,
    tensor,
    value,
)
from workbook.chapter04.reference.softmax_mistakes import softmax_gradient_mistakes, softmax_loss_mistakes
from workbook.chapter04.solver_checks import count_parameters, parameter_count, sgd_momentum
from workbook.chapter04.trained_checks import trained

__all__ = [
    "count_parameters", "fc_backward", "fc_forward", "fc_relu_backward", "fc_relu_forward",
    "fully_connected_defaults", "fully_connected_loss", "fully_connected_scores", "layer_arrays", "network_loss",
    "network_scores", "new_weights", "parameter_count", "relu_backward", "relu_forward", "sgd_momentum",
    "softmax_gradient", "softmax_loss", "trained", "two_layer_defaults", "two_layer_loss", "two_layer_scores",
]  # fmt: skip

Function = Callable[..., Any]
# Scores and labels: levels, an improbable class, rows at different levels, a class far ahead, one sample, more samples.
_SCORES: tuple[tuple[Array, list[int]], ...] = (
    (np.array([[2.0, -1.0, 0.5], [0.0, 1.0, 3.0]]), [0, 1]),
    (np.array([[1000.0, 1001.0, 998.0], [999.0, 1000.0, 1000.5]]), [1, 0]),
    (np.array([[0.0, 8.0]]), [0]),
    (np.array([[900.0, 901.5], [-900.0, -899.0], [0.3, -0.2]]), [0, 1, 1]),
    (np.array([[0.2, 8e3, -1.0], [1.0, 0.0, 0.7]]), [1, 2]),
    (np.random.default_rng(13).standard_normal((8, 6)), [5, 0, 3, 3, 1, 2, 0, 4]),
)
_INPUTS = (
    np.array([[-1.5, 0.5, 2.0], [3.0, -0.25, -4.0]]),
    np.array([[-2.0, 0.0, 1.0], [0.0, -1e-7, 1e-7]]),
    np.array([-2e5, -40.0, 12.0, 3e5]),
    np.random.default_rng(12).standard_normal((2, 3, 2)),
)
# Inputs and number of outputs: rows, images, one sample, one output, as many samples as inputs and outputs.
_SHAPES = (((4, 5), 3), ((2, 3, 4), 3), ((1, 5), 2), ((6, 3), 1), ((3, 3), 3), ((3, 2, 4, 3), 4))


def layer_arrays(shape: tuple[int, ...], width: int, seed: int = 0) -> tuple[Array, Array, Array, Array]:
    """Random x of this shape, w (D, width), b (width,) and dout (N, width)."""
    rng = np.random.default_rng(seed)
    inputs = int(np.prod(shape[1:]))
    shapes = (shape, (inputs, width), (width,), (shape[0], width))
    x, w, b, dout = (rng.standard_normal(each) for each in shapes)
    return x, w, b, dout


def _parts(got: Any, count: int, what: str, names: str) -> Sequence[Any]:
    return unpacked(got, count, what, f"the {count} values {names}", "look at the docstring's last line.")


def _same_lines(name: str, function: Function, few: Sequence[Any], many: Sequence[Any]) -> None:
    """Require that as many lines of Python run for a large batch as for a small one."""
    lines = [student_side.count_lines(function, *arguments) for arguments in (few, many)]
    require(
        lines[0] == lines[1],
        f"{name} runs {lines[0]} lines of Python for 3 samples and {lines[1]} for 12; expected equally many.",
        "a loop or a comprehension of yours runs over samples. One NumPy call can do all rows at once.",
        "loop-over-samples",
    )


# --- layers ---------------------------------------------------------------------------------------------------------


@explained
def fc_forward(function: Function, shape: tuple[int, ...] | None = None, width: int = 3, seed: int = 1) -> None:
    """Check the output of ``fc_forward``; without ``shape``, on rows, on images and for loops."""
    if shape is not None:
        x, w, b, _ = layer_arrays(shape, width, seed)
        out, _ = _parts(call(function, x, w, b), 2, "fc_forward(x, w, b)", "out and cache")
        compare(out, value(fc, x, w, b), f"out for x {x.shape}", mistakes=fc_forward_mistakes(x, w, b))
        return
    for rows, outputs in _SHAPES:
        fc_forward(function, rows, outputs)
    _same_lines("fc_forward", function, layer_arrays((3, 4), 2)[:3], layer_arrays((12, 4), 2)[:3])
    passed("fc_forward", "rows and images, one sample, one output, against PyTorch; no loop")


@explained
def fc_backward(
    function: Function, forward: Function, shape: tuple[int, ...] | None = None, width: int = 3, seed: int = 2
) -> None:
    """Check ``fc_backward`` with the cache of the student's ``fc_forward``."""
    if shape is not None:
        x, w, b, dout = layer_arrays(shape, width, seed)
        got = call(function, dout, _cache(forward, x, w, b), may_write=True)
        parts = _parts(got, 3, "fc_backward(dout, cache)", "dx, dw and db")
        expected = dict(zip(("dx", "dw", "db"), gradients(fc, dout, x, w, b), strict=True))
        shapes = [np.shape(part) for part in parts]
        if shapes != [right.shape for right in expected.values()] and sorted(shapes) == sorted(
            right.shape for right in expected.values()
        ):
            raise CheckFailed(
                f"fc_backward returns shapes {', '.join(map(str, shapes))}.",
                "the three gradients come in the wrong order: dx, dw, db.",
                "gradients-exchanged",
            )
        for part, (name, right) in zip(parts, expected.items(), strict=True):
            compare(part, right, f"{name} for x {shape}", mistakes=fc_backward_mistakes(name, dout, x, w, b))
        return
    for rows, outputs in _SHAPES:
        fc_backward(function, forward, rows, outputs)
    cases = [layer_arrays((count, 4), 2) for count in (3, 12)]
    few, many = ((dout, _cache(forward, x, w, b)) for x, w, b, dout in cases)
    _same_lines("fc_backward", function, few, many)
    passed("fc_backward", "rows and images, one sample, one output, against autograd; no loop")


def _cache(forward: Function, *arrays: Array) -> Any:
    name = getattr(forward, "__name__", "the forward function")
    return _parts(call(forward, *arrays, may_write=True), 2, f"{name}(…)", "out and cache")[1]


@explained
def relu_forward(function: Function, x: Array | None = None) -> None:
    """Check the output of ``relu_forward``."""
    if x is not None:
        out, _ = _parts(call(function, x, may_write=True), 2, "relu_forward(x)", "out and cache")
        right = array(tensor(x).relu())
        compare(out, right, f"out for x {x.shape}", mistakes=relu_mistakes(x), given=x)
        return
    for x in _INPUTS:
        relu_forward(function, x)
    rows = np.random.default_rng(3).standard_normal((12, 4))
    _same_lines("relu_forward", function, (rows[:3],), (rows,))
    passed("relu_forward", "positive and negative inputs, small and large, and 0; one axis to three; no loop")


@explained
def relu_backward(function: Function, forward: Function, x: Array | None = None, seed: int = 4) -> None:
    """Check ``relu_backward`` with the cache of the student's ``relu_forward``."""
    if x is not None:
        dout = np.random.default_rng(seed).standard_normal(x.shape)
        got = call(function, dout, _cache(forward, x), may_write=True)
        (expected,) = gradients(lambda z: z.relu(), dout, x)
        compare(got, expected, f"dx for x {x.shape}", mistakes=relu_backward_mistakes(dout, x), given=x)
        return
    for x in _INPUTS:
        relu_backward(function, forward, x)
    rows = np.random.default_rng(5).standard_normal((12, 4))
    _same_lines("relu_backward", function, (rows[:3], _cache(forward, rows[:3])), (rows, _cache(forward, rows)))
    passed("relu_backward", "the same inputs, against autograd; no loop")


@explained
def softmax_loss(function: Function, x: Array | None = None, y: ArrayLike = ()) -> None:
    """Check the first value of ``softmax_loss``."""
    if x is not None:
        loss, _ = _parts(call(function, x, np.asarray(y)), 2, "softmax_loss(x, y)", "loss and dx")
        compare(loss, cross_entropy(x, y)[0], f"loss for x {x.shape}", mistakes=softmax_loss_mistakes(x, y))
        return
    for scores, labels in _SCORES:
        softmax_loss(function, scores, labels)
    rng = np.random.default_rng(6)
    x, y = rng.standard_normal((12, 4)), rng.integers(0, 4, 12)
    _same_lines("softmax_loss", function, (x[:3], y[:3]), (x, y))
    passed("softmax_loss, value", "two classes to six, scores near 0, near 1000 and far apart; no loop")


@explained
def softmax_gradient(function: Function, x: Array | None = None, y: ArrayLike = ()) -> None:
    """Check the second value of ``softmax_loss``."""
    if x is not None:
        _, dx = _parts(call(function, x, np.asarray(y)), 2, "softmax_loss(x, y)", "loss and dx")
        compare(dx, cross_entropy(x, y)[1], f"dx for x {x.shape}", mistakes=softmax_gradient_mistakes(x, y))
        return
    for scores, labels in _SCORES:
        softmax_gradient(function, scores, labels)
    passed("softmax_loss, gradient", "the same scores, against autograd")


@explained
def fc_relu_forward(function: Function, shape: tuple[int, ...] | None = None, width: int = 5, seed: int = 7) -> None:
    """Check the output of ``fc_relu_forward``."""
    if shape is not None:
        x, w, b, _ = layer_arrays(shape, width, seed)
        out, _ = _parts(call(function, x, w, b), 2, "fc_relu_forward(x, w, b)", "out and cache")
        bare = value(fc, x, w, b)
        mistakes = [
            Mistake("relu-missing", "this is the output of the fully connected layer alone.", bare),
            Mistake("relu-on-input", "the ReLU acts on the layer's output, not on its input.",
                    value(fc, np.maximum(x, 0), w, b)),
        ]  # fmt: skip
        compare(out, value(fc_relu, x, w, b), f"out for x {x.shape}", mistakes=mistakes)
        return
    for rows, outputs in _SHAPES:
        fc_relu_forward(function, rows, outputs)
    _same_lines("fc_relu_forward", function, layer_arrays((3, 4), 2)[:3], layer_arrays((12, 4), 2)[:3])
    passed("fc_relu_forward", "rows and images, one sample, one output; no loop")


@explained
def fc_relu_backward(
    function: Function, forward: Function, shape: tuple[int, ...] | None = None, width: int = 5, seed: int = 8
) -> None:
    """Check ``fc_relu_backward`` with the cache of the student's ``fc_relu_forward``."""
    if shape is not None:
        x, w, b, dout = layer_arrays(shape, width, seed)
        got = call(function, dout, _cache(forward, x, w, b), may_write=True)
        parts = _parts(got, 3, "fc_relu_backward(dout, cache)", "dx, dw and db")
        right, unmasked = gradients(fc_relu, dout, x, w, b), gradients(fc, dout, x, w, b)
        hint = "the gradient has not passed the ReLU: it goes back through the two layers in the opposite order."
        for part, name, expected, wrong in zip(parts, ("dx", "dw", "db"), right, unmasked, strict=True):
            compare(part, expected, f"{name} for x {shape}", mistakes=[Mistake("relu-mask-missing", hint, wrong)])
        return
    for rows, outputs in _SHAPES:
        fc_relu_backward(function, forward, rows, outputs)
    cases = [layer_arrays((count, 4), 2) for count in (3, 12)]
    few, many = ((dout, _cache(forward, x, w, b)) for x, w, b, dout in cases)
    _same_lines("fc_relu_backward", function, few, many)
    passed("fc_relu_backward", "rows and images, one sample, one output, against autograd; no loop")


hint = Hints("workbook.chapter04")
