"""Like :mod:`student_side`, for images and pretrained networks: what must live beside the student's code."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from autograder.workbook.connection import beside_student

# Kept for the life of the process: a folder vanishes with its object.
_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []


@beside_student
def write_files(files: dict[str, bytes]) -> list[str]:
    """Write files into a new folder that lasts as long as the process; return their paths in the order given."""
    folder = tempfile.TemporaryDirectory(prefix="workbook-")
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
        import torch

        self._modes.append(str(getattr(image, "mode", type(image).__name__)))
        pixels = np.array(image, dtype=np.float32)
        pixels = pixels[:, :, None] if pixels.ndim == 2 else pixels
        values = self._scale * pixels.transpose(2, 0, 1) / 255 + self._shift
        return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))

    def modes(self) -> list[str]:
        """For each call so far, the mode of the image that came (such as ``"RGB"``), or the type of what else came."""
        return list(self._modes)


@beside_student
def trainable(module: Any) -> list[str]:
    """The names of the parameters for which a backward pass computes a gradient."""
    return [name for name, parameter in module.named_parameters() if parameter.requires_grad]


@beside_student
def with_numbers(value: Any) -> Any:
    """The same lists and tuples with a plain number in the place of each tensor or array that holds a single one."""
    if isinstance(value, list | tuple):
        return type(value)([with_numbers(entry) for entry in value])
    single = hasattr(value, "item") and getattr(value, "ndim", None) == 0
    return value.item() if single else value
