"""PyTorch modules next to the student's code: their arrays, their gradients, what they return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing.connection import beside_student


@beside_student
def state_arrays(module: Any) -> dict[str, NDArray[Any]]:
    """Copies of the parameters and buffers of a module, by their names in its state dict."""
    return {name: tensor.detach().cpu().numpy().copy() for name, tensor in module.state_dict().items()}


@beside_student
def load_arrays(module: Any, arrays: dict[str, NDArray[Any]]) -> None:
    """Copy arrays into the parameters and buffers of a module that have these names."""
    import torch

    state = module.state_dict()
    for name, array in arrays.items():
        state[name].copy_(torch.as_tensor(np.array(array)))


@beside_student
def outputs(module: Any, inputs: NDArray[Any]) -> NDArray[Any]:
    """What a module returns for a float array, as an array, in whichever mode the module is."""
    import torch

    with torch.no_grad():
        result = module(torch.as_tensor(np.array(inputs), dtype=torch.float32))
    return np.asarray(result.detach().numpy().copy())


@beside_student
def set_parameters(model: Any, values: dict[str, Any]) -> None:
    """Replace arrays in a model's dict ``params``; the others stay as they are."""
    model.params.update({name: np.array(value, dtype=np.float64) for name, value in values.items()})


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
def take_step(module: Any, inputs: NDArray[Any], labels: NDArray[Any], rate: float) -> None:
    """Take one step of gradient descent on the mean cross-entropy; where no parameter can be trained, none."""
    import torch

    logits = module(torch.as_tensor(np.array(inputs), dtype=torch.float32))
    loss = torch.nn.functional.cross_entropy(logits, torch.as_tensor(np.array(labels)).long())
    if loss.requires_grad:
        module.zero_grad()
        loss.backward()
        torch.optim.SGD(module.parameters(), lr=rate).step()


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
