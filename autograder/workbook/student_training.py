"""Like :mod:`student_side`, for chapter 10: what must live beside the student's code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from autograder.workbook.connection import beside_student
from autograder.workbook.student_side import state_arrays


@beside_student
def arguments_after(function: Callable[..., Any], *args: Any) -> list[Any]:
    """Call a function and return its arguments as they are afterwards: arrays may have been written into."""
    function(*args)
    return list(args)


@beside_student
class TrainingSteps:
    """Notes the weights of whichever network is trained, before some of its steps, until it is closed.

    A step is a forward pass of a whole network in training mode while gradients are tracked.

    Args:
        at: the steps to note, counted from 0 over all networks.
    """

    def __init__(self, at: list[int]) -> None:
        from torch.nn.modules import module

        self._at, self._depth, self._count = set(at), 0, 0
        self._states: list[dict[str, NDArray[Any]]] = []
        before = module.register_module_forward_pre_hook(self._enter)
        self._hooks = (before, module.register_module_forward_hook(self._leave, always_call=True))

    def _enter(self, module: Any, _: Any) -> None:
        import torch

        trained = module.training and torch.is_grad_enabled() and any(True for _ in module.parameters())
        if self._depth == 0 and trained:
            if self._count in self._at:
                self._states.append(state_arrays(module))
            self._count += 1
        self._depth += 1

    def _leave(self, *_: Any) -> None:
        self._depth -= 1

    def read(self) -> tuple[int, list[dict[str, NDArray[Any]]]]:
        """How many steps there were, and the weights before those that were to be noted."""
        return self._count, self._states

    def close(self) -> None:
        """Stop noting."""
        for hook in self._hooks:
            hook.remove()
