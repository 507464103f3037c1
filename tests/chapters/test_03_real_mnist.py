"""Chapter 03's solution on the real MNIST, where it is next to this checkout."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from autograder.notebook.cells import by_grade_id, cell_info
from tests.conftest import ROOT
from tests.support.inprocess import read_chapter

SHARED = ROOT.parent / "shared" / "data"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (SHARED / "mnist").is_dir(), reason="../shared/data/mnist is not beside this checkout"),
]


def definitions():
    """What the chapter's given and solution cells define, with the chapter's data from the real MNIST."""
    names = {"__name__": "__main__"}
    for cell in by_grade_id(read_chapter("03_digits_mlp")).values():
        if cell_info(cell).kind in ("given", "solution"):
            exec(compile(cell.source, cell_info(cell).grade_id, "exec"), names)
    return names


def test_sixteen_hidden_units_reach_90_percent_on_mnist(monkeypatch, capsys):
    monkeypatch.setenv("WORKBOOK_DATA", str(SHARED))
    monkeypatch.delenv("WORKBOOK_EMBEDDED", raising=False)
    monkeypatch.delenv("WORKBOOK_SCALE", raising=False)
    names = definitions()
    assert "MNIST from WORKBOOK_DATA" in capsys.readouterr().out
    model = names["MLP"]([785, 16, 10], np.random.default_rng(0))
    with threadpool_limits(limits=1):
        model.train(
            names["X_train"], names["y_train"], names["X_val"], names["y_val"],
            batch_size=8, epochs=25, learning_rate=1.0,
        )  # fmt: skip
    assert len(names["X_train"]) == 12_000
    assert model.val_acc[-1] >= 0.90
    assert np.median(model.val_acc[-10:]) >= 0.90
