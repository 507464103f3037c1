"""Files, data sets and loaders next to the student's code."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograder.testing.connection import beside_student

# Kept for the life of the process: a folder vanishes with its object.
_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []


@beside_student
def array_loader(images: ArrayLike, labels: ArrayLike, batch_size: int) -> Any:
    """A DataLoader over float32 images and int64 labels, in the order given, the last batch as it comes."""
    import torch.utils.data

    tensors = torch.as_tensor(np.array(images), dtype=torch.float32), torch.as_tensor(np.array(labels)).long()
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(*tensors), batch_size=batch_size)


@beside_student
def length(dataset: Any) -> int:
    """How many items a data set has."""
    return len(dataset)


@beside_student
def described_item(dataset: Any, index: int) -> list[dict[str, Any]]:
    """Each part of ``dataset[index]`` as a dict: ``type``, ``dtype`` (str), ``shape`` and ``array``."""
    item = dataset[index]
    return [_described(part) for part in (item if isinstance(item, (tuple, list)) else (item,))]


@beside_student
def described_batch(dataset: Any, batch_size: int) -> list[dict[str, Any]]:
    """Each part of the first batch that a DataLoader makes of a data set, as a dict like those of an item."""
    import torch.utils.data

    return [_described(part) for part in next(iter(torch.utils.data.DataLoader(dataset, batch_size=batch_size)))]


def _described(value: Any) -> dict[str, Any]:
    array = value.detach().cpu().numpy() if hasattr(value, "detach") else np.asarray(value)
    return {"type": type(value).__name__, "dtype": str(array.dtype), "shape": array.shape, "array": array.copy()}


@beside_student
def write_files(files: dict[str, bytes]) -> list[str]:
    """Write files into a new folder that lasts as long as the process; return their paths in the order given."""
    folder = tempfile.TemporaryDirectory(prefix="autograder-files-")
    _FOLDERS.append(folder)
    for name, content in files.items():
        (Path(folder.name) / name).write_bytes(content)
    return [str(Path(folder.name) / name) for name in files]


@beside_student
class AffineTransform:
    """A preprocessing that changes values only: ``scale * pixel / 255 + shift``, as float32, channels first."""

    def __init__(self, scale: float, shift: float) -> None:
        self._scale, self._shift = scale, shift
        self._modes: list[str] = []

    def __call__(self, image: Any) -> Any:
        """The image as a float32 tensor of shape (channels, height, width)."""
        import torch

        self._modes.append(str(getattr(image, "mode", type(image).__name__)))
        pixels = np.array(image, dtype=np.float32)
        pixels = pixels[:, :, None] if pixels.ndim == 2 else pixels
        values = self._scale * pixels.transpose(2, 0, 1) / 255 + self._shift
        return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))

    def modes(self) -> list[str]:
        """For each call so far, the mode of the image that came (such as ``"RGB"``), or the type of what else came."""
        return list(self._modes)
