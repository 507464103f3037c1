"""``torch.optim`` as the oracle of chapter 10: where a rule goes along given gradients, and what it remembers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from workbook.chapter10.inputs import Array


@dataclass(frozen=True)
class Rule:
    """An update rule of the chapter.

    Attributes:
        optimizer: its class in ``torch.optim``.
        defaults: the entries that its config may have, with PyTorch's defaults.
    """

    optimizer: str
    defaults: Mapping[str, float]


_SGD = {"learning_rate": 1e-3, "weight_decay": 0.0}
_ADAM = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
RULES = {
    "sgd": Rule("SGD", _SGD),
    "sgd_momentum": Rule("SGD", _SGD | {"momentum": 0.0}),
    "nesterov": Rule("SGD", _SGD | {"momentum": 0.0}),
    "rmsprop": Rule("RMSprop", {"learning_rate": 1e-2, "alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0}),
    "adam": Rule("Adam", _ADAM | {"weight_decay": 0.0}),
    "adamw": Rule("AdamW", _ADAM | {"weight_decay": 1e-2}),
}


@dataclass(frozen=True)
class Walk:
    """A path of an optimizer.

    Attributes:
        points: the parameter before the first step and after each, (T + 1, ...).
        states: what the optimizer remembers after each step, by PyTorch's names.
    """

    points: Array
    states: tuple[dict[str, Array], ...]

    def state(self, key: str) -> Array:
        """One entry of the states, (T, ...)."""
        return np.array([state[key] for state in self.states])


def walk(optimizer: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], **settings: Any) -> Walk:
    """Let an optimizer of PyTorch take one step for each gradient, in float64.

    Args:
        optimizer: a class of ``torch.optim``.
        slopes: the gradients, each of the shape of ``w``; they do not depend on where the parameter is.
        rates: the learning rate of each step.
        settings: all further arguments, by PyTorch's names.
    """
    parameter = torch.tensor(np.array(w), dtype=torch.float64)
    engine = getattr(torch.optim, optimizer)([parameter], lr=rates[0], **settings)
    points, states = [parameter.numpy().copy()], []
    for slope, rate in zip(slopes, rates, strict=True):
        engine.param_groups[0]["lr"] = rate
        parameter.grad = torch.tensor(np.array(slope), dtype=torch.float64)
        engine.step()
        points.append(parameter.numpy().copy())
        kept = engine.state[parameter].items()
        states.append({key: np.array(value) for key, value in kept if value is not None})
    return Walk(np.array(points), tuple(states))


def settings(rule: str, config: Mapping[str, float]) -> dict[str, Any]:
    """The arguments of PyTorch's optimizer that a complete config stands for, without the learning rate."""
    given: dict[str, Any] = {
        key: value for key, value in config.items() if key not in ("learning_rate", "beta1", "beta2")
    }
    if "beta1" in config:
        given["betas"] = (config["beta1"], config["beta2"])
    if rule == "nesterov" and config["momentum"] > 0:  # without momentum it is plain SGD, and PyTorch refuses it
        given["nesterov"] = True
    return given


def right_walk(
    rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Mapping[str, float]
) -> Walk:
    """Where a rule of the chapter goes, by PyTorch."""
    return walk(RULES[rule].optimizer, w, slopes, rates, **settings(rule, config))
