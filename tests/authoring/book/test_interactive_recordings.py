"""What interactive figures record of real runs."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from authoring.book import interactive_recordings
from authoring.book.interactive_recordings import record_pretrained_top_five, record_xor_training, recorded_data
from autograder.course import Course
from tests.support.interactive import call
from workbook.data.xor import xor_blobs


@pytest.fixture(scope="module")
def xor() -> dict[str, Any]:
    return record_xor_training()


def numpy_outputs(name: str, parameters: list[float], x: np.ndarray) -> np.ndarray:
    W, b, V, c = np.split(np.array(parameters), [8, 12, 16])
    f = {"tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "relu": lambda z: np.maximum(z, 0)}[name]
    return 1 / (1 + np.exp(-(f(x @ W.reshape(2, 4) + b) @ V.reshape(4, 1) + c)))


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "relu"])
def test_recorded_losses_and_accuracies_belong_to_the_recorded_parameters(xor: dict[str, Any], name: str) -> None:
    x_train, y_train, x_val, y_val = xor_blobs()
    run = xor["runs"][name]
    assert run["epochs"][0] == 0 and run["epochs"][-1] == 1000
    for parameters, loss, accuracy in zip(run["parameters"], run["losses"], run["accuracies"], strict=True):
        assert np.mean((numpy_outputs(name, parameters, x_train) - y_train) ** 2) == pytest.approx(loss, rel=1e-3)
        right = (numpy_outputs(name, parameters, x_val) > 0.5) == y_val
        assert np.mean(right) == pytest.approx(accuracy, abs=0.011)  # one point may lie on the boundary


def test_the_recorded_run_begins_with_the_chapters_weights_and_learns(xor: dict[str, Any]) -> None:
    first = np.random.default_rng(0).standard_normal((2, 4)).ravel()
    for name, run in xor["runs"].items():
        np.testing.assert_allclose(run["parameters"][0][:8], first, rtol=1e-5)
        assert run["losses"][-1] < 0.05 and run["accuracies"][-1] > 0.95, name


def test_the_page_computes_the_networks_output_from_the_parameters(xor: dict[str, Any]) -> None:
    points = np.array([[0.0, 0.0], [1.2, -0.7], [-2.0, 1.9]])
    for name, run in xor["runs"].items():
        made = [call("xor_training", "output", run["parameters"][-1], name, *point) for point in points.tolist()]
        np.testing.assert_allclose(made, numpy_outputs(name, run["parameters"][-1], points).ravel(), rtol=1e-9)


def test_a_recording_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setitem(interactive_recordings.RECORDED, "xor_training", lambda: made.append(1) or {"n": len(made)})
    course = Course(tmp_path)
    assert recorded_data(course, "xor_training") == recorded_data(course, "xor_training") == {"n": 1}
    assert list((tmp_path / "build" / "interactive").glob("xor_training-*.json"))


@pytest.mark.slow
def test_networks_answer_as_in_the_chapter() -> None:
    made = record_pretrained_top_five()
    assert len(made["photographs"]) == 8
    for photograph in made["photographs"]:
        kind, _, data = photograph["picture"].partition(",")
        picture = Image.open(io.BytesIO(base64.b64decode(data)))
        assert kind == "data:image/jpeg;base64" and picture.size == (210, 210)
        for network in made["networks"]:
            shares = [p for _, p in made["answers"][network["name"]][photograph["name"]]]
            assert len(shares) == 5 and shares == sorted(shares, reverse=True) and 0 < sum(shares) <= 1
    coffee, clock = (made["answers"]["efficientnet_lite0"][name][0] for name in ("coffee", "clock"))
    assert coffee[0] == "espresso" and coffee[1] == pytest.approx(0.95, abs=0.01)
    assert clock[0] == "bubble" and clock[1] == pytest.approx(0.57, abs=0.01)
