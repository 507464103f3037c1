"""Chapter 04's networks on all drawn eyes: what depth, width, a penalty and fewer pictures do to the accuracies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

CHAPTER = "04_layers_and_solver"
UPDATES, EPOCHS = 640, 10


@dataclass(frozen=True)
class Setting:
    """One network and how it is trained.

    Attributes:
        network: the chapter's class, ``TwoLayerNet`` or ``FullyConnectedNet``.
        options: arguments of that class.
        rule: what the solver is given: ``"sgd"``, or the name of the chapter's function.
        recipe: further arguments of the solver.
        pictures: how many training pictures; None for all.
    """

    network: str
    options: Mapping[str, Any]
    rule: str = "sgd"
    recipe: Mapping[str, Any] = field(default_factory=lambda: TWO_LAYER)
    pictures: int | None = None


TWO_LAYER: Mapping[str, Any] = {"optim_config": {"learning_rate": 1e-3}, "lr_decay": 0.8, "batch_size": 50}
DEEPER: Mapping[str, Any] = {"optim_config": {"learning_rate": 1e-3}, "lr_decay": 0.9, "batch_size": 100}
LINEAR: Mapping[str, Any] = {"optim_config": {"learning_rate": 1e-6}, "lr_decay": 0.8, "batch_size": 100}
SETTINGS = {
    "linear classifier": Setting(
        "FullyConnectedNet", {"hidden_dims": [], "weight_scale": 1e-4}, "sgd_momentum", LINEAR
    ),
    "two layers, 64 units": Setting("TwoLayerNet", {"hidden_dim": 64}),
    "64 units, reg 1": Setting("TwoLayerNet", {"hidden_dim": 64, "reg": 1.0}),
    "64 units, reg 10": Setting("TwoLayerNet", {"hidden_dim": 64, "reg": 10.0}),
    "16 units": Setting("TwoLayerNet", {"hidden_dim": 16}),
    "64 units, 1000 pictures": Setting("TwoLayerNet", {"hidden_dim": 64}, pictures=1000),
    "100, 50": Setting("FullyConnectedNet", {"hidden_dims": [100, 50]}, "sgd_momentum", DEEPER),
    "100, 100, 100": Setting("FullyConnectedNet", {"hidden_dims": [100, 100, 100]}, "sgd_momentum", DEEPER),
}


def data(names: Mapping[str, Any]) -> str:
    """The data set in words."""
    train, val, test = (len(names[f"X_{part}"]) for part in ("train", "val", "test"))
    return f"{names['eyes'].source}: {train} training, {val} validation and {test} test images"


def run(names: dict[str, Any], seed: int) -> list[dict[str, Any]]:
    """Train every network once.

    Args:
        names: what the chapter's given and solution cells define.

    Returns:
        one dict for each network: ``name``, ``train_acc`` at the end, the best ``val_acc``, and ``test_acc`` of the
        parameters that had it.
    """
    return [{"name": name, **_trained(names, setting, seed)} for name, setting in SETTINGS.items()]


def _trained(names: dict[str, Any], setting: Setting, seed: int) -> dict[str, float]:
    part = slice(setting.pictures)
    data = {**names["gaze_data"], "X_train": names["X_train"][part], "y_train": names["y_train"][part]}
    model = _new(names, setting, seed)
    recipe = dict(setting.recipe)
    epochs = EPOCHS
    if setting.pictures is not None:
        # As many updates as with all pictures, and the same rate at each of them.
        epochs = UPDATES * recipe["batch_size"] // setting.pictures
        recipe["lr_decay"] **= EPOCHS / epochs
    rule = names.get(setting.rule, setting.rule)
    solver = names["Solver"](model, data, rule, num_epochs=epochs, verbose=False, **recipe)
    solver.train()
    test = names["check_accuracy"](model, names["X_test"], names["y_test"])
    return {"train_acc": solver.train_acc_history[-1], "val_acc": max(solver.val_acc_history), "test_acc": test}


def _new(names: dict[str, Any], setting: Setting, seed: int) -> Any:
    """A new network; the chapter's class for two layers draws its first weights from the chapter's generator."""
    if setting.network == "FullyConnectedNet":
        return names[setting.network](**setting.options, seed=seed)
    names["generator"] = np.random.default_rng(seed)
    return names[setting.network](**setting.options)
