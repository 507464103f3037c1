"""What two linear layers of chapter 08 return one after the other, and what a wrong layer in their place does."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.testing.answers import Formulas
from workbook.chapter08.inputs import linear_pair
from workbook.linear_classifier import Array


def outputs(sizes: tuple[int, int, int], seed: int, biases: tuple[bool, bool]) -> Array:
    """Outputs (5, C) of both layers for the inputs of :func:`linear_pair`."""
    x, w1, b1, w2, b2 = _parts(sizes, seed, biases)
    return _short((x @ w1.T + b1) @ w2.T + b2)


def outputs_mistakes(sizes: tuple[int, int, int], seed: int, biases: tuple[bool, bool]) -> Formulas:
    """Outputs of a layer that loses a bias or multiplies in another order; arguments of :func:`outputs`."""
    x, w1, b1, w2, b2 = _parts(sizes, seed, biases)
    product = x @ w1.T @ w2.T
    yield "first-bias-forgotten", lambda: _short(product + b2)
    yield "second-bias-forgotten", lambda: _short(product + b1 @ w2.T)
    yield "biases-forgotten", lambda: _short(product)
    if sizes[1] == sizes[2]:
        yield "first-bias-not-mapped", lambda: _short(product + b1 + b2)
    if sizes[0] == sizes[1] == sizes[2]:
        yield "factors-exchanged", lambda: _short(x @ (w1 @ w2).T + b1 @ w2.T + b2)


def _parts(*given: Any) -> tuple[Array, ...]:
    pair, x = linear_pair(*given)
    arrays = [(layer["weight"], layer.get("bias", np.zeros(len(layer["weight"])))) for layer in pair]
    return x, *arrays[0], *arrays[1]


def _short(values: Array) -> Array:
    """Six decimals: checks compare single precision to three."""
    return np.asarray(np.round(values, 6))
