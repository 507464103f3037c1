"""``python -m authoring.recording.cifar_jpeg FOLDER OUT``: make a CIFAR-10 file for the loader from JPEG images.

FOLDER holds ``cifar10-jpg.tar.gz``, with members ``train/airplane/0000.jpg`` and so on, numbered within each class in
canonical order, and ``cifar10_all_labels.npz``, the labels of the six canonical batches. OUT then holds
``cifar10/cifar10_subset.npz``: all images in canonical order, for ``WORKBOOK_DATA=OUT``. JPEG is lossy, so that pixels
differ a little from the original's.
"""

from __future__ import annotations

import io
import re
import tarfile
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from PIL import Image

from autograder.errors import AutograderError
from workbook.data.ten_classes import CIFAR10_CLASSES

_MEMBER = re.compile(r"(train|test)/(\w+)/(\d+)\.jpg")
_BATCHES = {"train": [f"data_batch_{number}" for number in range(1, 6)], "test": ["test_batch"]}
_SOURCE = "all of CIFAR-10, lossy JPEG"

Images = NDArray[np.uint8]
Labels = NDArray[np.int64]


def read_labels(path: Path) -> dict[str, Labels]:
    """The labels of both parts, ``train`` and ``test``, in canonical order."""
    with np.load(path, allow_pickle=False) as archive:
        return {
            part: np.concatenate([archive[batch] for batch in batches]).astype(np.int64)
            for part, batches in _BATCHES.items()
        }


def read_images(path: Path, labels: dict[str, Labels]) -> dict[str, Images]:
    """The images of both parts, each at the place in canonical order that its class and number say.

    Raises:
        AutograderError: if an image has no place, is not 32×32, or is missing.
    """
    places = {
        (part, name): np.flatnonzero(known == label)
        for part, known in labels.items()
        for label, name in enumerate(CIFAR10_CLASSES)
    }
    images = {part: np.zeros((len(known), 32, 32, 3), dtype=np.uint8) for part, known in labels.items()}
    missing = {part: np.ones(len(known), dtype=bool) for part, known in labels.items()}
    with tarfile.open(path) as archive:
        for member in archive:
            found = _MEMBER.fullmatch(member.name)
            content = archive.extractfile(member) if found else None
            if found is None or content is None:
                continue
            part, name, number = found[1], found[2], int(found[3])
            if number >= len(places.get((part, name), ())):
                raise AutograderError(
                    f"{path}: {member.name} has no place among the labels; do both files belong together?"
                )
            place = places[part, name][number]
            images[part][place] = _decoded(content.read(), f"{path}: {member.name}")
            missing[part][place] = False
    lost = {part: int(gaps.sum()) for part, gaps in missing.items() if gaps.any()}
    if lost:
        counts = " and ".join(f"{count} {part} images" for part, count in lost.items())
        raise AutograderError(f"{path} lacks {counts} that have labels; fetch the archive again.")
    return images


def _decoded(content: bytes, where: str) -> Images:
    with Image.open(io.BytesIO(content)) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    if pixels.shape != (32, 32, 3):
        raise AutograderError(f"{where} has shape {pixels.shape}; expected (32, 32, 3).")
    return pixels


def main(
    folder: Annotated[Path, typer.Argument(help="holds cifar10-jpg.tar.gz and cifar10_all_labels.npz")],
    out: Annotated[Path, typer.Argument(help="a folder for WORKBOOK_DATA; the file goes into its folder cifar10")],
) -> None:
    """Write OUT/cifar10/cifar10_subset.npz."""
    labels = read_labels(folder / "cifar10_all_labels.npz")
    images = read_images(folder / "cifar10-jpg.tar.gz", labels)
    target = out / "cifar10" / "cifar10_subset.npz"
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        target,
        x_train=images["train"], y_train=labels["train"], x_test=images["test"], y_test=labels["test"],
        source=np.array(_SOURCE),
    )  # fmt: skip
    print(f"{target}: {len(images['train'])} training and {len(images['test'])} test images")


if __name__ == "__main__":
    typer.run(main)
