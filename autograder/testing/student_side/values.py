"""Numbers and tensors that are made next to the student's code, and what its functions make of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograder.testing.connection import beside_student


@beside_student
def build_expression(
    make: Callable[[float], Any], program: str, leaves: dict[str, float]
) -> tuple[Any, dict[str, Any]]:
    """Compute with a student's number type, operators included.

    Args:
        make: turns a float into the student's number.
        program: lines ``name = expression`` over the leaves, earlier names, plain numbers, operators and methods.
        leaves: the inputs by name.

    Returns:
        the value of the last line, and the objects that were made for the leaves, by name.
    """
    inputs = {name: make(value) for name, value in leaves.items()}
    names: dict[str, Any] = dict(inputs)
    for line in program.splitlines():
        name, _, expression = line.partition(" = ")
        names[name] = result = eval(expression, {"__builtins__": {}}, names)
    return result, inputs


@beside_student
def tensor(values: Any, requires_grad: bool = False) -> Any:
    """A float64 PyTorch tensor of these numbers."""
    import torch

    return torch.tensor(np.asarray(values, dtype=np.float64), requires_grad=requires_grad)


@beside_student
def differentiated(function: Callable[..., Any], values: Sequence[ArrayLike]) -> dict[str, Any]:
    """Call a function with float64 tensors and let PyTorch differentiate the number that it returns.

    Returns:
        ``value`` (an array, or what is returned in place of a tensor), ``tracked`` (whether PyTorch recorded how it was
        computed), ``operations`` (the names of those recorded, for example ``"PowBackward0"``) and ``gradients`` (one
        array for each of ``values``, None where nothing flows back).
    """
    inputs = [tensor(value, requires_grad=True) for value in values]
    result = function(*inputs)
    tracked = bool(getattr(result, "requires_grad", False))
    if tracked and result.numel() == 1:
        result.sum().backward()
    return {
        "value": result.detach().cpu().numpy().copy() if hasattr(result, "detach") else result,
        "tracked": tracked,
        "operations": _recorded_operations(result) if tracked else [],
        "gradients": [None if entry.grad is None else entry.grad.numpy().copy() for entry in inputs],
    }


def _recorded_operations(result: Any) -> list[str]:
    names, waiting, seen = [], [result.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is not None and node not in seen:
            seen.add(node)
            names.append(str(node.name()))
            waiting += [before for before, _ in node.next_functions]
    return names


@beside_student
def with_numbers(value: Any) -> Any:
    """The same lists and tuples with a plain number in the place of each tensor or array that holds a single one."""
    if isinstance(value, list | tuple):
        return type(value)([with_numbers(entry) for entry in value])
    single = hasattr(value, "item") and getattr(value, "ndim", None) == 0
    return value.item() if single else value


@beside_student
def set_arrays(owner: Any, arrays: dict[str, Any]) -> None:
    """Replace attributes of an object by float64 arrays of its own."""
    for name, value in arrays.items():
        setattr(owner, name, np.array(value, dtype=np.float64))
