"""Chapter 03's class ``MLP`` judged by its behaviour: nothing but its methods and histories is read.

``evaluate`` on one sample under each label gives the sample's whole row of probabilities, since each loss is -ln p.
For a network without a hidden layer the rows at the origin and at the unit vectors give the weights away, up to a
constant in each row that the softmax does not see. So one step can be compared with PyTorch's optimizer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import CheckFailed, Mistake, arrays, call, compare, instance, require, scalar, unpacked
from workbook.chapter03.reference.digits_mistakes import last_batch_mistakes, shuffled_labels, step_mistakes
from workbook.chapter03.reference.digits_mlp import Labels, Twin, after_steps, mean_loss, some_labels

Array = NDArray[np.float64]
HISTORIES = ("train_loss", "train_acc", "val_loss", "val_acc", "train_time")


def new_model(MLP: Callable[..., Any], layer_sizes: Sequence[int], seed: int = 0) -> Any:
    """A model of the student's class."""
    model = call(MLP, list(layer_sizes), np.random.default_rng(seed))
    return instance(model, f"MLP({list(layer_sizes)}, rng)", "a model", "train", "predict", "evaluate")


def images(count: int, width: int, seed: int = 1) -> Array:
    """Random inputs (count, width) in [0, 1), without a column of ones."""
    return np.random.default_rng(seed).random((count, width))


def evaluated(model: Any, X: Array, y: Labels) -> tuple[float, float]:
    """What ``model.evaluate`` returns, as two numbers.

    Raises:
        CheckFailed: if it is not a pair of numbers, or if the model does not fit inputs without the column of ones.
    """
    got = _fitting(model.evaluate, X, y)
    got = got.tolist() if isinstance(got, np.ndarray) else got
    loss, accuracy = unpacked(got, 2, "evaluate(X, y)", "(loss, accuracy)", "return two numbers.", "pair-expected")
    return scalar(loss, "the loss of evaluate(X, y)"), scalar(accuracy, "the accuracy of evaluate(X, y)")


def _fitting(method: Callable[..., Any], *args: Any) -> Any:
    try:
        return call(method, *args)
    except CheckFailed as failure:
        if "matmul" not in failure.message and "not aligned" not in failure.message:
            raise
        raise CheckFailed(failure.message, _ONES, "bias-column-missing") from None


def probabilities_of(model: Any, X: Array, num_classes: int) -> Array:
    """The model's probabilities (N, C), from its losses: ``evaluate`` is asked for each sample and each label."""
    pairs = [[evaluated(model, row[None], np.array([label])) for label in range(num_classes)] for row in X]
    both: Array = np.exp(-np.array(pairs))
    p, swapped = both[..., 0], both[..., 1]
    require(
        np.allclose(p.sum(axis=1), 1) or not np.allclose(swapped.sum(axis=1), 1),
        "evaluate(X, y) is (accuracy, loss); expected (loss, accuracy).",
        "both are there, but in the wrong order.",
        "swapped-return",
    )
    worst = float(p.sum(axis=1)[np.argmax(np.abs(p.sum(axis=1) - 1))])
    require(
        abs(worst - 1) < 1e-6,
        f"the probabilities of one sample, exp(-loss) under each label, sum to {worst:.4g}; expected 1.",
        "the loss is the mean of -ln p over the samples, with p from a softmax over the classes.",
        "loss-is-no-cross-entropy",
    )
    return p


def untrained(model: Any, X: Array, y: Labels, num_classes: int) -> None:
    """Check ``predict`` and ``evaluate`` against each other for a model that is not trained."""
    p = probabilities_of(model, X, num_classes)
    labels = _fitting(model.predict, X)
    require(
        arrays([labels], "predict(X)")[0].shape != p.shape,
        f"predict(X) has shape {p.shape}; expected {y.shape}.",
        "predict returns one label for each sample: the class with the largest probability.",
        "probabilities-not-labels",
    )
    best = p.argmax(axis=1)
    compare(
        labels, best, "predict(X)",
        mistakes=[
            Mistake("counts-from-one", "labels start at 0.", best + 1),
            Mistake("least-likely-class", "this is the class with the smallest probability.", p.argmin(axis=1)),
        ],
    )  # fmt: skip
    loss, accuracy = evaluated(model, X, y)
    right = mean_loss(p, y)
    compare(
        loss, right, "the loss of evaluate(X, y)", rtol=1e-6,
        mistakes=[Mistake("loss-not-divided", "this is a sum over the samples, not their mean.", right * len(y))],
    )  # fmt: skip
    share = float(np.mean(best == y))
    compare(
        accuracy, share, "the accuracy of evaluate(X, y)", rtol=1e-6,
        mistakes=[
            Mistake("percent", "an accuracy is a fraction between 0 and 1.", 100 * share),
            Mistake("error-not-accuracy", "this is the share of wrong predictions.", 1 - share),
            Mistake("count-not-fraction", "this is a number of samples; divide by how many there are.", share * len(y)),
        ],
    )  # fmt: skip


def bias_works(model: Any, width: int, num_classes: int) -> None:
    """Require that a black image does not leave all classes equally likely in a network without hidden layer."""
    p = probabilities_of(model, np.zeros((1, width)), num_classes)
    require(
        not np.allclose(p, 1 / num_classes),
        "for an input of zeros all classes are equally likely, whatever the weights.",
        _ONES,
        "bias-column-missing",
    )


def linear_weights(model: Any, width: int, num_classes: int) -> Array:
    """The weights (width + 1, C), bias last, of a model without hidden layer, up to a constant in each row."""
    p = np.log(probabilities_of(model, np.concatenate([np.eye(width), np.zeros((1, width))]), num_classes))
    return np.concatenate([p[:-1] - p[-1], p[-1:]])


def one_step(model: Any, X: Array, y: Labels, num_classes: int, rate: float) -> None:
    """Train a model without hidden layer for one epoch of one batch and compare with one step of torch.optim.SGD."""
    after = _after(model, X, y, num_classes, rate)
    train_on(model, X, y, batch_size=len(y), epochs=1, rate=rate)
    got = probabilities_of(model, X, num_classes)
    mistakes = step_mistakes(after, rate, len(y))
    mistakes.append(shuffled_labels(lambda order: after([1.0], order), y, got))
    compare(got, after([1.0]), "probabilities after one step", rtol=1e-5, mistakes=mistakes)


def uneven_batches(model: Any, num_classes: int, rate: float, full: int, size: int, rest: int) -> None:
    """Train on copies of one sample, whose order does not matter, in ``full`` batches and a smaller last one."""
    X = np.repeat(images(1, 3), full * size + rest, axis=0)
    y = np.full(len(X), num_classes - 1)
    after = _after(model, X, y, num_classes, rate)
    train_on(model, X, y, batch_size=size, epochs=1, rate=rate)
    got = probabilities_of(model, X[:1], num_classes)
    wrong = [Mistake(m.name, m.hint, np.asarray(m.wrong)[:1]) for m in last_batch_mistakes(after, full, rest / size)]
    compare(got, after([1.0] * (full + 1))[:1], "probabilities after one epoch", rtol=1e-5, mistakes=wrong)


def _after(model: Any, X: Array, y: Labels, num_classes: int, rate: float) -> Callable[..., Array]:
    """What the model's probabilities of X should be after steps on all of X, by scales of the rate (and labels)."""
    weights = [linear_weights(model, X.shape[1], num_classes)]
    batch = np.column_stack([X, np.ones(len(X))])

    def after(scales: Sequence[float], labels: Labels = y) -> Array:
        return Twin.of(batch, after_steps(batch, labels, weights, rate, scales)).probabilities()

    return after


def hidden_step(
    MLP: Callable[..., Any], init: Callable[..., Any], layer_sizes: Sequence[int], rate: float, seed: int
) -> None:
    """Compare one step of a deeper network with PyTorch's, if the model starts from ``init_weights``' own draw."""
    X, y = images(9, layer_sizes[0] - 1, seed), some_labels(9, layer_sizes[-1], seed)
    model = new_model(MLP, layer_sizes, seed)
    weights = [np.asarray(w) for w in call(init, list(layer_sizes), np.random.default_rng(seed))]
    before = evaluated(model, X, y)[0]
    ones = np.ones((len(X), 1))
    for batch in (np.hstack([X, ones]), np.hstack([ones, X])):
        if np.isclose(Twin.of(batch, weights).loss(y), before):
            train_on(model, X, y, batch_size=len(y), epochs=1, rate=rate)

            def loss(scales: Sequence[float], batch: Array = batch) -> Array:
                return np.array(Twin.of(batch, after_steps(batch, y, weights, rate, scales)).loss(y))

            got = evaluated(model, X, y)[0]
            compare(got, loss([1.0]), "loss after one step", rtol=1e-6, mistakes=step_mistakes(loss, rate, len(y)))
            return


def histories(model: Any, epochs: int) -> None:
    """Train for some epochs and compare the last entries of the five histories with ``evaluate``."""
    X, y, X_val, y_val = images(30, 3), some_labels(30, 4), images(11, 3, 5), some_labels(11, 4, 6)
    started = time.perf_counter()
    train_on(model, X, y, batch_size=30, epochs=epochs - 1, rate=0.5, validation=(X_val, y_val))
    before = evaluated(model, X, y)
    train_on(model, X, y, batch_size=30, epochs=1, rate=0.5, validation=(X_val, y_val))
    elapsed = time.perf_counter() - started
    recorded = {name: _history(model, name) for name in HISTORIES}
    for name, entries in recorded.items():
        require(
            len(entries) in (1, epochs),
            f"{name} has {len(entries)} entries after {epochs} epochs; expected {epochs}.",
            "each epoch appends one entry to each history.",
            "history-length",
        )
    after = evaluated(model, X, y)
    for k, name in enumerate(("train_loss", "train_acc")):
        # A mean over the batches as they were seen is right, too; with one batch that is the value before the step.
        entry = recorded[name][-1]
        right = before[k] if np.isclose(entry, before[k], rtol=1e-6) else after[k]
        compare(entry, right, f"{name}[-1]", rtol=1e-6)
    for k, name in enumerate(("val_loss", "val_acc")):
        hint = "this is the value for the training data. The validation data have a history of their own."
        wrong = [Mistake("validation-is-training", hint, value[k]) for value in (after, before)]
        expected = evaluated(model, X_val, y_val)[k]
        compare(recorded[name][-1], expected, f"{name}[-1]", rtol=1e-6, mistakes=wrong)
    seconds = recorded["train_time"]
    require(
        not np.all(np.diff(seconds[:-1]) > 0),
        "train_time grows from each epoch to the next.",
        "an entry is the time of that epoch alone: start the clock anew in each epoch.",
        "cumulative-time",
    )
    require(
        min(seconds) >= 0 and sum(seconds) <= 2 * elapsed + 0.02,
        f"train_time sums to {sum(seconds):.3g}, but training took {elapsed:.3g} s in all.",
        "an entry is the time of that epoch in seconds.",
        "not-in-seconds",
    )


def _history(model: Any, name: str) -> list[float]:
    try:
        return [float(value) for value in getattr(model, name)]
    except AttributeError:
        raise CheckFailed(
            f"the model has no attribute {name}.", "the docstring names five histories.", "attribute-name"
        ) from None
    except (TypeError, ValueError):
        raise CheckFailed(f"{name} is not a list of numbers.", "append one number in each epoch.") from None


def ignores_validation(MLP: Callable[..., Any]) -> None:
    """Require that two equal models stay equal when only their validation labels differ."""
    X, y = images(12, 3), some_labels(12, 3)
    pair = [new_model(MLP, [4, 5, 3], seed=4) for _ in range(2)]
    if not np.isclose(evaluated(pair[0], X, y)[0], evaluated(pair[1], X, y)[0]):
        return  # the first weights do not come from the generator, which init_weights' own check says
    results = []
    for model, other in zip(pair, (y, (y + 1) % 3), strict=True):
        train_on(model, X, y, batch_size=12, epochs=3, rate=1.0, validation=(X, other))
        results.append(evaluated(model, X, y)[0])
    require(
        bool(np.isclose(results[0], results[1], rtol=1e-6)),
        f"the training loss is {results[0]:.4g} or {results[1]:.4g}, depending on the labels of the validation data.",
        "validation data are looked at and never trained on: no gradient may come from them.",
        "trained-on-validation",
    )


def learns(model: Any, X: Array, y: Labels, epochs: int, batch_size: int, rate: float, least: float) -> None:
    """Train on these samples and require an accuracy on them."""
    train_on(model, X, y, batch_size=batch_size, epochs=epochs, rate=rate)
    loss, accuracy = evaluated(model, X, y)
    require(
        accuracy >= least,
        f"after {epochs} epochs {100 * accuracy:.0f} % of the training samples are right (loss {loss:.3f}); "
        f"expected at least {100 * least:.0f} %.",
        "watch the loss of your model on a few samples: it has to fall towards 0. Do all layers move, for all batches?",
        "learns-too-little",
    )


def train_on(
    model: Any, X: Array, y: Labels, batch_size: int, epochs: int, rate: float, validation: Any = None
) -> None:
    """Call ``model.train``; without validation data the first two samples are given as such."""
    X_val, y_val = (X[:2], y[:2]) if validation is None else validation
    _fitting(model.train, X, y, X_val, y_val, batch_size, epochs, rate)


_ONES = (
    "layer_sizes[0] counts the column of ones, X comes without it. Append the column exactly once, in each method that "
    "takes X."
)
