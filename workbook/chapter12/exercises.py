"""Checks of chapter 12: images from files, prediction and ranking, a frozen network with a new head.

Files, networks and loaders are made next to the student's code; what is judged is plain data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, call, compare, passed, require, student_side
from autograder.testing.hint_display import Hints
from autograder.testing.student_side import with_numbers
from workbook.chapter12.head_checks import freeze_features, frozen, replace_head, replaced
from workbook.chapter12.image_file_checks import image_folder_dataset, images, refuses, refuses_what_is_no_image
from workbook.chapter12.reference.pretrained import (
    HEADS,
    Array,
    ImageTwin,
    png,
    random_images,
    random_pixels,
)
from workbook.chapter12.reference.pretrained_mistakes import (
    TRACKED,
    names_of,
    probability_mistakes,
    ranking_mistakes,
)

# Used by the chapter's test cells.
__all__ = [
    "HEADS",
    "freeze_features",
    "frozen",
    "image_folder_dataset",
    "images",
    "png",
    "random_pixels",
    "refuses",
    "refuses_what_is_no_image",
    "replace_head",
    "replaced",
]

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


hint = Hints("workbook.chapter12")
