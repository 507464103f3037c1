"""Checks of chapter 12's frozen features and new head, for networks whose heads have different names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from autograder.testing import CheckFailed, Mistake, call, compare, passed, require, student_side
from workbook.chapter12.inputs import random_images
from workbook.chapter12.little_networks import FEATURES, HEADS, features, little_network, moved_by_a_step

Function = Callable[..., Any]
_OTHER_HEADS = ("readout", "top.last.out")
_NOTHING_FROZEN = (
    "no parameter is frozen. The switch is the attribute requires_grad of each parameter; an attribute of that name on "
    "the module does nothing."
)
_FROZEN_HEAD = (
    "the head is frozen, too, so there is nothing left to train. Which parameters belong to the last linear layer?"
)
_WRONG_LAYER = "another linear layer was replaced. The head is the last one: its outputs are the network's outputs."
_ON_TOP = (
    "the new layer stands behind the old head and sees its 1000 logits instead of the features. Put it in the head's "
    "place."
)
_NOT_REPLACED = (
    "the network still has its old head. If you assigned a new attribute: is it the one that forward uses? The "
    "families call it by different names; named_modules lists them."
)
_SOFTMAX_HEAD = (
    "the new head ends in a softmax. CrossEntropyLoss takes the softmax itself, and two in a row flatten the gradient; "
    "predict would take a second one, too."
)
_RELU_HEAD = "no output of the new head is negative: there is a ReLU after it. Logits may be any number."


def freeze_features(function: Function) -> None:
    """Check which parameters stay trainable, for heads that are called as in three families of networks."""
    for number, head in enumerate(HEADS):
        frozen(function, head, seed=124 + number)
        frozen(function, head, seed=127 + number, classes=6)
    for number, head in enumerate(_OTHER_HEADS):
        frozen(function, head, seed=142 + number)
    passed("freeze_features", "heads called fc, _fc and classifier.6, and heads of other names")


def frozen(function: Function, head: str, seed: int, classes: int = 8) -> None:
    """Require that the head's parameters are trainable after ``freeze_features`` and no other ones."""
    network, pictures = little_network(head, classes, seed), random_images(seed, 5)
    reached = features(network, head, pictures)
    before = student_side.state_arrays(network)
    where = f"after freeze_features, in a network whose head is called {head},"
    with _head_found(where):
        call(function, network)
    after = student_side.state_arrays(network)
    left = moved_by_a_step(network, head, pictures, reached)
    mine = [f"{head}.weight", f"{head}.bias"]
    others = [name for name in left if name not in mine]
    everything = [name for name in before if "running" not in name and "tracked" not in name]
    require(len(left) < len(everything), f"{where} all parameters are trainable.", _NOTHING_FROZEN, "nothing-frozen")
    require(len(left) > 0, f"{where} no parameter is trainable.", _FROZEN_HEAD, "frozen-head")
    require(
        not others,
        f"{where} {others[0] if others else ''} is still trainable.",
        "everything before the head belongs to the features: convolutions, biases, batch normalisation, and the linear "
        "layers before the last one.",
        "features-not-all-frozen",
    )
    require(sorted(left) == sorted(mine), f"{where} a part of the head is frozen.", _FROZEN_HEAD, "frozen-head")
    require(
        all(np.array_equal(before[name], after[name]) for name in before),
        f"{where} some weights have other values.",
        "freezing keeps the values. Nothing is computed, nothing is assigned but the switch.",
        "weights-changed",
    )


@contextmanager
def _head_found(where: str) -> Iterator[None]:
    """Say where an answer looks for the head under a name that this network does not have."""
    try:
        yield
    except CheckFailed as failure:
        if "AttributeError" in failure.message:
            hint = "the families call their head by different names; named_modules lists them."
            raise CheckFailed(f"{where} {failure.message}", hint, "head-by-one-name") from None
        raise


def replace_head(function: Function) -> None:
    """Check outputs and features after the head was replaced, for three families of networks."""
    for number, head in enumerate(HEADS):
        replaced(function, head, seed=130 + number, num_classes=4)
        replaced(function, head, seed=133 + number, num_classes=9, freeze=True)
    for number, head in enumerate(_OTHER_HEADS):
        replaced(function, head, seed=136 + number, num_classes=5)
    passed("replace_head", "heads called fc, _fc, classifier.6 and otherwise, frozen features and not, 4 to 9 classes")


def replaced(function: Function, head: str, seed: int, num_classes: int, freeze: bool = False) -> None:
    """Require a linear head in the old one's place, and features as before.

    Args:
        freeze: True to freeze all parameters first.
    """
    network, pictures = little_network(head, 8, seed), random_images(seed + 1, 5)
    reached = features(network, head, pictures)
    network.requires_grad_(not freeze)
    before = student_side.state_arrays(network)
    where = f"in a network whose head is called {head},"
    with _head_found(where):
        call(function, network, num_classes)
    network.eval()
    after = student_side.state_arrays(network)
    try:
        got = student_side.outputs(network, pictures)
    except RuntimeError as error:
        if f"{head}.weight" in after and np.array_equal(before[f"{head}.weight"], after[f"{head}.weight"]):
            message = f"{where} the forward pass stops, and the head is still the old one."
            raise CheckFailed(message, _WRONG_LAYER, "wrong-layer-replaced") from None
        hint = "the new layer does not fit. It takes as many features as the old head did."
        raise CheckFailed(f"{where} the forward pass stops: {error}", hint, "head-does-not-fit") from None
    _head_in_place(got, before, after, head, num_classes, where)
    fresh = [n for n in after if n.startswith(f"{head}.") and after[n].shape == (num_classes, FEATURES)]
    biases = [n for n in after if n.startswith(f"{head}.") and after[n].shape == (num_classes,)]
    require(len(fresh) == 1, f"{where} the new head has no weight of shape ({num_classes}, {FEATURES}).", _WRONG_LAYER)
    require(
        len(biases) == 1,
        f"{where} the new head has no bias.",
        "nn.Linear has one unless you switch it off.",
        "no-bias",
    )
    kept = [name for name in before if not name.startswith(f"{head}.")]
    require(
        all(np.array_equal(before[name], after[name]) for name in kept),
        f"{where} the features have changed.",
        "only the head is new. What was learned on ImageNet is in the other layers.",
        "features-lost",
    )
    weight, bias = after[fresh[0]], after[biases[0]]
    require(
        float(np.std(weight)) > 1e-3,
        f"{where} the weights of the new head are all equal.",
        "a new layer has random weights: nn.Linear draws them.",
        "head-not-random",
    )
    logits = reached @ weight.T + bias
    compare(got, logits, f"{where} the outputs", rtol=1e-3, atol=1e-4, mistakes=_more_than_linear(logits))
    left = moved_by_a_step(network, fresh[0].removesuffix(".weight"), pictures, reached)
    _trainable_after(left, [fresh[0], biases[0]], freeze, where)


def _head_in_place(
    got: Any, before: dict[str, Any], after: dict[str, Any], head: str, num_classes: int, where: str
) -> None:  # fmt: skip
    shape = np.shape(got)
    changed = [name for name in before if name not in after or before[name].shape != after[name].shape]
    message = f"{where} the outputs for 5 images have shape {shape}; expected (5, {num_classes})."
    if shape != (5, num_classes):
        if changed:
            raise CheckFailed(message, _WRONG_LAYER, "wrong-layer-replaced")
        raise CheckFailed(message, _NOT_REPLACED, "head-not-replaced")
    still = after.get(f"{head}.weight", after.get(f"{head}.0.weight"))
    if still is not None and still.shape == before[f"{head}.weight"].shape and num_classes != len(still):
        raise CheckFailed(f"{where} the old head is still there.", _ON_TOP, "head-on-top-of-the-old")


def _more_than_linear(logits: NDArray[Any]) -> list[Mistake]:
    """Outputs of a head that does more than a linear layer with these."""
    return [
        Mistake("softmax-in-head", _SOFTMAX_HEAD, softmax(logits, axis=1)),
        Mistake("softmax-in-head", _SOFTMAX_HEAD, log_softmax(logits, axis=1)),
        Mistake("relu-after-head", _RELU_HEAD, np.maximum(logits, 0)),
    ]


def _trainable_after(left: list[str], mine: list[str], freeze: bool, where: str) -> None:
    require(
        all(name in left for name in mine),
        f"{where} the new head is frozen.",
        "a new layer is trainable by itself. Do you freeze after replacing?",
        "frozen-head",
    )
    require(
        freeze or len(left) > len(mine),
        f"{where} the other layers are frozen, though they were trainable before.",
        "replacing the head leaves the other layers as they are. Freezing is the other function's work.",
        "features-frozen-as-well",
    )
    thawed = [name for name in left if name not in mine]
    require(
        not (freeze and thawed),
        f"{where} {thawed[0] if thawed else ''} is trainable again, though it was frozen before.",
        "replacing the head leaves the other layers as they are.",
        "features-not-all-frozen",
    )
