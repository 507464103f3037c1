"""Checks of chapter 08's ``train_and_record``: modes, gradients, and noise on the inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Case, Quantity, passed, require, scalar, student_side
from workbook.chapter08.inputs import Task
from workbook.chapter08.record_checks import trained, weights
from workbook.linear_classifier import LinearClassifier, follows, normalised_logits
from workbook.training_replay import linear_network, replay

Function = Callable[..., Any]
# The visible case: the task, and the seed of the classifier.
_MODES = (Task(140), 141)
_GRADIENT = Quantity(
    "workbook.chapter08.reference.recorded_training:train_mode_gradient",
    {},
    [Case("the gradient in training mode", (*_MODES[0].key, _MODES[1]))],
)


def train_and_record_modes(function: Function) -> None:
    """Check modes and gradients on a model with batch normalisation."""
    modes(function, *_MODES)
    first_layer(function, Task(162, batches=3, epochs=1))
    passed("train_and_record, modes", "a model with batch normalisation: every pass in the right mode")


def first_layer(function: Function, task: Task) -> None:
    """Require the weight of the first Linear or Conv2d where it is inside a module and not the first parameter."""
    nn = student_side.torch.nn
    channels, rows, columns = task.train[0].shape[1:]
    inner = nn.Sequential(nn.BatchNorm2d(channels), nn.Conv2d(channels, 2, 3), nn.ReLU())
    module = nn.Sequential(inner, nn.Flatten(), nn.Linear(2 * (rows - 2) * (columns - 2), 10))
    got = trained(function, task, module)
    weights(got["weights"], student_side.state_arrays(module), "0.1.weight")


def modes(function: Function, task: Task, seed: int) -> None:
    """Look at every forward pass: training images in training mode, the others in evaluation mode, untracked."""
    classifier = LinearClassifier.random(seed, normalised=True)
    module = classifier.module()
    module.eval()
    seen = student_side.ForwardPasses(module, inputs=True)
    got = trained(function, task, module)
    passes = seen.read()
    held_out = [entry for entry in passes if not _is_part(entry["inputs"], task.train[0])]
    training = [entry for entry in passes if _is_part(entry["inputs"], task.train[0]) and entry["tracked"]]
    require(
        not any(entry["training"] for entry in held_out),
        "validation or test images went through the model in training mode.",
        "its batch normalisation then uses the mean and variance of whatever batch comes along, and takes them into "
        "its running averages. How do you tell a module that it is being used, not trained?",
        "accuracy-in-train-mode",
    )
    wrong = [number for number, entry in enumerate(training) if not entry["training"]]
    require(
        not wrong,
        f"{len(wrong)} of {len(training)} training batches went through the model in evaluation mode, the first in "
        f"step {wrong[0] + 1 if wrong else 0}.",
        "the mode stays as it was set last. Set it before the model is trained, and again after each evaluation.",
        "trained-in-eval-mode",
    )
    require(
        not any(entry["tracked"] for entry in held_out),
        "gradients are tracked for validation or test images.",
        "nothing is learned from them. There is a context manager that spares the memory and the time.",
        "gradients-tracked",
    )
    used = sum(len(entry["inputs"]) for entry in held_out if _is_part(entry["inputs"], task.test[0]))
    require(
        used <= len(task.test[0]),
        f"the {len(task.test[0])} test images were shown {used // len(task.test[0])} times.",
        "they are for one number at the end. A curve on the test images invites you to choose by it.",
        "test-images-during-training",
    )
    state = student_side.state_arrays(module)
    weights(got["weights"], state, "2.weight")
    _used_as_recorded(got, task, seed, state)


def _used_as_recorded(got: dict[str, Any], task: Task, seed: int, state: dict[str, NDArray[Any]]) -> None:
    """Require what the modes do: weights that moved in training mode, and the accuracy that they have afterwards."""
    before, gradient = LinearClassifier.random(seed).weight, np.asarray(_GRADIENT.answers(*task.key, seed).right)
    require(
        follows(before, state["2.weight"], gradient),
        "the weights have not moved along the gradients that the training batches have in training mode.",
        "set the mode before the model is trained, and again after each evaluation; then loss, gradient, step.",
        "trained-in-eval-mode",
    )
    right = normalised_logits(state, task.test[0], own_statistics=False).argmax(axis=1) == task.test[1]
    parts = [right[i : i + task.held_out_batch].mean() for i in range(0, len(right), task.held_out_batch)]
    claimed = scalar(got["test_acc"], "test_acc")
    # Rounding may turn a close decision. An average of another kind costs points in its own test.
    near = [v for v in (right.mean(), np.mean(parts), 100 * right.mean()) if abs(claimed - v) <= 1.01 * max(1, v) / 16]
    require(
        bool(near),
        f"test_acc is {claimed:.4g}; the model as it is after training has {right.mean():.4g} in evaluation mode.",
        "take the accuracy on the test images once, after the last step, in evaluation mode.",
    )


def _is_part(batch: NDArray[Any], images: NDArray[Any]) -> bool:
    """True where the first image of the batch is one of these, up to float32."""
    return bool(np.abs(images - batch[0]).reshape(len(images), -1).max(axis=1).min() < 1e-5)


def input_noise(function: Function) -> None:
    """Check that noise of 0.3 reaches training images only, and anew in each epoch."""
    noise(function, Task(150, batches=5, batch_size=8, epochs=4), seed=151, size=0.3)
    passed("train_and_record, noise", "Gaussian, of the given size, new in each epoch, on training images only")


def noise(function: Function, task: Task, seed: int, size: float) -> None:
    """Compare what the model saw with what the loaders gave."""
    classifier = LinearClassifier.random(seed)
    module = classifier.module()
    seen = student_side.ForwardPasses(module, inputs=True)
    student_side.torch.manual_seed(seed)  # the same noise each time, so that the message says the same
    trained(function, task, module, noise=size)
    passes = seen.read()
    training = [entry["inputs"] for entry in passes if entry["tracked"]]
    require(
        len(training) == task.steps,
        f"{len(training)} forward passes tracked gradients in {task.steps} steps.",
        "a step needs one: loss and training accuracy come from the same logits. Validation needs none.",
        "passes-and-steps-differ",
    )
    clean = np.concatenate([task.batch(step)[0] for step in range(len(training))])
    added = np.concatenate(training) - clean
    spread, mean = float(added.std()), float(added.mean())
    require(
        spread > 1e-4, f"with input_noise={size} the images have no noise.", "the argument is not used.", "no-noise"
    )
    require(
        abs(mean) < 0.2 * size,
        f"the noise has mean {mean:.3f}; expected 0.",
        "noise that is never negative makes images brighter. Draw from a normal distribution.",
        "noise-not-centred",
    )
    batches = np.split(added, len(training))
    require(
        max(float(np.ptp(batch)) for batch in batches) > 1e-4,
        "all pixels of a batch get the same number added.",
        "draw a number for each pixel: torch.randn_like(images) has the shape of the images.",
        "one-number-for-all",
    )
    dark = np.abs(clean) < 0.1 * np.abs(clean).max()
    require(
        float(added[dark].std()) > 0.5 * spread,
        "pixels near 0 get less noise than others.",
        "the noise was multiplied by the image. Add it: every pixel gets noise of the same size.",
        "noise-times-image",
    )
    require(
        abs(spread - size) < 0.08 * size,
        f"the noise has standard deviation {spread:.3f}; expected {size}.",
        "input_noise is the standard deviation of Gaussian noise, not its variance and not the width of a uniform one.",
        "noise-of-another-size",
    )
    per_epoch = len(task.train[0])
    epochs = added.reshape(-1, per_epoch, *added.shape[1:])
    require(
        len(epochs) < 2 or not np.allclose(epochs[0], epochs[1], atol=1e-4),
        "each image gets the same noise in every epoch.",
        "noise that stays the same is only another training set. Draw it for each batch.",
        "noise-drawn-once",
    )
    clean_parts = (task.val[0], task.test[0])
    held_out = [entry["inputs"] for entry in passes if not entry["tracked"]]
    require(
        all(any(_is_part(batch, part) for part in clean_parts) for batch in held_out),
        "validation or test images have noise on them.",
        "the noise belongs to training only.",
        "noise-in-evaluation",
    )
    _trained_on(np.concatenate(training), task, classifier, student_side.state_arrays(module)["1.weight"])


def _trained_on(images: NDArray[Any], task: Task, classifier: LinearClassifier, after: NDArray[Any]) -> None:
    """Require the weights that training on these images leaves, with gradients that are cleared or not."""
    parts = np.split(images, task.steps)
    batches = [(part, task.batch(step)[1]) for step, part in enumerate(parts)]
    start = classifier.weight, classifier.bias
    runs = [replay(linear_network(64, 10), start, batches, task.rate, accumulate=piled) for piled in (False, True)]
    require(
        any(np.allclose(after, run.parameters[0], rtol=1e-2, atol=1e-3) for run in runs),
        "the weights after training are not those that the noisy images lead to.",
        "the model has to be trained on the images with noise. Does train_and_record pass its first check?",
    )
