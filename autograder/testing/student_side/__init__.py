"""What must happen next to the student's code: in the notebook's process, or in the kernel that a grader examines.

A check never touches a student's function directly where the result would depend on the process that it runs in. It
goes through this package: in a notebook each function runs where it is called; a grader that keeps checks in another
process has the same functions run in the student's kernel. Arguments and results are plain data, or objects that stay
next to the student's code: modules, data sets, loaders, optimizers. ``student_side.torch`` is the library of that side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.testing.connection import current
from autograder.testing.student_side.calls import (
    arguments_after,
    call_for_warnings,
    count_lines,
    is_plain,
    names_in,
    recorded_call,
)
from autograder.testing.student_side.contents import figure_content, graph_content
from autograder.testing.student_side.datasets import (
    AffineTransform,
    array_loader,
    described_batch,
    described_item,
    length,
    write_files,
)
from autograder.testing.student_side.forward_passes import ForwardPasses, PassesThroughAnyNetwork, TrainingSteps
from autograder.testing.student_side.modules import (
    gradient_arrays,
    load_arrays,
    outputs,
    rewired,
    set_gradients,
    set_parameters,
    state_arrays,
    take_step,
)
from autograder.testing.student_side.values import (
    build_expression,
    differentiated,
    set_arrays,
    tensor,
    with_numbers,
)

if TYPE_CHECKING:
    import torch as torch
else:

    def __getattr__(name: str) -> Any:
        """Import torch when it is first asked for: it takes a second, and half of the chapters do without."""
        if name == "torch":
            process = current()
            if process is not None:
                return process.library("torch")
            import torch

            return torch
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "AffineTransform",
    "ForwardPasses",
    "PassesThroughAnyNetwork",
    "TrainingSteps",
    "arguments_after",
    "array_loader",
    "build_expression",
    "call_for_warnings",
    "count_lines",
    "described_batch",
    "described_item",
    "differentiated",
    "figure_content",
    "gradient_arrays",
    "graph_content",
    "is_plain",
    "length",
    "load_arrays",
    "names_in",
    "outputs",
    "recorded_call",
    "rewired",
    "set_arrays",
    "set_gradients",
    "set_parameters",
    "state_arrays",
    "take_step",
    "tensor",
    "torch",
    "with_numbers",
    "write_files",
]
