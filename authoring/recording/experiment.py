"""What an experiment is: a module of ``authoring.recording.experiments``.

Each has ``CHAPTER``, and one of two forms:

- ``USES``, the names of the chapter that it trains with, and ``plan(names, scale, device)``, a :class:`Plan` of runs
  that train epoch by epoch and continue from checkpoints;
- ``data(names)`` and ``run(names, seed)``, which trains everything of one seed in one go. It continues with the next
  seed.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from torch import nn
from torch.optim import Optimizer

from authoring.recording import experiments
from autograder.errors import AutograderError

Scale = Literal["quick", "full"]
Curves = Mapping[str, list[float]]


@dataclass(frozen=True)
class Training:
    """A training at its beginning, or as a checkpoint left it.

    Attributes:
        model: on the device.
        optimizer: holds the model's parameters; None where the chapter's function makes one that remembers nothing.
        epoch: trains one epoch, counted from 0, and returns what it adds to each curve.
        result: what is recorded in the end, as JSON values, made from the whole curves.
    """

    model: nn.Module
    optimizer: Optimizer | None
    epoch: Callable[[int], Mapping[str, Sequence[float]]]
    result: Callable[[Curves], Mapping[str, Any]]


@dataclass(frozen=True)
class Run:
    """One training of an experiment, the same from each seed.

    Attributes:
        name: another for each run of a plan.
        epochs: how many there are.
        begin: makes the training. The random generators were begun from the seed. It gets the results of the runs
            that are finished, by their names.
        needs: the runs whose results it uses. The others may be trained before it, after it or meanwhile.
    """

    name: str
    epochs: int
    begin: Callable[[Mapping[str, Mapping[str, Any]]], Training]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What one seed of an experiment trains, on which data (in words, with their sizes)."""

    data: str
    runs: tuple[Run, ...]


def experiment_names() -> list[str]:
    """The names of all experiments."""
    return sorted(module.name for module in pkgutil.iter_modules(experiments.__path__))


def experiment(name: str) -> ModuleType:
    """The module of an experiment.

    Raises:
        AutograderError: if there is none of this name; it lists those there are.
    """
    if name not in experiment_names():
        raise AutograderError(
            f"there is no experiment {name!r}; expected one of {', '.join(experiment_names())}. "
            "`python -m authoring.recording` lists them with what is recorded."
        )
    return importlib.import_module(f"{experiments.__name__}.{name}")


def is_stepwise(module: ModuleType) -> bool:
    """True if an experiment trains epoch by epoch, with a checkpoint after each."""
    return hasattr(module, "plan")
