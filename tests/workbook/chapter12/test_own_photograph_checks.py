"""The ungraded check of a reader's own photographs names what is wrong with files, items and predictions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from autograder.testing import CheckFailed
from workbook.chapter12 import exercises as check

CATEGORIES = ["ant", "bee", "cow", "dog"]


def transform(image):
    return torch.as_tensor(np.array(image)[:4, :4].transpose(2, 0, 1) / 255).float()


def photographs(folder, count, side=230):
    """Files of random pixels by name, the second one grey."""
    rng, paths = np.random.default_rng(count), {}
    for number in range(count):
        shape = (side, side + number) if number == 1 else (side, side + number, 3)
        paths[f"photo {number}"] = str(folder / f"photo {number}.png")
        Image.fromarray(rng.integers(0, 256, shape, dtype=np.uint8)).save(paths[f"photo {number}"])
    return paths


def items(paths):
    return [transform(Image.open(path).convert("RGB")) for path in paths.values()]


def predictions(count):
    rows = np.random.default_rng(1).dirichlet(np.ones(len(CATEGORIES)), size=count)
    order = np.argsort(-rows, axis=1)[:, :2]
    return torch.as_tensor(rows), [
        [(CATEGORIES[i], float(row[i])) for i in best] for row, best in zip(rows, order, strict=True)
    ]


def test_twelve_photographs_and_what_the_chapter_makes_of_them_pass(tmp_path, capsys):
    paths = photographs(tmp_path, 12)
    check.own_photographs(paths, items(paths), transform, *predictions(12), CATEGORIES)
    assert "12 files" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("count", "side", "mistake"), [(11, 230, "too-few-photographs"), (12, 100, "photograph-too-small")]
)
def test_too_few_or_too_small_photographs_are_named(tmp_path, count, side, mistake):
    paths = photographs(tmp_path, count, side)
    with pytest.raises(CheckFailed) as failure:
        check.own_photographs(paths, items(paths), transform, *predictions(count), CATEGORIES)
    assert failure.value.mistake == mistake


def test_one_file_under_two_names_is_named(tmp_path):
    paths = photographs(tmp_path, 12)
    paths["photo 3"] = paths["photo 5"]
    with pytest.raises(CheckFailed, match="photo 5 and photo 3 are the same file"):
        check.own_photographs(paths, items(paths), transform, *predictions(12), CATEGORIES)


def test_an_item_without_the_networks_preprocessing_is_named(tmp_path):
    paths = photographs(tmp_path, 12)
    wrong = [255 * item for item in items(paths)]
    with pytest.raises(CheckFailed, match="the item of photo 0"):
        check.own_photographs(paths, wrong, transform, *predictions(12), CATEGORIES)


def test_rankings_of_other_photographs_and_logits_are_named(tmp_path):
    paths = photographs(tmp_path, 12)
    rows, rankings = predictions(12)
    with pytest.raises(CheckFailed, match="the ranking of photo 0"):
        check.own_photographs(paths, items(paths), transform, rows, rankings[1:] + rankings[:1], CATEGORIES)
    with pytest.raises(CheckFailed, match="the sum of each row"):
        check.own_photographs(paths, items(paths), transform, rows.log(), rankings, CATEGORIES)
    upside_down = [ranking[::-1] for ranking in rankings]
    with pytest.raises(CheckFailed, match="does not begin with its most probable label"):
        check.own_photographs(paths, items(paths), transform, rows, upside_down, CATEGORIES)
