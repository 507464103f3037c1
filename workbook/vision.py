"""Import torchvision beside a CPU-only build of torch.

The ordinary torchvision wheel cannot load its compiled operators there, and its import then fails with "operator
torchvision::nms does not exist". Models, data sets and transforms need none of those operators, so their two
missing schemas are declared first when, and only when, the compiled library cannot be loaded.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import torch

_SCHEMAS = {
    "nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}
# Kept for the life of the process: the declarations vanish with the library object.
_LIBRARIES: list[torch.library.Library] = []


def _compiled_operators_load() -> bool:
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("torchvision is not installed; run `pip install -r requirements.txt`.")
    for library in Path(spec.origin).parent.glob("_C*.so"):
        try:
            torch.ops.load_library(str(library))
        except OSError:
            return False
        return True
    return False


def _declare_missing_operators() -> None:
    if _LIBRARIES or _compiled_operators_load():
        return
    library = torch.library.Library("torchvision", "DEF")
    for schema in _SCHEMAS.values():
        library.define(schema)
    _LIBRARIES.append(library)


_declare_missing_operators()

import torchvision  # noqa: E402  (the schemas must be declared first)

__all__ = ["torchvision"]
