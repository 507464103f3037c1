"""More that must live beside the student's code: networks of unusual build, and a record of forward passes.

A companion of :mod:`student_side`: arguments and results are plain data, or objects that stay on that side.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.workbook.connection import beside_student


@beside_student
def rewired(layers: Sequence[Any], order: Sequence[int]) -> Any:
    """A module that owns ``layers`` in the order given and applies them in another: ``layers[order[0]]`` first."""
    import torch

    class Rewired(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = torch.nn.ModuleList(layers)

        def forward(self, x: Any) -> Any:
            for index in order:
                x = self.layers[index](x)
            return x

    return Rewired()


@beside_student
def set_gradients(module: Any, arrays: dict[str, NDArray[Any]]) -> None:
    """Put arrays where ``backward`` would leave the gradients of the parameters with these names."""
    import torch

    parameters = dict(module.named_parameters())
    for name, array in arrays.items():
        parameters[name].grad = torch.as_tensor(np.array(array), dtype=parameters[name].dtype)


@beside_student
def gradient_arrays(module: Any) -> dict[str, NDArray[Any] | None]:
    """Copies of the gradients of all parameters by name; None where there is none."""
    return {n: None if p.grad is None else p.grad.detach().numpy().copy() for n, p in module.named_parameters()}


@beside_student
class PassesThroughAnyNetwork:
    """Notes forward passes of whatever networks run between its making and ``stop``, made by the student or not.

    Args:
        numbers: the passes to look at, counted from 0.
    """

    def __init__(self, numbers: Collection[int]) -> None:
        from torch.nn.modules import module as hooks

        self._numbers, self._depth, self._count = frozenset(numbers), 0, 0
        self._noted: dict[int, list[dict[str, Any]]] = {}
        self._handles = [
            hooks.register_module_forward_pre_hook(self._enter),
            hooks.register_module_forward_hook(self._leave, always_call=True),
        ]

    def _enter(self, module: Any, _: Any) -> None:
        self._depth += 1
        if self._count in self._numbers and not list(module.children()):
            arrays = [parameter.detach().cpu().numpy().copy() for parameter in module.parameters()]
            self._noted.setdefault(self._count, []).append({"kind": type(module).__name__, "arrays": arrays})

    def _leave(self, *_: Any) -> None:
        self._depth -= 1
        self._count += self._depth == 0

    def stop(self) -> tuple[int, dict[int, list[dict[str, Any]]]]:
        """End the record.

        Returns:
            how many passes there were, and for each number asked for the layers in the order of their use: ``kind``,
            the name of the class, and ``arrays``, the parameters as they were then.
        """
        for handle in self._handles:
            handle.remove()
        return self._count, self._noted
