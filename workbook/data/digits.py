"""Handwritten digits, 28×28: MNIST where it is available, else scikit-learn's real digits, enlarged."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbook.data.sources import cache_folder, data_folder, embedded_only, may_download

_SPLIT_SEED = 4803
_TEST_IMAGES = 360


@dataclass(frozen=True)
class ImageData:
    """Images and labels, split once and for all.

    Attributes:
        x_train, x_test: uint8, (N, 28, 28), 0 is background.
        y_train, y_test: int64, (N,).
        source: where they came from, in words.
    """

    x_train: NDArray[np.uint8]
    y_train: NDArray[np.int64]
    x_test: NDArray[np.uint8]
    y_test: NDArray[np.int64]
    source: str


def digits28(download: bool = False) -> ImageData:
    """Load handwritten digits as 28×28 grey images and say which source was used.

    Args:
        download: fetch MNIST (about 11 MB, verified by checksum) if it is neither in ``WORKBOOK_DATA`` nor cached.

    Raises:
        RuntimeError: if a download was asked for and failed; it says what to do instead.
    """
    data = _mnist(download) or _embedded()
    print(f"digits: {data.source}, {len(data.x_train)} training and {len(data.x_test)} test images")
    return data


def _mnist(download: bool) -> ImageData | None:
    if embedded_only():
        return None
    folders = [(data_folder("mnist"), "from WORKBOOK_DATA"), (cache_folder("mnist"), "from the cache")]
    for folder, origin in folders:
        if folder is not None and (folder / "MNIST" / "raw" / "train-images-idx3-ubyte").is_file():
            return _read_mnist(folder, f"MNIST {origin}")
    if not may_download(download):
        return None
    folder = cache_folder("mnist")
    try:
        return _read_mnist(folder, "MNIST, downloaded", download=True)
    except (OSError, RuntimeError) as error:
        raise RuntimeError(
            f"MNIST could not be downloaded ({error}). Put its files into {folder / 'MNIST' / 'raw'}, "
            "set WORKBOOK_DATA to a folder that holds mnist/MNIST/raw, or call digits28() without download "
            "for the embedded digits."
        ) from error


def _read_mnist(folder: Path, source: str, download: bool = False) -> ImageData:
    from workbook.vision import torchvision

    train = torchvision.datasets.MNIST(str(folder), train=True, download=download)
    test = torchvision.datasets.MNIST(str(folder), train=False, download=download)
    return ImageData(train.data.numpy(), train.targets.numpy(), test.data.numpy(), test.targets.numpy(), source)


@functools.cache
def _embedded() -> ImageData:
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits

    bunch = load_digits()
    # 8×8 in 0..16 becomes 24×24 in 0..255, then a margin of 2 as in MNIST. Order 1 keeps values in range.
    images = zoom(bunch.images, (1, 3, 3), order=1, grid_mode=True, mode="nearest") * (255 / 16)
    images = np.pad(images, ((0, 0), (2, 2), (2, 2))).round().astype(np.uint8)
    labels = bunch.target.astype(np.int64)
    order = np.random.default_rng(_SPLIT_SEED).permutation(len(labels))
    test, train = order[:_TEST_IMAGES], order[_TEST_IMAGES:]
    return ImageData(
        images[train],
        labels[train],
        images[test],
        labels[test],
        "scikit-learn's 8×8 digits enlarged to 28×28",
    )
