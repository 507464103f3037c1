"""Arrays that a student may return in place of the probabilities of a classifier, and what led to each."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from autograder.testing import Mistake

Array = NDArray[np.floating[Any]]


class TwoModes(Protocol):
    """A classifier with batch normalisation: what it computes in evaluation and in training mode."""

    def logits(self, images: Any) -> Any:
        """Logits (N, C) in evaluation mode."""

    def logits_in_train_mode(self, images: Any) -> Any:
        """Logits (N, C) of one batch in training mode."""


def wrong_probabilities(
    twin: TwoModes,
    images: Array,
    batch_size: int,
    *,
    logits_name: str,
    logits_hint: str,
    twice_hint: str,
    train_mode_name: str,
    train_mode_hint: str,
) -> list[Mistake]:
    """Answers that are no probabilities, or those of a model in the wrong mode, or not all of them.

    Args:
        logits_name, logits_hint, twice_hint, train_mode_name, train_mode_hint: what the chapter calls and says of a
            missing softmax, of two of them and of a model in training mode.
    """
    logits = twin.logits(images)
    right = softmax(logits, axis=1)
    starts = range(0, len(images), batch_size)
    noisy = np.concatenate([twin.logits_in_train_mode(images[i : i + batch_size]) for i in starts])
    over_batch = np.concatenate([softmax(logits[i : i + batch_size], axis=0) for i in starts])
    return [
        Mistake(logits_name, logits_hint, logits),
        Mistake("softmax-twice", twice_hint, softmax(right, axis=1)),
        Mistake("softmax-over-the-batch", _OVER_BATCH, over_batch),
        Mistake("softmax-over-the-batch", _OVER_BATCH, softmax(logits, axis=0)),
        Mistake("log-probabilities", "these are logarithms of probabilities.", log_softmax(logits, axis=1)),
        Mistake(train_mode_name, train_mode_hint, softmax(noisy, axis=1)),
        Mistake("sigmoid-not-softmax", _SIGMOID, 1 / (1 + np.exp(-logits))),
        Mistake("last-batch-only", LAST_BATCH, right[starts[-1] :]),
        Mistake("first-batch-only", _FIRST_BATCH, right[:batch_size]),
        Mistake("labels-not-probabilities", _LABELS, right.argmax(axis=1)),
    ]


LAST_BATCH = "only the last batch is in the result. What happens to the earlier ones at each turn of the loop?"
_FIRST_BATCH = "only the first batch is in the result. A return statement inside the loop ends it."
_OVER_BATCH = "the softmax runs over the images of a batch. It should run over the classes of one image."
_SIGMOID = "sigmoids do not sum to 1 along a row. The classes exclude each other."
_LABELS = "these are class numbers; return the probabilities of all classes."
