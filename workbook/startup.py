"""Let ``import torchvision`` work with a CPU-only build of torch.

The ordinary torchvision wheel cannot load its compiled operators there, and its import fails with "operator
torchvision::nms does not exist". Models, data sets and transforms need none of those operators. So their two missing
schemas are declared first when, and only when, the compiled library cannot be loaded.

Importing this module costs nothing: it only puts a finder in front of Python's own, which acts when torchvision is
imported and imports torch no sooner.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

_SCHEMAS = {
    "nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}


class TorchvisionFinder(MetaPathFinder):
    """Finds torchvision where Python finds it, with a loader that declares what it may lack."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002  (Python passes it)
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of torchvision itself; None for every other module."""
        if fullname != "torchvision":
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _DeclaringLoader(spec.loader)
        return spec


class _DeclaringLoader(Loader):
    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        # The declarations vanish with the object that made them.
        self._library: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        if not compiled_operators_load(Path(str(module.__spec__.origin)).parent):
            import torch

            self._library = torch.library.Library("torchvision", "DEF")
            for schema in _SCHEMAS.values():
                self._library.define(schema)
        self._loader.exec_module(module)


def compiled_operators_load(folder: Path) -> bool:
    """Whether the operators that are compiled into torchvision, in ``folder``, fit the installed torch. Imports it."""
    import torch

    for library in folder.glob("_C*.so"):
        try:
            torch.ops.load_library(str(library))
        except OSError:
            return False
        return True
    return False


def install() -> None:
    """Put the finder in front, once in a process."""
    if not any(isinstance(finder, TorchvisionFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, TorchvisionFinder())


install()
