"""Gradients across the wire: what a test calls ``backward`` on here flows back in the student's kernel."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.referee.connection import Connection
    from autograder.referee.remote import Remote


def asks_for_gradients(source: str) -> bool:
    """True for a test cell that lets gradients flow or looks at them."""
    return "torch" in sys.modules and any(word in source for word in (".backward(", ".grad", "requires_grad"))


def tracked_call(connection: Connection, function: Remote, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """What a student's function returns; if it is a tensor that needs gradients, one that passes them on."""
    sent = [v for v in (*args, *kwargs.values()) if _needs_gradient(v)]
    value, output, inputs = connection.ask("tracked_call", (function, args, dict(kwargs)))
    return _tracked(connection, value, output, inputs, sent) if _is_tracked(value, output) else value


def tracked_attribute(connection: Connection, owner: Remote, name: str) -> Any:
    """An attribute; a parameter comes with the gradient that it has."""
    value, gradient = connection.ask("gradient", owner, name=name)
    if not _is_tensor(value):
        return value
    if gradient is not None and _is_tensor(gradient) and gradient.shape == value.shape:
        value = value.requires_grad_()
        value.grad = gradient
    return value


def _is_tensor(value: Any) -> bool:
    return isinstance(value, sys.modules["torch"].Tensor)


def _needs_gradient(value: Any) -> bool:
    return _is_tensor(value) and bool(value.requires_grad)


def _is_tracked(value: Any, output: Any) -> bool:
    return _is_tensor(value) and bool(value.requires_grad) and output is not None


def _tracked(connection: Connection, value: Any, output: Any, inputs: Any, sent: list[Any]) -> Any:
    """The value as the output of an operation whose derivative the student's kernel knows."""
    import torch

    class InTheKernel(torch.autograd.Function):
        @staticmethod
        def forward(_: Any, __: Any, *___: Any) -> Any:
            return value.detach().clone()

        @staticmethod
        def backward(_: Any, gradient: Any) -> Any:
            connection.words.add("gradients that the student's kernel computes")
            found = connection.ask("backward", (output, gradient, inputs))
            return (None, *found)

    # Something here must need a gradient, or backward is not called.
    apply: Any = InTheKernel.apply
    return apply(torch.zeros((), requires_grad=True), *sent)
