"""Records of forward passes: what a training loop shows to its network, in which mode, with which weights."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from numpy.typing import NDArray

from autograder.testing.connection import beside_student
from autograder.testing.student_side.modules import state_arrays


@beside_student
class ForwardPasses:
    """Notes each forward pass of a module.

    Args:
        inputs: True to keep a copy of what went in, too.
    """

    def __init__(self, module: Any, inputs: bool = False) -> None:
        self._inputs = inputs
        self._passes: list[dict[str, Any]] = []
        module.register_forward_hook(self._note)

    def _note(self, module: Any, inputs: tuple[Any, ...], _: Any) -> None:
        import torch

        noted = {"training": module.training, "tracked": torch.is_grad_enabled()}
        if self._inputs:
            noted["inputs"] = inputs[0].detach().cpu().numpy().copy()
        self._passes.append(noted)

    def read(self) -> list[dict[str, Any]]:
        """One dict for each pass so far: ``training``, ``tracked`` and, where wanted, ``inputs`` (array)."""
        return [dict(entry) for entry in self._passes]


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
