"""Replays follow the closed form of a linear classifier."""

from __future__ import annotations

import numpy as np
import pytest

from workbook.linear_classifier import random_images
from workbook.reference.pipeline import LinearTwin, descend
from workbook.training_replay import linear_network, replay


@pytest.mark.parametrize("accumulate", [False, True])
def test_a_replay_is_a_descent(accumulate: bool) -> None:
    twin, (images, labels) = LinearTwin.random(5), random_images(12, 6)
    batches = [(images[i : i + 4], labels[i : i + 4]) for i in range(0, 12, 4)]
    network, start = linear_network(64, 10), (twin.weight, twin.bias)
    expected = descend(twin, images, labels, 4, 0.3, accumulate=accumulate)
    for _ in range(2):  # nothing is left of an earlier run
        run = replay(network, start, batches, 0.3, accumulate=accumulate)
        np.testing.assert_allclose(run.losses, expected.losses, rtol=1e-5)
        np.testing.assert_allclose(run.later_losses, expected.later_losses, rtol=1e-5)
        np.testing.assert_allclose(run.parameters[0], expected.twin.weight, rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(run.parameters[1], expected.twin.bias, rtol=1e-4, atol=1e-6)


def test_scale_and_momentum_lengthen_steps() -> None:
    twin, (images, labels) = LinearTwin.random(7), random_images(8, 8)
    batches = [(images[:4], labels[:4]), (images[4:], labels[4:])]

    def moved(**how: float) -> list[float]:
        run = replay(linear_network(64, 10), (twin.weight, twin.bias), batches, 0.1, **how)
        return [float(np.linalg.norm(run.parameters[0] - twin.weight)), float(run.losses[0])]

    plain = moved()
    assert moved(momentum=0.9)[0] > 1.2 * plain[0]
    assert moved(scale=2.0)[1] == pytest.approx(2 * plain[1])
