"""Checks of chapter 07: data set, network, training loop, evaluation and prediction in PyTorch.

Every PyTorch object is made next to the student's code through ``student_side``; what is judged is plain data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import (
    Mistake,
    call,
    compare,
    passed,
    require,
    scalar,
    student_side,
    suspect,
)
from autograder.testing.hint_display import Hints
from workbook.chapter07.network_checks import (
    digits,
    independent,
    items,
    logits,
    simple_cnn_forward,
    simple_cnn_layers,
)
from workbook.chapter07.pipeline_checks import learns, pipeline
from workbook.chapter07.reference.pipeline_mistakes import (
    EVAL_MODE,
    TRACKED,
    accuracy_mistakes,
    epoch_mistakes,
    loss_mistakes,
    probability_mistakes,
)
from workbook.reference.pipeline import Array, Labels, LinearTwin, descend, follows, is_training, random_images

# Used by the chapter's test cells.
__all__ = [
    "digits",
    "independent",
    "items",
    "learns",
    "logits",
    "pipeline",
    "random_images",
    "simple_cnn_forward",
    "simple_cnn_layers",
]

Function = Callable[..., Any]
_FLOAT32 = {"rtol": 1e-4, "atol": 1e-5}
_FIRST = "fix its own check first."


# --- train_one_epoch ------------------------------------------------------------------------------------------------


def train_one_epoch(function: Function) -> None:
    """Check weights and loss after one epoch, after two, and with another loss function, against a closed form."""
    epoch(function, seed=72, count=10, batch_size=4, rate=0.5)
    epoch(function, seed=83, count=5, batch_size=3, rate=0.2, epochs=2, smoothing=0.1)
    passed("train_one_epoch", "weights and loss of linear classifiers, uneven batches, two epochs, another loss")


def epoch(
    function: Function, seed: int, count: int, batch_size: int, rate: float, epochs: int = 1, smoothing: float = 0.0
) -> None:
    """Train a linear classifier with plain SGD and compare weights, then the mean loss, with a closed form."""
    twin, (images, labels) = LinearTwin.random(seed), random_images(count, seed + 1)
    module, torch = twin.module(), student_side.torch
    loader = student_side.array_loader(images, labels, batch_size)
    optimizer = torch.optim.SGD(module.parameters(), lr=rate)
    loss_function = torch.nn.CrossEntropyLoss(label_smoothing=smoothing)
    for number in range(1, epochs + 1):
        when = "one epoch" if epochs == 1 else f"epoch {number}"
        data = images, labels
        right = descend(twin, *data, batch_size, rate, smoothing=smoothing)
        accumulated = descend(twin, *data, batch_size, rate, smoothing=smoothing, accumulate=True)
        first = descend(twin, images[:batch_size], labels[:batch_size], batch_size, rate, smoothing=smoothing)
        plain = descend(twin, *data, batch_size, rate)
        got = call(function, module, loader, optimizer, loss_function)
        weight = student_side.state_arrays(module)["1.weight"]
        mistakes = epoch_mistakes(twin, right, accumulated, first, plain)
        compare(weight, right.twin.weight, f"the model's weight after {when}", **_FLOAT32, mistakes=mistakes)
        what = f"the returned loss of {when}"
        compare(got, right.mean_loss, what, **_FLOAT32, mistakes=loss_mistakes(right, plain))
        twin = right.twin


def trains_in_train_mode(function: Function, count: int = 12, batch_size: int = 4) -> None:
    """Hand over a model with batch normalisation in evaluation mode, and require that it is trained in train mode.

    The referee sees the mode by the weights: they move along the gradients of normalised batches. A loop that leaves
    them as they are has to return the loss in training mode.
    """
    twin, (images, labels) = LinearTwin.random(74, normalised=True), random_images(count, 75)
    module = twin.module()
    module.eval()
    loader = student_side.array_loader(images, labels, batch_size)
    optimizer = student_side.torch.optim.SGD(module[2].parameters(), lr=0.1)
    got = call(function, module, loader, optimizer, student_side.torch.nn.CrossEntropyLoss())
    state = student_side.state_arrays(module)
    seen = int(state["1.num_batches_tracked"])
    batches = -(-count // batch_size)
    require(
        seen in (0, batches),
        f"the model was trained on {seen} of {batches} batches.",
        "a return statement inside the loop ends it.",
        "first-batch-only",
    )
    require(
        seen == batches,
        f"a batch normalisation in the model has taken part in training for {seen} of {batches} batches.",
        EVAL_MODE,
        "trained-in-eval-mode",
    )
    _trained_on_batches(twin, state["2.weight"], got, (images, labels), batch_size)


def _trained_on_batches(
    twin: LinearTwin, after: Array, loss: Any, data: tuple[Array, Labels], batch_size: int
) -> None:  # fmt: skip
    if np.allclose(after, twin.weight, rtol=1e-5, atol=1e-7):
        # Batches of the same size: the mean of their means is the mean over images.
        right = twin.losses_in_train_mode(*data, batch_size).mean()
        hint = f"compute the loss of each batch, its gradient, and take a step. If in doubt, {_FIRST}"
        with suspect("no-update", hint):
            compare(loss, right, "no weight has changed; the returned loss", rtol=1e-2, atol=1e-3)
        return
    require(
        follows(twin.weight, after, twin.gradient_in_train_mode(*data, batch_size)),
        "the weights have not moved along the gradients that the batches have in training mode.",
        EVAL_MODE,
        "trained-in-eval-mode",
    )


def train_mode(function: Function) -> None:
    """Check that ``train_one_epoch`` trains a model that has just been evaluated."""
    trains_in_train_mode(function)
    passed("train_one_epoch", "a model with batch normalisation that comes in evaluation mode")


# --- evaluate and predict -------------------------------------------------------------------------------------------


def evaluate(function: Function) -> None:
    """Check ``evaluate`` for a model with batch normalisation, for several numbers of images and of right answers."""
    accuracy(function, seed=76, right=[1, 1, 1, 1, 1, 0, 1, 0], batch_size=3)
    accuracy(function, seed=85, right=[0] * 5, batch_size=2)
    accuracy(function, seed=86, right=[1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], batch_size=20)
    passed("evaluate", "images in batches of 3, 3 and 2, in one batch, none right, a model with batch normalisation")


def classified(seed: int, right: list[int]) -> tuple[LinearTwin, Array, Labels]:
    """A classifier with batch normalisation and as many images, of which it gets those right that are marked 1."""
    twin, (images, _) = LinearTwin.random(seed, normalised=True), random_images(len(right), seed + 1)
    labels = (twin.logits(images).argmax(axis=1) + 1 - np.array(right)) % 10
    return twin, images, labels


def accuracy(function: Function, seed: int, right: list[int], batch_size: int) -> None:
    """Compare ``evaluate`` with the share that is right; the model arrives in training mode."""
    twin, images, labels = classified(seed, right)
    module, loader = twin.module(), student_side.array_loader(images, labels, batch_size)
    passes = student_side.ForwardPasses(module)
    got = call(function, module, loader)
    mistakes = accuracy_mistakes(twin, images, labels, batch_size)
    compare(got, np.mean(right), "evaluate(model, loader)", rtol=1e-5, mistakes=mistakes)
    _untracked(passes, "evaluate")


def _untracked(passes: Any, name: str) -> None:
    tracked = [entry["tracked"] for entry in passes.read()]
    require(not any(tracked), f"{name} tracks gradients.", TRACKED, "gradients-tracked")


def mode_afterwards(function: Function) -> None:
    """Check that ``evaluate`` gives the model back in the mode in which it came."""
    mode_restored(function, training=True)
    mode_restored(function, training=False)
    passed("evaluate", "a model in training mode, a model in evaluation mode")


def mode_restored(function: Function, training: bool) -> None:
    """Require that the mode before and after ``evaluate`` is the same: what batch normalisation then does shows it.

    The mode of a model that nobody has used says nothing. So the accuracies of two data sets must be right, or wrong
    in a way that is recognised.
    """
    names = {True: "training", False: "evaluation"}
    for seed, right in _MODE_CASES:
        twin, images, labels = classified(seed, list(right))
        module = twin.module()
        module.train(training)
        got = call(function, module, student_side.array_loader(images, labels, 4))
        after = is_training(module, images)
        require(
            after == training,
            f"a model in {names[training]} mode is in {names[after]} mode after evaluate.",
            "whoever trains this model next trains it without Dropout and with frozen batch statistics, and no error "
            "says so. Note the mode before you change it."
            if training
            else "evaluate switches to training mode at its end, whatever the mode was before.",
            "left-in-eval-mode" if training else "mode-not-restored",
        )
        mistakes = [Mistake("", "", np.mean(right)), *accuracy_mistakes(twin, images, labels, 4)]
        share = scalar(got, "evaluate(model, loader)", _FIRST, "not-a-number")
        require(
            any(np.allclose(share, np.asarray(known.wrong), rtol=1e-4) for known in mistakes),
            f"evaluate gives {share:.4g} for {sum(right)} right answers of {len(right)}.",
            f"its mode counts only if the model was used. For evaluate, {_FIRST}",
        )


# Seven and ten images: no constant is the right accuracy of both, nor a recognised wrong one.
_MODE_CASES = ((78, (1, 0, 1, 1, 1, 0, 1)), (82, (0, 1, 0, 0, 0, 1, 0, 0, 0, 1)))


def predict(function: Function) -> None:
    """Check ``predict`` for a model with batch normalisation, images in batches of several sizes."""
    probabilities(function, seed=80, count=8, batch_size=3)
    probabilities(function, seed=87, count=4, batch_size=1)
    probabilities(function, seed=88, count=13, batch_size=20)
    passed("predict", "images in batches of 3, 3 and 2, one by one, in one batch; a model with batch normalisation")


def probabilities(function: Function, seed: int, count: int, batch_size: int) -> None:
    """Compare ``predict`` with the softmax of the twin's logits; the model arrives in training mode."""
    twin, images, labels = classified(seed, [1] * count)
    module, loader = twin.module(), student_side.array_loader(images, labels, batch_size)
    passes = student_side.ForwardPasses(module)
    got = call(function, module, loader)
    mistakes = probability_mistakes(twin, images, batch_size)
    compare(got, twin.probabilities(images), "predict(model, loader)", **_FLOAT32, mistakes=mistakes)
    _untracked(passes, "predict")


hint = Hints("workbook.chapter07")
