"""Checks of dropout in chapter 11's ``build_vgg11``: all activations are set to 1, so that the logits show it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import passed, require, student_side
from workbook.chapter11.inputs import dropout_probe
from workbook.chapter11.network_checks import IN_EVALUATION, WIDTH, as_planned, built, forward_failure, new_network

Function = Callable[..., Any]
_SHARE_TOLERANCE = 0.15


def dropout(build: Function) -> None:
    """Check where dropout acts in training mode, with probability 0.5, and that it is silent in evaluation mode."""
    dropped(build, 0.5)
    dropped(build, 0.25)
    dropped(build, 0.0, batch_norm=False)
    passed("build_vgg11, dropout", "after both hidden layers, in training mode only, for 0.5, 0.25 and 0")


def dropped(build: Function, probability: float, width: float = WIDTH, count: int = 96, **options: Any) -> None:
    """Set all activations to 1 and read off the logits what dropout did on the way."""
    given = {} if probability == 0.5 else {"dropout": probability}  # 0.5 is the default
    model = new_network(build, width=width, **given, **options)
    state = student_side.state_arrays(model)
    if not as_planned(state, width, options.get("batch_norm", True)):
        built(build, width, dropout=probability, **options)
    student_side.torch.manual_seed(113)

    def seen(place: str, training: bool = True) -> NDArray[Any]:
        student_side.load_arrays(model, dropout_probe(state, width, place))
        model.train(training)
        try:
            return student_side.outputs(model, np.zeros((count, 1, 32, 32)))
        except Exception as error:
            raise forward_failure("the model in training mode", error, width, (count, 1, 32, 32)) from None

    quiet = seen("chain", training=False)
    require(
        bool(np.allclose(quiet, quiet.mean())), "evaluation mode drops units.", IN_EVALUATION, "dropout-in-evaluation"
    )
    last = seen("logits")
    require(
        not _drops(last),
        "in training mode some logits are dropped.",
        "dropout stands behind the last layer. A logit that is set to 0 is a wrong answer, not a missing unit.",
        "dropout-after-last-layer",
    )
    require(
        bool(np.allclose(last, 1, atol=1e-4)),
        f"a bias of 1 in the last layer should give logits of 1; they are {last.flat[0]:.3g}.",
        "something follows the last layer. A network returns logits; the loss takes the softmax itself.",
        "softmax-in-model",
    )
    second, chain = seen("second"), seen("chain")
    if probability == 0:
        require(
            not _drops(chain),
            "build_vgg11(dropout=0.0) drops units in training mode.",
            "the argument dropout is not used.",
            "dropout-ignored",
        )
        return
    require(
        _drops(second) or _drops(chain),
        "the model gives the same answer each time in training mode: nothing is dropped.",
        "dropout is missing from the hidden layers.",
        "dropout-missing",
    )
    _amount(second if _drops(second) else chain, probability, _drops(second))
    _places(second, chain, probability)


def _drops(logits: NDArray[Any]) -> bool:
    return bool(np.any(np.abs(logits) < 1e-4))


def _amount(logits: NDArray[Any], probability: float, once: bool) -> None:
    """Judge the share of zeros and the size of the others, where a single dropout acts."""
    kept = float(np.median(np.abs(logits[np.abs(logits) > 1e-4])))
    if not once:
        return
    require(
        not math.isclose(kept, 1, rel_tol=1e-3),
        "units are dropped, and those that stay keep their size.",
        "the mean of an activation is lower in training mode than in evaluation mode. What makes up for it?",
        "dropout-not-scaled",
    )
    share = float(np.mean(np.abs(logits) < 1e-4))
    require(
        abs(share - probability) < _SHARE_TOLERANCE and math.isclose(kept, 1 / (1 - probability), rel_tol=1e-3),
        f"with dropout={probability:g} a share of {share:.2f} of the units is dropped.",
        "is the argument dropout used, and as the probability of dropping a unit?",
        "dropout-ignored",
    )


def _places(second: NDArray[Any], chain: NDArray[Any], probability: float) -> None:
    """Judge after how many of the layers, and after which, dropout acts."""
    kept = float(np.median(np.abs(chain[np.abs(chain) > 1e-4])))
    times = round(math.log(kept) / -math.log(1 - probability))
    whole_rows = float(np.mean(np.all(np.abs(chain) < 1e-4, axis=1)))
    # All ten logits come from the first feature: they vanish together if that one was dropped.
    together = (1 - (1 - probability) ** 2) ** len(chain[0])
    shared = whole_rows > (together + probability) / 2
    before = (not _drops(second) and times == 2) or times > 2 or (times == 2 and shared)
    require(
        not before,
        "dropout acts on the features that enter the first hidden layer.",
        "dropout belongs behind the activation of a hidden layer, once behind each of the two.",
        "dropout-before-the-layer",
    )
    require(
        times == 2,
        f"a signal through both hidden layers meets dropout {times} time(s); expected 2.",
        "there are two hidden layers, and dropout comes after each of them.",
        "dropout-once",
    )
