"""Checks of chapter 07: data set, network, training loop and evaluation together learn to read digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, call, network, passed, require, scalar, student_side
from workbook.chapter07.network_checks import network_answers, pixel_factor
from workbook.reference.pipeline import Array, Labels

Function = Callable[..., Any]
_FIRST = "fix its own check first."


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

    The share that is right is computed here, from the model's weights. ``evaluate`` has to say the same, before
    training, too.
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
    """The model's accuracy, computed from its weights, after a look at what ``evaluate`` says of it."""
    claimed = scalar(call(evaluate, model, held_out), "evaluate(…)", _FIRST, "not-a-number")
    require(
        claimed <= 1,
        f"evaluate gives {claimed:.4g} on the test images; expected a fraction.",
        "an accuracy is a fraction between 0 and 1; only figures show percent.",
        "percent",
    )
    answers = network_answers(model, images)
    shares = [float(np.mean(answer == labels)) for answer in answers]
    # Rounding may turn a close decision.
    near = [share for share in shares if abs(share - claimed) <= 2.01 / len(labels)]
    require(
        bool(near),
        f"evaluate gives {claimed:.4g} on the test images; by the model's weights it is {max(shares):.4g}.",
        "fix SimpleCNN and evaluate until their own checks pass.",
    )
    return max(near)
