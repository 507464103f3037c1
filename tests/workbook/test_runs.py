"""Runs that are kept on disk come back as they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from workbook.runs import load_runs, load_state, save_run


def test_a_saved_run_comes_back(tmp_path: Path) -> None:
    model = nn.Linear(3, 2)
    weights = model.weight.detach().numpy()
    record = {"name": "mlp_1, Kaiming", "loss_curve": [np.float64(1.5)], "test_acc": 0.25, "weights": weights}
    path = save_run(tmp_path, record, model, seed=4)
    assert path.name == "mlp_1-Kaiming-seed-4.json"
    (run,) = load_runs(tmp_path)
    assert (run["name"], run["seed"], run["loss_curve"], run["test_acc"]) == ("mlp_1, Kaiming", 4, [1.5], 0.25)
    np.testing.assert_array_equal(run["weights"], weights)
    assert torch.equal(load_state(tmp_path, "mlp_1, Kaiming", 4)["weight"], model.weight)


def test_what_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no run 'x' of seed 0"):
        load_state(tmp_path, "x", 0)
    (tmp_path / "broken.json").write_text("[1, 2]")
    with pytest.raises(ValueError, match=r"broken\.json is not a saved run"):
        load_runs(tmp_path)
    with pytest.raises(TypeError, match="a Linear cannot be kept"):
        save_run(tmp_path, {"name": "x", "model": nn.Linear(1, 1)}, nn.Linear(1, 1), 0)


def test_a_run_without_a_model_is_its_numbers_alone(tmp_path: Path) -> None:
    path = save_run(tmp_path, {"name": "0.1, 0.01", "val_acc_epochs": [torch.tensor(0.25)]}, None, seed=1)
    assert list(tmp_path.iterdir()) == [path]
    assert load_runs(tmp_path) == [{"seed": 1, "name": "0.1, 0.01", "val_acc_epochs": [0.25]}]
