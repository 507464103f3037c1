"""What an evaluation of the classifier may give that a student's own loop has trained: losses, and averages of them.

Students get this module: the weights after a study in a random order depend on the student's own code, so no value of
that evaluation can be recorded. The loop that trains and measures, which the exercise asks for, is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import log_softmax

from workbook.chapter11.inputs import State
from workbook.linear_classifier import Array, Labels

_EVALUATION_BATCHES = (32, 50, 64, 100, 128, 200, 250, 256)


def losses_of(state: State, images: Array, labels: Labels) -> Array:
    """The cross-entropy (N,) of each image in evaluation mode, from the arrays of a classifier of normalised pixels."""
    pixels = images.reshape(len(images), -1)
    normal = (pixels - state["1.running_mean"]) / np.sqrt(state["1.running_var"] + 1e-5)
    normal = normal * state["1.weight"] + state["1.bias"]
    logits = normal @ state["2.weight"].T + state["2.bias"]
    return np.asarray(-log_softmax(logits, axis=1)[np.arange(len(labels)), labels], dtype=np.float64)


def wrong_averages(values: Array, batch_size: int) -> Iterator[tuple[str, float]]:
    """Averages (name of the mistake, value) that were put together in the wrong way.

    Args:
        values: the loss of each image, or 1 where it is right, in the order of the data.
        batch_size: of the training; evaluations may have batches of another size.
    """
    yield "summed-not-averaged", float(values.sum())
    yield "percent", float(100 * values.mean())
    for size in sorted({batch_size, *_EVALUATION_BATCHES}):
        parts = [values[start : start + size] for start in range(0, len(values), size)]
        whole = len(values) // size * size
        means = np.array([part.mean() for part in parts])
        if 0 < whole < len(values):
            yield "last-batch-dropped", float(values[:whole].mean())
            yield "last-batch-dropped", float(values[:whole].sum() / len(values))
            yield "mean-of-batch-means", float(means.mean())
            yield "last-batch-only", float(means[-1])
        yield "summed-not-averaged", float(means.sum())
        yield "summed-not-averaged", float(values.sum() / len(parts))
        yield "divided-by-the-wrong-count", float(means.sum() / len(values))
