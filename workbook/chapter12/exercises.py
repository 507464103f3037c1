"""Checks of chapter 12: prediction and ranking; images from files and networks with a new head have modules of theirs.

Files, networks and loaders are made next to the student's code; what is judged is plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Case, CheckFailed, Mistake, Quantity, call, compare, passed, require, student_side
from autograder.testing.article import class_with_article
from autograder.testing.hint_display import Hints
from autograder.testing.quantity import recognised
from autograder.testing.student_side import with_numbers
from workbook.chapter12.head_checks import freeze_features, frozen, replace_head, replaced
from workbook.chapter12.image_file_checks import image_folder_dataset, images, refuses, refuses_what_is_no_image
from workbook.chapter12.inputs import Array, ImageClassifier, png, random_images, random_pixels
from workbook.chapter12.little_networks import HEADS
from workbook.chapter12.own_photograph_checks import own_photographs

# Used by the chapter's cells.
__all__ = [
    "HEADS",
    "freeze_features",
    "frozen",
    "image_folder_dataset",
    "images",
    "own_photographs",
    "png",
    "random_pixels",
    "refuses",
    "refuses_what_is_no_image",
    "replace_head",
    "replaced",
]

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter12.reference.predictions"
# The visible cases: seed, number of images, images in a batch, classes.
_PREDICTIONS = ((123, 8, 3, 20), (126, 3, 1, 1200), (128, 6, 50, 5))
_PROBABILITIES = Quantity(
    f"{_REFERENCE}:probabilities",
    {
        "softmax-missing": "these are logits: they do not sum to 1 along a row. These networks leave the softmax to "
        "you.",
        "softmax-twice": "the softmax was taken twice. The second one gets numbers between 0 and 1 only, so all its "
        "results lie close together; with 1000 classes none would exceed 0.003.",
        "softmax-over-the-batch": "the softmax runs over the images of a batch. It should run over the classes of one "
        "image.",
        "log-probabilities": "these are logarithms of probabilities.",
        "predicted-in-train-mode": "the model is in training mode: its batch normalisation uses the statistics of your "
        "few photographs, not those of ImageNet. How do you tell a module that it is being used, not trained?",
        "sigmoid-not-softmax": "sigmoids do not sum to 1 along a row. The classes exclude each other.",
        "last-batch-only": "only the last batch is in the result. What happens to the earlier ones at each turn of the "
        "loop?",
        "first-batch-only": "only the first batch is in the result. A return statement inside the loop ends it.",
        "labels-not-probabilities": "these are class numbers; return the probabilities of all classes.",
    },
    [Case("predict(model, loader)", case) for case in _PREDICTIONS],
    rtol=1e-4,
    atol=1e-5,
)
_TRACKED = (
    "the numbers are right, but PyTorch kept every intermediate result for a backward pass that never comes. For these "
    "networks that is most of the memory. There is a context manager against it."
)
# The visible cases: rows, how many of each are asked for, categories.
_RANKINGS: tuple[tuple[Array, int, list[str]], ...] = (
    (
        np.array([[0.06, 0.5, 0.1, 0.04, 0.3], [0.6, 0.02, 0.08, 0.05, 0.25], [0.1, 0.16, 0.2, 0.15, 0.39]]),
        3,
        ["cat", "dog", "fox", "hen", "owl"],
    ),
    (np.random.default_rng(125).dirichlet(np.ones(6), size=5), 1, ["saw", "axe", "nut", "peg", "awl", "bit"]),
    (np.random.default_rng(127).dirichlet(np.ones(7), size=1), 7, ["pea", "fig", "oat", "rye", "yam", "hop", "soy"]),
)
_BEST = Quantity(
    f"{_REFERENCE}:best",
    {
        "ascending": "the least probable comes first. Sorting goes upwards unless you turn it round.",
        "not-sorted": "the categories come in the order of their numbers, not of their probabilities.",
        "labels-off-by-one": "each label is the neighbour of the right one. Output number 0 belongs to category number "
        "0; lists with a background class in front, and counting from 1, shift everything.",
        "best-left-out": "the most probable category is missing: the ranking starts at the second.",
    },
    [Case("top_k(probabilities, k, categories)", (rows, k)) for rows, k, _ in _RANKINGS],
)


# --- predict and top_k ----------------------------------------------------------------------------------------------


def predict(function: Function) -> None:
    """Check ``predict`` for networks with batch normalisation, with several numbers of images and of classes."""
    for case in _PREDICTIONS:
        probabilities(function, *case)
    passed("predict", "images in batches of 3, 3 and 2, one by one and at once, networks with batch normalisation")


def probabilities(function: Function, seed: int, count: int, batch_size: int, classes: int = 20) -> None:
    """Compare ``predict`` with the softmax of the classifier's logits; the network arrives in training mode."""
    module, pictures = ImageClassifier.random(seed, classes).module(), random_images(seed + 1, count)
    loader = student_side.torch.utils.data.DataLoader(student_side.tensor(pictures).float(), batch_size=batch_size)
    passes = student_side.ForwardPasses(module)
    got = call(function, module, loader)
    _PROBABILITIES.compare(got, "predict(model, loader)", seed, count, batch_size, classes)
    tracked = any(entry["tracked"] for entry in passes.read())
    require(not tracked, "predict tracks gradients.", _TRACKED, "gradients-tracked")


def top_k(function: Function) -> None:
    """Check the rankings of three rows over five categories, of one row, and of all of its categories."""
    for case in _RANKINGS:
        rankings(function, *case)
    passed("top_k", "three rows and the best three, five rows and the best, one row and all categories")


def rankings(function: Function, rows: Array, k: int, categories: list[str]) -> None:
    """Compare labels and probabilities of each row with a sort; no row has equal entries."""
    got = with_numbers(call(function, student_side.tensor(rows), k, categories))
    what = f"top_k(probabilities, {k}, categories)"
    require(
        isinstance(got, list | tuple),
        f"{what} is {class_with_article(got)}; expected a list.",
        "return a list with one list for each row.",
        "not-a-list",
    )
    require(
        len(got) == len(rows),
        f"{what} has {len(got)} entries; expected {len(rows)}, one for each row.",
        "each image has a ranking of its own. Is one row alone returned, or all rows in one list?",
        "not-one-list-a-row",
    )
    answers = _BEST.answers(rows, k)
    best = np.asarray(answers.right)
    ranked = np.take_along_axis(rows, best, axis=1)
    for index, row in enumerate(rows):
        where = f"row {index} of {what}"
        _pairs(got[index], k, where)
        _ranking([pair[0] for pair in got[index]], index, best, recognised(_BEST.mistakes, answers), categories, where)
        _ranked_probabilities([pair[1] for pair in got[index]], index, ranked, row, where)


def _pairs(got: Any, k: int, what: str) -> None:
    pairs = isinstance(got, list | tuple) and all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in got)
    require(pairs, f"{what} is not a list of pairs (label, probability).", "each entry is a pair.", "not-pairs")
    require(
        len(got) == k,
        f"{what} has {len(got)} entries; expected {k}.",
        "the number of entries is the argument k.",
        "k-ignored",
    )
    require(
        all(isinstance(label, str) for label, _ in got),
        f"{what} begins with the pair ({got[0][0]!r}, …); expected a label and a probability.",
        "a pair is (label, probability), and a label is a text: the category with that number."
        if not isinstance(got[0][1], str)
        else "the label comes first in a pair, then the probability.",
        "no-label-in-pair",
    )


def _ranking(
    labels: list[str],
    index: int,
    best: NDArray[np.intp],
    mistakes: Sequence[Mistake],
    categories: list[str],
    what: str,
) -> None:
    """Require the labels of the best categories of row ``index``; ``best`` holds their numbers, (N, k)."""
    if labels == _names(best[index], categories):
        return
    for mistake in mistakes:
        wrong = np.asarray(mistake.wrong() if callable(mistake.wrong) else mistake.wrong)
        if wrong.ndim == 2 and labels == _names(wrong[index], categories):
            raise CheckFailed(f"{what} has the labels {', '.join(labels)}.", mistake.hint, mistake.name)
    for other, indices in enumerate(best):
        if labels == _names(indices, categories):
            hint = "these are the labels of another row. Does the row's number appear wherever you index?"
            raise CheckFailed(f"{what} has the labels of row {other}.", hint, "wrong-row")
    message = f"{what} has the labels {', '.join(labels)}; these are not the {len(labels)} most probable."
    hint = (
        "rank the categories of a row by their probabilities, and take as many as k says. Print one row next to them."
    )
    raise CheckFailed(message, hint, "not-the-most-probable")


def _names(indices: NDArray[np.intp], categories: Sequence[str]) -> list[str]:
    return [categories[index] for index in indices]


def _ranked_probabilities(got: list[Any], index: int, ranked: Array, row: Array, what: str) -> None:
    """Require the probabilities of row ``index``; ``ranked`` holds those of all rows, the largest first, (N, k)."""
    right, values = ranked[index], [float(value) for value in got]
    if np.allclose(values, right):
        return
    for other, theirs in enumerate(ranked):
        if other != index and np.allclose(values, theirs):
            hint = "these are the probabilities of another row. Does the row's number appear wherever you index?"
            raise CheckFailed(f"{what}: the probabilities are those of row {other}.", hint, "wrong-row")
    require(
        not np.allclose(values, 100 * right),
        f"{what}: the probabilities are percentages.",
        "a probability is a fraction between 0 and 1; only figures show percent.",
        "percent",
    )
    require(
        not np.allclose(values, row[: len(values)]),
        f"{what}: the probabilities do not belong to the labels.",
        "the labels were sorted and the probabilities were not. Take both with the same indices.",
        "probabilities-not-sorted",
    )
    compare(values, right, f"{what}, probabilities", rtol=1e-5)


hint = Hints("workbook.chapter12")
