"""Ten classes of 32×32 colour images: CIFAR-10 where it is available, else drawn things."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbook.data.sources import cache_folder, data_folder, embedded_only, may_download
from workbook.data.ten_class_drawing import CLASSES, draw_things

CIFAR10_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
_DRAWING_SEED = 3210
_TRAINING, _TEST = 4000, 1000
_BATCHES, _SUBSET = "cifar-10-batches-py", "cifar10_subset.npz"


@dataclass(frozen=True)
class ColourImages:
    """Images and labels, split once and for all.

    Attributes:
        x_train, x_test: uint8, (N, 32, 32, 3), red, green and blue last.
        y_train, y_test: int64, (N,), index into ``classes``.
        classes: the names of the ten classes.
        source: where they came from, in words.
    """

    x_train: NDArray[np.uint8]
    y_train: NDArray[np.int64]
    x_test: NDArray[np.uint8]
    y_test: NDArray[np.int64]
    classes: tuple[str, ...]
    source: str


def ten_classes(download: bool = False) -> ColourImages:
    """Load ten classes of 32×32 colour images and say which source was used.

    ``WORKBOOK_DATA/cifar10`` is read where it holds torchvision's folder ``cifar-10-batches-py`` or the file
    ``cifar10_subset.npz``: ``x_train`` and ``x_test``, uint8, (N, 32, 32, 3), ``y_train`` and ``y_test``, whole
    numbers from 0 to 9, and perhaps ``source``, a string.

    Args:
        download: fetch CIFAR-10 (about 170 MB, verified by checksum) if it is neither in ``WORKBOOK_DATA`` nor cached.

    Raises:
        RuntimeError: if a download was asked for and failed; it says what to do instead.
        ValueError: if a file cannot be read or its arrays do not fit; it names the file.
    """
    data = _cifar10(download) or _copied(_drawn())
    print(f"ten classes: {data.source}, {len(data.x_train)} training and {len(data.x_test)} test images")
    return data


def _copied(data: ColourImages) -> ColourImages:
    """Arrays of the reader's own: what is written into them must not reach the next load."""
    return replace(
        data,
        x_train=data.x_train.copy(), x_test=data.x_test.copy(),
        y_train=data.y_train.copy(), y_test=data.y_test.copy(),
    )  # fmt: skip


@functools.cache
def _drawn() -> ColourImages:
    rng = np.random.default_rng(_DRAWING_SEED)
    y_train, y_test = (rng.permutation(np.arange(count) % len(CLASSES)) for count in (_TRAINING, _TEST))
    images = draw_things(np.concatenate([y_train, y_test]), rng)
    return ColourImages(images[:_TRAINING], y_train, images[_TRAINING:], y_test, CLASSES, "drawn things")


# --- CIFAR-10 -------------------------------------------------------------------------------------------------------


def _cifar10(download: bool) -> ColourImages | None:
    if embedded_only():
        return None
    for folder, origin in ((data_folder("cifar10"), "WORKBOOK_DATA"), (cache_folder("cifar10"), "the cache")):
        if folder is not None and (folder / _BATCHES).is_dir():
            return _read_batches(folder, f"CIFAR-10 from {origin}")
        if folder is not None and (folder / _SUBSET).is_file():
            return _read_subset(folder / _SUBSET, f"CIFAR-10 subset from {origin}")
    if not may_download(download):
        return None
    folder = cache_folder("cifar10")
    try:
        return _from_torchvision(folder, "CIFAR-10, downloaded", download=True)
    except (OSError, RuntimeError) as error:
        raise RuntimeError(
            f"CIFAR-10 could not be downloaded ({error}). Put its files into {folder / _BATCHES}, set WORKBOOK_DATA to "
            f"a folder that holds cifar10/{_BATCHES} or cifar10/{_SUBSET}, or call ten_classes() without download for "
            "the drawn images."
        ) from error


def _read_batches(folder: Path, source: str) -> ColourImages:
    try:
        return _from_torchvision(folder, source)
    except Exception as error:  # a damaged pickle raises whatever its bytes happen to say
        raise ValueError(
            f"{folder / _BATCHES} cannot be read ({error}). Move it away and unpack cifar-10-python.tar.gz again."
        ) from error


def _from_torchvision(folder: Path, source: str, download: bool = False) -> ColourImages:
    from workbook.vision import torchvision

    parts = [torchvision.datasets.CIFAR10(str(folder), train=train, download=download) for train in (True, False)]
    (x_train, y_train), (x_test, y_test) = ((part.data, np.array(part.targets, dtype=np.int64)) for part in parts)
    return ColourImages(x_train, y_train, x_test, y_test, CIFAR10_CLASSES, source)


def _read_subset(path: Path, source: str) -> ColourImages:
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except Exception as error:  # zipfile, zlib and numpy each raise their own
        raise ValueError(f"{path} cannot be read ({error}). Make it again, or move it away.") from error
    missing = [name for name in ("x_train", "y_train", "x_test", "y_test") if name not in arrays]
    if missing:
        raise ValueError(f"{path} has no array {', '.join(missing)}; it holds {', '.join(arrays) or 'nothing'}.")
    x_train, x_test = (_valid_images(arrays[name], path, name) for name in ("x_train", "x_test"))
    y_train = _valid_labels(arrays["y_train"], len(x_train), path, "y_train")
    y_test = _valid_labels(arrays["y_test"], len(x_test), path, "y_test")
    if "source" in arrays:
        source = f"{source} ({arrays['source']})"
    return ColourImages(x_train, y_train, x_test, y_test, CIFAR10_CLASSES, source)


def _valid_images(array: NDArray[Any], path: Path, name: str) -> NDArray[np.uint8]:
    if array.dtype != np.uint8 or array.ndim != 4 or array.shape[1:] != (32, 32, 3) or not len(array):
        raise ValueError(f"{path}: {name} is {array.dtype} of shape {array.shape}; expected uint8 of (N, 32, 32, 3).")
    return np.asarray(array, dtype=np.uint8)


def _valid_labels(array: NDArray[Any], count: int, path: Path, name: str) -> NDArray[np.int64]:
    if array.dtype.kind not in "iu" or array.shape != (count,):
        raise ValueError(
            f"{path}: {name} is {array.dtype} of shape {array.shape}; expected whole numbers of shape ({count},), "
            "one label for each image."
        )
    odd = array[(array < 0) | (array > 9)]
    if len(odd):
        raise ValueError(f"{path}: {name} holds the label {odd[0]}; expected 0 to 9: {', '.join(CIFAR10_CLASSES)}.")
    return array.astype(np.int64)
