"""The ungraded check of chapter 12 for a reader's own photographs: the files, the preprocessing, the predictions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from autograder.testing import compare, passed, require

Ranking = Sequence[tuple[str, float]]
FEWEST, _SMALLEST = 12, 224


def own_photographs(
    paths: Mapping[str, str],
    images: Any,
    transform: Callable[[Any], Any],
    probabilities: Any,
    rankings: Sequence[Ranking],
    categories: Sequence[str],
) -> None:
    """Check that at least twelve photographs were read, preprocessed and ranked; it carries no points.

    Args:
        paths: by name.
        images: the data set of these files, in this order.
        transform: the preprocessing that the network's weights expect.
        probabilities: (N, C).
        rankings: for each photograph pairs of label and probability.
        categories: the C labels.
    """
    _files(paths)
    _items(paths, images, transform)
    _predictions(list(paths), np.asarray(probabilities), rankings, list(categories))
    passed("Your own photographs", f"{len(paths)} files, what the preprocessing makes of them, and their rankings")


def _files(paths: Mapping[str, str]) -> None:
    """Require enough files, all different, of photographs that are large enough for a network."""
    require(
        len(paths) >= FEWEST,
        f"there are {len(paths)} photographs of your own; expected at least {FEWEST}.",
        "with a handful, one photograph more or less turns every conclusion.",
        "too-few-photographs",
    )
    seen: dict[str, str] = {}
    for name, path in paths.items():
        with Image.open(path) as image:
            width, height = image.size
        require(
            min(width, height) >= _SMALLEST,
            f"{name} has {width} × {height} pixels; expected at least {_SMALLEST} on the shorter side.",
            "a smaller picture is enlarged, and the network sees blur. Take the file from the camera.",
            "photograph-too-small",
        )
        content = hashlib.sha256(Path(path).read_bytes()).hexdigest()
        require(
            content not in seen,
            f"{name} and {seen.get(content)} are the same file under two names.",
            "a photograph that counts twice makes a result look surer than it is.",
            "photograph-twice",
        )
        seen[content] = name


def _items(paths: Mapping[str, str], images: Any, transform: Callable[[Any], Any]) -> None:
    """Require that each item is what the network's own preprocessing makes of the file."""
    require(
        len(images) == len(paths),
        f"the data set has {len(images)} images; expected {len(paths)}.",
        "make it from the paths of your own photographs.",
        "wrong-length",
    )
    for index, (name, path) in enumerate(paths.items()):
        with Image.open(path) as image:
            expected = transform(image.convert("RGB"))
        compare(images[index], np.asarray(expected), f"the item of {name}", rtol=1e-4, atol=1e-5)


def _predictions(
    names: Sequence[str], probabilities: np.ndarray[Any, Any], rankings: Sequence[Ranking], categories: list[str]
) -> None:  # fmt: skip
    """Require a row of probabilities for each photograph, and rankings that belong to it."""
    shape = len(names), len(categories)
    require(
        probabilities.shape == shape,
        f"the probabilities have shape {probabilities.shape}; expected {shape}.",
        "a row for each photograph, a column for each category.",
    )
    compare(probabilities.sum(axis=1), np.ones(len(names)), "the sum of each row of probabilities", rtol=1e-3)
    for name, row, ranking in zip(names, probabilities, rankings, strict=True):
        shares = [float(share) for _, share in ranking]
        right = [float(row[categories.index(label)]) for label, _ in ranking]
        compare(shares, right, f"the probabilities in the ranking of {name}", rtol=1e-4)
        require(
            shares == sorted(shares, reverse=True) and np.isclose(shares[0], row.max()),
            f"the ranking of {name} does not begin with its most probable label.",
            "rankings and probabilities have to come from the same photographs, in one order.",
            "wrong-row",
        )
