"""Checks of chapter 12: images from files, prediction and ranking, a frozen network with a new head.

Files, networks and loaders are made next to the student's code; what is judged is plain data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, call, compare, passed, require, student_side
from autograder.testing.student_side import with_numbers
from workbook.chapter12.image_file_checks import image_folder_dataset, images, refuses, refuses_what_is_no_image
from workbook.chapter12.reference.pretrained import (
    FEATURES,
    HEADS,
    Array,
    ImageTwin,
    features,
    little_network,
    moved_by_a_step,
    png,
    random_images,
    random_pixels,
)
from workbook.chapter12.reference.pretrained_mistakes import (
    FROZEN_HEAD,
    NOT_REPLACED,
    NOTHING_FROZEN,
    ON_TOP,
    TRACKED,
    WRONG_LAYER,
    head_mistakes,
    names_of,
    probability_mistakes,
    ranking_mistakes,
)

# Used by the chapter's test cells.
__all__ = ["HEADS", "image_folder_dataset", "images", "png", "random_pixels", "refuses", "refuses_what_is_no_image"]

Function = Callable[..., Any]
_FLOAT32 = {"rtol": 1e-4, "atol": 1e-5}


# --- predict and top_k ----------------------------------------------------------------------------------------------


def predict(function: Function) -> None:
    """Check ``predict`` for networks with batch normalisation, with several numbers of images and of classes."""
    probabilities(function, seed=123, count=8, batch_size=3)
    probabilities(function, seed=126, count=3, batch_size=1, classes=1200)
    probabilities(function, seed=128, count=6, batch_size=50, classes=5)
    passed("predict", "images in batches of 3, 3 and 2, one by one and at once, networks with batch normalisation")


def probabilities(function: Function, seed: int, count: int, batch_size: int, classes: int = 20) -> None:
    """Compare ``predict`` with the softmax of the twin's logits; the network arrives in training mode."""
    twin, pictures = ImageTwin.random(seed, classes), random_images(seed + 1, count)
    module = twin.module()
    loader = student_side.torch.utils.data.DataLoader(student_side.tensor(pictures).float(), batch_size=batch_size)
    passes = student_side.ForwardPasses(module)
    got = call(function, module, loader)
    mistakes = probability_mistakes(twin, pictures, batch_size)
    compare(got, twin.probabilities(pictures), "predict(model, loader)", **_FLOAT32, mistakes=mistakes)
    tracked = any(entry["tracked"] for entry in passes.read())
    require(not tracked, "predict tracks gradients.", TRACKED, "gradients-tracked")


def top_k(function: Function) -> None:
    """Check the rankings of three rows over five categories, of one row, and of all of its categories."""
    rows = np.array([[0.06, 0.5, 0.1, 0.04, 0.3], [0.6, 0.02, 0.08, 0.05, 0.25], [0.1, 0.16, 0.2, 0.15, 0.39]])
    rankings(function, rows, 3, ["cat", "dog", "fox", "hen", "owl"])
    rng = np.random.default_rng(125)
    rankings(function, rng.dirichlet(np.ones(6), size=5), 1, ["saw", "axe", "nut", "peg", "awl", "bit"])
    rankings(function, rng.dirichlet(np.ones(7), size=1), 7, ["pea", "fig", "oat", "rye", "yam", "hop", "soy"])
    passed("top_k", "three rows and the best three, five rows and the best, one row and all categories")


def rankings(function: Function, rows: Array, k: int, categories: list[str]) -> None:
    """Compare labels and probabilities of each row with a sort; no row has equal entries."""
    got = with_numbers(call(function, student_side.tensor(rows), k, categories))
    what = f"top_k(probabilities, {k}, categories)"
    require(
        isinstance(got, list | tuple),
        f"{what} is a {type(got).__name__}; expected a list.",
        "return a list with one list for each row.",
        "not-a-list",
    )
    require(
        len(got) == len(rows),
        f"{what} has {len(got)} entries; expected {len(rows)}, one for each row.",
        "each image has a ranking of its own. Is one row alone returned, or all rows in one list?",
        "not-one-list-a-row",
    )
    for index, row in enumerate(rows):
        _ranking(got[index], rows, index, k, categories, f"row {index} of {what}", row)


def _ranking(
    got: Any, rows: Array, index: int, k: int, categories: list[str], what: str, row: Array
) -> None:  # fmt: skip
    pairs = isinstance(got, list | tuple) and all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in got)
    require(pairs, f"{what} is no list of pairs (label, probability).", "each entry is a pair.", "not-pairs")
    require(
        len(got) == k,
        f"{what} has {len(got)} entries; expected {k}.",
        "the number of entries is the argument k.",
        "k-ignored",
    )
    labels = [pair[0] for pair in got]
    require(
        all(isinstance(label, str) for label in labels),
        f"{what} begins with the pair ({labels[0]!r}, …); expected a label and a probability.",
        "a pair is (label, probability), and a label is a text: the category with that number."
        if not isinstance(got[0][1], str)
        else "the label comes first in a pair, then the probability.",
        "no-label-in-pair",
    )
    right = names_of(np.argsort(-row)[:k].tolist(), categories)
    if labels != right:
        for name, hint, indices in ranking_mistakes(row, k, len(categories)):
            if labels == names_of(indices, categories):
                raise CheckFailed(f"{what} has the labels {', '.join(labels)}.", hint, name)
        for other in range(len(rows)):
            if labels == names_of(np.argsort(-rows[other])[:k].tolist(), categories):
                hint = "these are the labels of another row. Does the row's number appear wherever you index?"
                raise CheckFailed(f"{what} has the labels of row {other}.", hint, "wrong-row")
        raise CheckFailed(f"{what} has the labels {', '.join(labels)}; these are not the {k} most probable.")
    _ranked_probabilities([pair[1] for pair in got], rows, index, k, what)


def _ranked_probabilities(got: list[Any], rows: Array, index: int, k: int, what: str) -> None:
    right = np.sort(rows[index])[::-1][:k]
    values = [float(value) for value in got]
    if np.allclose(values, right):
        return
    for other in range(len(rows)):
        if other != index and np.allclose(values, np.sort(rows[other])[::-1][:k]):
            hint = "these are the probabilities of another row. Does the row's number appear wherever you index?"
            raise CheckFailed(f"{what}: the probabilities are those of row {other}.", hint, "wrong-row")
    require(
        not np.allclose(values, 100 * right),
        f"{what}: the probabilities are percentages.",
        "a probability is a fraction between 0 and 1; only figures show percent.",
        "percent",
    )
    require(
        not np.allclose(values, rows[index][:k]),
        f"{what}: the probabilities do not belong to the labels.",
        "the labels were sorted and the probabilities were not. Take both with the same indices.",
        "probabilities-not-sorted",
    )
    compare(values, right, f"{what}, probabilities", rtol=1e-5)


# --- freeze_features and replace_head -------------------------------------------------------------------------------


def freeze_features(function: Function) -> None:
    """Check which parameters stay trainable, for heads that are called as in three families of networks."""
    for number, head in enumerate(HEADS):
        frozen(function, head, seed=124 + number)
        frozen(function, head, seed=127 + number, classes=6)
    passed("freeze_features", "heads called fc, _fc and classifier.6")


def frozen(function: Function, head: str, seed: int, classes: int = 8) -> None:
    """Require that the head's parameters are trainable after ``freeze_features`` and no other ones."""
    network, pictures = little_network(head, classes, seed), random_images(seed, 5)
    reached = features(network, head, pictures)
    before = student_side.state_arrays(network)
    call(function, network)
    after = student_side.state_arrays(network)
    left = moved_by_a_step(network, head, pictures, reached)
    mine = [f"{head}.weight", f"{head}.bias"]
    others = [name for name in left if name not in mine]
    everything = [name for name in before if "running" not in name and "tracked" not in name]
    where = f"after freeze_features, in a network whose head is called {head},"
    require(len(left) < len(everything), f"{where} all parameters are trainable.", NOTHING_FROZEN, "nothing-frozen")
    require(len(left) > 0, f"{where} no parameter is trainable.", FROZEN_HEAD, "frozen-head")
    require(
        not others,
        f"{where} {others[0] if others else ''} is still trainable.",
        "everything before the head belongs to the features: convolutions, biases, batch normalisation, and the linear "
        "layers before the last one.",
        "features-not-all-frozen",
    )
    require(sorted(left) == sorted(mine), f"{where} a part of the head is frozen.", FROZEN_HEAD, "frozen-head")
    require(
        all(np.array_equal(before[name], after[name]) for name in before),
        f"{where} some weights have other values.",
        "freezing keeps the values. Nothing is computed, nothing is assigned but the switch.",
        "weights-changed",
    )


def replace_head(function: Function) -> None:
    """Check outputs and features after the head was replaced, for three families of networks."""
    for number, head in enumerate(HEADS):
        replaced(function, head, seed=130 + number, num_classes=4)
        replaced(function, head, seed=133 + number, num_classes=9, freeze=True)
    passed("replace_head", "heads called fc, _fc and classifier.6, frozen features and not; 4 and 9 classes")


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
    try:
        call(function, network, num_classes)
    except CheckFailed as failure:
        if "AttributeError" in failure.message:
            hint = "the families call their head by different names; named_modules lists them."
            raise CheckFailed(f"{where} {failure.message}", hint, "head-by-one-name") from None
        raise
    network.eval()
    after = student_side.state_arrays(network)
    try:
        got = student_side.outputs(network, pictures)
    except RuntimeError as error:
        if f"{head}.weight" in after and np.array_equal(before[f"{head}.weight"], after[f"{head}.weight"]):
            message = f"{where} the forward pass stops, and the head is still the old one."
            raise CheckFailed(message, WRONG_LAYER, "wrong-layer-replaced") from None
        hint = "the new layer does not fit. It takes as many features as the old head did."
        raise CheckFailed(f"{where} the forward pass stops: {error}", hint, "head-does-not-fit") from None
    _head_in_place(got, before, after, head, num_classes, where)
    fresh = [n for n in after if n.startswith(f"{head}.") and after[n].shape == (num_classes, FEATURES)]
    biases = [n for n in after if n.startswith(f"{head}.") and after[n].shape == (num_classes,)]
    require(len(fresh) == 1, f"{where} the new head has no weight of shape ({num_classes}, {FEATURES}).", WRONG_LAYER)
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
    mistakes = head_mistakes(reached, weight, bias)
    compare(got, reached @ weight.T + bias, f"{where} the outputs", rtol=1e-3, atol=1e-4, mistakes=mistakes)
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
            raise CheckFailed(message, WRONG_LAYER, "wrong-layer-replaced")
        raise CheckFailed(message, NOT_REPLACED, "head-not-replaced")
    still = after.get(f"{head}.weight", after.get(f"{head}.0.weight"))
    if still is not None and still.shape == before[f"{head}.weight"].shape and num_classes != len(still):
        raise CheckFailed(f"{where} the old head is still there.", ON_TOP, "head-on-top-of-the-old")


def _trainable_after(left: list[str], mine: list[str], freeze: bool, where: str) -> None:
    require(
        all(name in left for name in mine),
        f"{where} the new head is frozen.",
        "a new layer is trainable by itself. Do you freeze after replacing?",
        "frozen-head",
    )
    thawed = [name for name in left if name not in mine]
    require(
        not (freeze and thawed),
        f"{where} {thawed[0] if thawed else ''} is trainable again, though it was frozen before.",
        "replacing the head leaves the other layers as they are.",
        "features-not-all-frozen",
    )
