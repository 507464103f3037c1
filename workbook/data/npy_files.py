"""Samples and kernels for a convolution, from the ``.npy`` files that courses pass round."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_Sizes = tuple[int | None, ...]


def samples_from_npy(path: str | Path) -> Array:
    """Read grey images of 28×28 pixels, such as the five of one digit in ``samples_d.npy``, (5, 1, 28, 28).

    Returns:
        float64, (N, 1, 28, 28), with the values that the file has; divide by 255 if they go up to 255.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is not an array of finite numbers of that shape; it names the file.
    """
    return _read(Path(path).expanduser(), (None, 1, 28, 28), "(N, 1, 28, 28), one grey image of 28×28 pixels a row")


def kernels_from_npy(path: str | Path) -> Array:
    """Read kernels for grey images, such as the eight of 4×4 in ``kernel.npy``, (8, 1, 4, 4).

    Returns:
        float64, (O, 1, height, width).

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is not an array of finite numbers of that shape; it names the file.
    """
    return _read(Path(path).expanduser(), (None, 1, None, None), "(O, 1, height, width), one kernel a row")


def _read(path: Path, sizes: _Sizes, expected: str) -> Array:
    array = _array(path)
    fits = len(array.shape) == len(sizes) and all(
        size in (None, found) for size, found in zip(sizes, array.shape, strict=True)
    )
    if not fits or not array.size:
        raise ValueError(f"{path} has shape {array.shape}; expected {expected}.")
    if array.dtype.kind not in "uif":
        raise ValueError(f"{path} holds {array.dtype}; expected numbers.")
    odd = np.argwhere(~np.isfinite(array))
    if len(odd):
        place = tuple(odd[0].tolist())
        raise ValueError(f"{path} holds {array[place]} at {place}; expected finite numbers.")
    return array.astype(np.float64)


def _array(path: Path) -> NDArray[Any]:
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}.")
    try:
        array = np.load(path, allow_pickle=False)
    except Exception as error:  # a damaged file raises whatever its bytes happen to say
        raise ValueError(f"{path} cannot be read as an array ({error}). Write it with numpy.save.") from error
    if not isinstance(array, np.ndarray):
        raise ValueError(f"{path} is an archive of several arrays; expected one array, as numpy.save writes it.")
    return array
