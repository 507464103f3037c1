"""Eye gaze: grey pictures of a pair of eyes and the quadrant they look to; recorded ones where they are available."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbook.data.eye_drawing import HEIGHT, WIDTH, draw_eye_pairs
from workbook.data.sources import data_folder

QUADRANTS = ("up left", "up right", "down left", "down right")
_DRAWING_SEED, _SPLIT_SEED = 4320, 36
_COUNT = 4800

Images = NDArray[np.uint8]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class GazeData:
    """Pictures and labels, split once and for all into two thirds, a sixth and a sixth.

    Attributes:
        x_train, x_val, x_test: uint8, (N, 36, 120), two eyes side by side.
        y_train, y_val, y_test: int64, (N,), index into ``QUADRANTS``, as the viewer of the picture sees it.
        source: where they came from, in words.
    """

    x_train: Images
    y_train: Labels
    x_val: Images
    y_val: Labels
    x_test: Images
    y_test: Labels
    source: str


def gaze() -> GazeData:
    """Load eye pictures with their gaze quadrants and say which source was used.

    ``WORKBOOK_DATA/gaze`` is read where it exists: folders ``Image`` and ``Label`` with one file for each recording, of
    the same name. Pictures: ``.npy``, (N, 36, 120), 0 to 255 or 0 to 1, or ``.png``, grey, N pictures one above the
    other. Labels: ``.npy``, (N,) or one-hot (N, 4), or a text file (``.txt``, ``.label``, ``.csv``), one number a line.

    Raises:
        ValueError: if a file is missing, or if counts, shapes or values do not fit; it names the file.
    """
    folder = data_folder("gaze")
    data = _recorded(folder) if folder is not None else _copied(_drawn())
    counts = f"{len(data.x_train)} training, {len(data.x_val)} validation and {len(data.x_test)} test images"
    print(f"gaze: {data.source}, {counts}")
    return data


def _copied(data: GazeData) -> GazeData:
    """Arrays of the reader's own: what is written into them must not reach the next load."""
    return replace(
        data,
        x_train=data.x_train.copy(), x_val=data.x_val.copy(), x_test=data.x_test.copy(),
        y_train=data.y_train.copy(), y_val=data.y_val.copy(), y_test=data.y_test.copy(),
    )  # fmt: skip


@functools.cache
def _drawn() -> GazeData:
    rng = np.random.default_rng(_DRAWING_SEED)
    labels = rng.permutation(_COUNT) % 4
    # Away from the axes, so that a person who sees the picture could name the quadrant.
    size = rng.uniform(0.25, 1.0, (_COUNT, 2))
    sign = np.stack([np.where(labels % 2 == 1, 1, -1), np.where(labels >= 2, 1, -1)], axis=1)
    return _split(draw_eye_pairs(sign * size, rng), labels.astype(np.int64), "drawn pairs of eyes")


def _split(images: Images, labels: Labels, source: str) -> GazeData:
    order = np.random.default_rng(_SPLIT_SEED).permutation(len(images))
    train, val, test = np.split(order, [len(order) * 2 // 3, len(order) * 5 // 6])
    return GazeData(images[train], labels[train], images[val], labels[val], images[test], labels[test], source)


# --- recordings on disk ---------------------------------------------------------------------------------------------


def _recorded(folder: Path) -> GazeData:
    image_files, image_kind = _files(folder / "Image", {".npy": _images_from_array, ".png": _images_from_png})
    text = dict.fromkeys((".txt", ".label", ".csv"), _labels_from_text)
    label_files, label_kind = _files(folder / "Label", {".npy": _labels_from_array, **text})
    if image_files.keys() != label_files.keys():
        lonely = sorted(image_files.keys() ^ label_files.keys())
        raise ValueError(
            f"{folder} has {len(image_files)} files in Image and {len(label_files)} in Label; without a partner of the "
            f"same name: {', '.join(lonely[:3])}{' …' if len(lonely) > 3 else ''}. Every recording needs one of each."
        )
    images, labels = [], []
    for name, (path, read) in sorted(image_files.items()):
        label_path, read_labels = label_files[name]
        images.append(_named(read, path))
        labels.append(_named(read_labels, label_path))
        if len(images[-1]) != len(labels[-1]):
            raise ValueError(
                f"{path} holds {len(images[-1])} pictures and {label_path} holds {len(labels[-1])} labels; expected "
                "equally many. Export the recording again, or move both files away."
            )
    source = f"WORKBOOK_DATA, {len(images)} recordings ({image_kind} images, {label_kind} labels)"
    return _split(np.concatenate(images), np.concatenate(labels), source)


def _named(read: Callable[[Path], NDArray[Any]], path: Path) -> NDArray[Any]:
    """Read a file; whatever the reading library raises becomes an error that names the file."""
    try:
        return read(path)
    except (OSError, EOFError, UnicodeDecodeError, TypeError) as error:
        raise ValueError(f"{path} cannot be read ({error}). Export the recording again, or move it away.") from error
    except ValueError as error:
        if str(path) in str(error):
            raise
        raise ValueError(f"{path} cannot be read ({error}). Export the recording again, or move it away.") from error


_Readers = dict[str, Callable[[Path], NDArray[Any]]]


def _files(folder: Path, readers: _Readers) -> tuple[dict[str, tuple[Path, Callable[[Path], NDArray[Any]]]], str]:
    """The files of a folder by name without ending, each with its reader, and the one ending they share."""
    found = [path for path in folder.iterdir() if path.suffix in readers] if folder.is_dir() else []
    kinds = sorted({path.suffix for path in found})
    if len(kinds) != 1:
        seen = f"holds {' and '.join(kinds)} files" if kinds else "holds no such file or does not exist"
        raise ValueError(
            f"{folder} {seen}; expected files of one kind, {' or '.join(readers)}, one for each recording."
        )
    return {path.stem: (path, readers[path.suffix]) for path in found}, kinds[0]


def _images_from_array(path: Path) -> Images:
    array = np.load(path, allow_pickle=False)
    if array.ndim > 3:
        array = array.reshape(len(array), *(size for size in array.shape[1:] if size != 1))
    if array.ndim == 2:
        array = array[None]
    if array.shape[1:] != (HEIGHT, WIDTH):
        raise ValueError(f"{path} holds an array of shape {array.shape}; expected (N, {HEIGHT}, {WIDTH}).")
    if array.dtype == np.uint8:
        return np.asarray(array, dtype=np.uint8)
    low, high = (float(array.min()), float(array.max())) if array.size else (0.0, 0.0)
    if not 0 <= low <= high <= 255:
        raise ValueError(f"{path} holds values from {low:g} to {high:g}; expected grey values 0 to 255, or 0 to 1.")
    scale = 255 if array.dtype.kind == "f" and high <= 1 else 1
    return np.asarray(np.round(array * scale), dtype=np.uint8)


def _images_from_png(path: Path) -> Images:
    from PIL import Image

    with Image.open(path) as picture:
        array = np.asarray(picture.convert("L"))
    if array.shape[1] != WIDTH or array.shape[0] % HEIGHT:
        raise ValueError(
            f"{path} has {array.shape[0]} rows and {array.shape[1]} columns of pixels; expected {WIDTH} columns and a "
            f"multiple of {HEIGHT} rows, the pictures of one recording above each other."
        )
    return array.reshape(-1, HEIGHT, WIDTH).astype(np.uint8)


def _labels_from_array(path: Path) -> Labels:
    array = np.load(path, allow_pickle=False)
    if array.ndim == 2 and array.shape[1] == 4 and _is_one_hot(array):
        array = array.argmax(axis=1)
    return _valid_labels(array, path)


def _is_one_hot(array: NDArray[Any]) -> bool:
    return bool(np.isin(array, (0, 1)).all() and (array.sum(axis=1) == 1).all())


def _labels_from_text(path: Path) -> Labels:
    words = path.read_text(encoding="utf-8").replace(",", " ").split()
    try:
        numbers = np.array([float(word) for word in words])
    except ValueError as error:
        raise ValueError(
            f"{path} cannot be read as labels ({error}); expected one number from 0 to 3 a line."
        ) from None
    return _valid_labels(numbers, path)


def _valid_labels(array: NDArray[Any], path: Path) -> Labels:
    if array.size != len(np.atleast_1d(array)):
        raise ValueError(f"{path} holds an array of shape {array.shape}; expected one label a picture, (N,) or (N, 4).")
    flat = array.reshape(-1)
    if not np.isin(flat, (0, 1, 2, 3)).all():
        odd = flat[~np.isin(flat, (0, 1, 2, 3))][0]
        raise ValueError(f"{path} holds the label {odd}; expected 0 to 3: {', '.join(QUADRANTS)}.")
    return flat.astype(np.int64)
