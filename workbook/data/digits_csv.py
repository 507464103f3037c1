"""Handwritten digits from a CSV file in which every line is a label followed by 784 grey values."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_PIXELS = 28 * 28


def digits_from_csv(path: str | Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Read MNIST as it is passed round as CSV: one image a line, the label first, then 784 pixels row by row.

    A header line is skipped, and a file whose name ends in ``.gz`` is unpacked. All 60 000 images take seconds.

    Returns:
        images, uint8 of shape (N, 28, 28), 0 is background; labels, int64 of shape (N,).

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file holds no image, a line does not have 785 whole numbers, a pixel lies outside 0 to 255 or
            a label outside 0 to 9.
    """
    path = Path(path).expanduser()
    try:
        table = np.loadtxt(path, delimiter=",", dtype=np.int32, skiprows=_header_lines(path), ndmin=2)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{path} is not a table of whole numbers ({error}). {_FORMAT}") from error
    if table.shape[1] != 1 + _PIXELS:
        raise ValueError(f"{path} has {table.shape[1]} numbers a line; expected {1 + _PIXELS}. {_FORMAT}")
    labels, pixels = table[:, 0], table[:, 1:]
    for name, values, highest in (("label", labels, 9), ("pixel", pixels, 255)):
        if values.min() < 0 or values.max() > highest:
            raise ValueError(
                f"{path} has a {name} outside 0 to {highest}: the {name}s go from {values.min()} to {values.max()}. "
                f"{_FORMAT}"
            )
    return pixels.astype(np.uint8).reshape(-1, 28, 28), labels.astype(np.int64)


def _header_lines(path: Path) -> int:
    """1 where the first line holds names instead of numbers, else 0.

    Raises:
        ValueError: if the file has no line of numbers.
    """
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        first, second = file.readline(), file.readline()
    header = not first.split(",")[0].strip().lstrip("+-").isdigit()
    if not (second if header else first).strip():
        raise ValueError(f"{path} holds no image. {_FORMAT}")
    return int(header)


_FORMAT = "Each line has to be a label from 0 to 9 and 784 pixels from 0 to 255, separated by commas."
