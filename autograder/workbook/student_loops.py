"""More that must live beside the student's code: a record of what a training loop shows to its model.

A companion of :mod:`student_side`: arguments and results are plain data, or objects that stay on that side.
"""

from __future__ import annotations

from typing import Any

from autograder.workbook.connection import beside_student


@beside_student
class SeenInputs:
    """Notes each forward pass of a module: what went in, in which mode, and whether gradients were tracked."""

    def __init__(self, module: Any) -> None:
        self._passes: list[dict[str, Any]] = []
        module.register_forward_hook(self._note)

    def _note(self, module: Any, inputs: tuple[Any, ...], _: Any) -> None:
        import torch

        self._passes.append(
            {
                "inputs": inputs[0].detach().cpu().numpy().copy(),
                "training": module.training,
                "tracked": torch.is_grad_enabled(),
            }
        )

    def read(self) -> list[dict[str, Any]]:
        """One dict for each pass so far: ``inputs`` (array), ``training`` and ``tracked``."""
        return [dict(entry) for entry in self._passes]
