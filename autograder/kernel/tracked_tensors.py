"""Gradients through a student's network, for a test that calls ``backward`` in another process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def gradients_into(output: Any, gradient: Any, inputs: Sequence[Any]) -> list[Any]:
    """Let the gradient of an output flow back; parameters keep theirs, as after any ``backward``.

    Returns:
        what each of ``inputs`` gets of it; None where nothing flows back.
    """
    before = [tensor.grad for tensor in inputs]
    for tensor in inputs:
        tensor.grad = None
    try:
        output.backward(gradient, retain_graph=True)
        return [None if tensor.grad is None else tensor.grad.clone() for tensor in inputs]
    finally:
        for tensor, grad in zip(inputs, before, strict=True):
            tensor.grad = grad
