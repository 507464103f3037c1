"""Wrong layers that students write, each computed by PyTorch on changed arguments."""

from __future__ import annotations

import numpy as np

from workbook.chapter04.reference.layers import (
    Array,
    Formulas,
    fc,
    fc_gradient,
    fc_output,
    fc_relu_output,
    relu_output,
    value,
)


def fc_output_mistakes(x: Array, w: Array, b: Array) -> Formulas:
    """Wrong outputs of a fully connected layer."""
    turned = np.moveaxis(x, 0, -1).reshape(len(x), -1)
    return [
        ("bias-not-added", lambda: fc_output(x, w, np.zeros_like(b))),
        ("bias-twice", lambda: fc_output(x, w, 2 * b)),
        ("axes-mixed", lambda: fc_output(turned, w, b)),
        ("axes-mixed", lambda: fc_output(x.reshape(len(x), -1, order="F"), w, b)),
        ("activation-too-many", lambda: fc_relu_output(x, w, b)),
    ]


def fc_gradient_mistakes(name: str, dout: Array, x: Array, w: Array, b: Array) -> Formulas:
    """Wrong gradients of a fully connected layer."""
    right, count = fc_gradient(name, dout, x, w, b), len(x)
    if name == "dx":
        return [("dx-not-reshaped", lambda: right.reshape(count, -1))]
    mistakes: Formulas = [("averaged-over-batch", lambda: right / count)]
    if name == "db":
        mistakes += [
            ("bias-gradient-per-sample", lambda: dout),
            ("bias-gradient-per-sample", lambda: dout.sum(axis=1)),
            ("bias-gradient-keeps-axis", lambda: right[None]),
            ("bias-gradient-one-number", lambda: dout.sum()),
            ("bias-gradient-is-one", lambda: np.full_like(right, count)),
        ]
    return mistakes


def fc_relu_output_mistakes(x: Array, w: Array, b: Array) -> Formulas:
    """Wrong outputs of a fully connected layer and a ReLU."""
    return [
        ("relu-missing", lambda: fc_output(x, w, b)),
        ("relu-on-input", lambda: value(fc, np.maximum(x, 0), w, b)),
    ]


def fc_relu_gradient_mistakes(name: str, dout: Array, x: Array, w: Array, b: Array) -> Formulas:
    """Wrong gradients of a fully connected layer and a ReLU."""
    return [("relu-mask-missing", lambda: fc_gradient(name, dout, x, w, b))]


def relu_output_mistakes(x: Array) -> Formulas:
    """Wrong outputs of a ReLU."""
    return [
        ("absolute-value", lambda: np.abs(x)),
        ("identity", lambda: x),
        ("negative-part", lambda: np.minimum(x, 0)),
        ("leaky", lambda: np.maximum(0.01 * x, x)),
        ("step-not-relu", lambda: (x > 0).astype(np.float64)),
    ]


def relu_gradient_mistakes(dout: Array, x: Array) -> Formulas:
    """Wrong gradients of a ReLU."""
    return [
        ("relu-mask-missing", lambda: dout),
        ("mask-from-dout", lambda: relu_output(dout)),
        ("dout-ignored", lambda: (x > 0).astype(np.float64)),
        ("dout-ignored", lambda: relu_output(x)),
        ("mask-inverted", lambda: np.where(x > 0, 0, dout)),
    ]
