"""Checks of chapter 07: data set, network, training loop and evaluation together learn to read digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import (
    CheckFailed,
    ReferenceMissing,
    call,
    explained,
    network,
    passed,
    require,
    scalar,
    student_side,
)
from autograder.testing.answers import live_answers
from autograder.testing.connection import current
from workbook.chapter07.network_checks import pixel_factor
from workbook.linear_classifier import Array, Labels

Function = Callable[..., Any]
_FIRST = "fix its own check first."


@explained
def pipeline(
    Digits: Function, SimpleCNN: Function, train: Function, evaluate: Function,
    training: tuple[Array, Labels], testing: tuple[Array, Labels],
) -> None:  # fmt: skip
    """Check that the four parts together learn to read digits."""
    learns(Digits, SimpleCNN, train, evaluate, training, testing, seed=0)
    passed("The pipeline", "at least 95 % of the test images")


def learns(
    Digits: Function, SimpleCNN: Function, train: Function, evaluate: Function,
    training: tuple[Array, Labels], testing: tuple[Array, Labels], seed: int,
) -> None:  # fmt: skip
    """Train with Adam at 1e-3 and batches of 100 until 95 % of the test images are right, for at most 60 epochs.

    ``evaluate`` has to say the share that is right, as :func:`_classes` gives it, before training, too.
    """
    torch = student_side.torch
    torch.manual_seed(seed)
    DataLoader = torch.utils.data.DataLoader
    loader = call(DataLoader, call(Digits, *training), batch_size=100, shuffle=True)
    tested = call(Digits, *testing)
    held_out = call(DataLoader, tested, batch_size=len(testing[1]))  # a mean of batch means is right here
    images = testing[0][:, None] * pixel_factor(tested, testing[0])
    model = network(call(SimpleCNN), "SimpleCNN()")
    optimizer = call(torch.optim.Adam, model.parameters(), lr=1e-3)
    loss_function = torch.nn.CrossEntropyLoss()
    losses, scores = [], [_agreed_accuracy(evaluate, model, held_out, images, testing[1])]
    for number in range(1, 61):
        loss = call(train, model, loader, optimizer, loss_function)
        losses.append(scalar(loss, "train_one_epoch(…)", _FIRST, "not-a-number"))
        require(np.isfinite(losses[-1]), f"the training loss is {losses[-1]} after {number} epochs.")
        if number % 10 == 0:
            scores.append(_agreed_accuracy(evaluate, model, held_out, images, testing[1]))
            if scores[-1] >= 0.95:
                return
    raise CheckFailed(
        f"after 60 epochs the training loss is {losses[-1]:.3g} and {max(scores):.3g} of the test images are right at "
        "best; expected at least 0.95.",
        "fix the exercises whose checks fail first. If all pass, print the loss of each epoch: does it fall?",
        "does-not-learn",
    )


def _agreed_accuracy(evaluate: Function, model: Any, held_out: Any, images: Array, labels: Labels) -> float:
    """The model's accuracy, after a look at what ``evaluate`` says of it."""
    claimed = scalar(call(evaluate, model, held_out), "evaluate(…)", _FIRST, "not-a-number")
    require(
        claimed <= 1,
        f"evaluate gives {claimed:.4g} on the test images; expected a fraction.",
        "an accuracy is a fraction between 0 and 1; only figures show percent.",
        "percent",
    )
    shares = [float(np.mean(answer == labels)) for answer in _classes(model, images)]
    # Rounding may turn a close decision.
    near = [share for share in shares if abs(share - claimed) <= 2.01 / len(labels)]
    require(
        bool(near),
        f"evaluate gives {claimed:.4g} on the test images; by the model itself it is {max(shares):.4g}.",
        "fix SimpleCNN and evaluate until their own checks pass.",
    )
    return max(near)


def _classes(model: Any, images: Array) -> NDArray[np.int64]:
    """The classes (K, N) that a network gives; several rows where it has a slip, which costs points in its own test.

    A grader computes them from the network's arrays: what the network returns could come from a table. A notebook has
    no reference for that and asks the network.
    """
    answered = student_side.outputs(model, images)
    shape = len(images), 10
    require(answered.shape == shape, f"the network's outputs have shape {answered.shape}; expected {shape}.", _NETWORK)
    state = student_side.state_arrays(model)
    found = live_answers("workbook.chapter07.reference.networks:classes", (state, images, answered.argmax(axis=1)), {})
    if found is None and current() is not None:
        raise ReferenceMissing("the network cannot be judged: workbook.chapter07.reference is not installed.")
    classes = answered.argmax(axis=1)[None] if found is None else np.asarray(found.right)
    require(
        _layers_of_the_text(state) and len(classes) > 0,
        "the layers are not two convolutions and a linear layer, as in the text.",
        _NETWORK,
        "wrong-layers",
    )
    return classes


def _layers_of_the_text(state: dict[str, NDArray[Any]]) -> bool:
    """Whether these are the arrays of two convolutions in a row and a linear layer, of whatever sizes."""
    axes = sorted(array.ndim for array in state.values() if array.ndim != 1)
    kernels = sorted((array.shape for array in state.values() if array.ndim == 4), key=lambda shape: shape[1])
    return axes == [2, 4, 4] and kernels[0][1] == 1 and kernels[1][1] == kernels[0][0]


_NETWORK = "fix SimpleCNN until its own check passes."
