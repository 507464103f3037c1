"""What this machine offers to this course's notebooks: versions and data. ``autograder doctor`` shows it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from workbook.data.sources import cache_folder, data_folder
from workbook.startup import compiled_operators_load

_PACKAGES = ("torch", "torchvision", "matplotlib", "networkx", "scikit-learn", "scikit-image")


def findings() -> Iterator[tuple[str, str, str]]:
    """Each finding as its topic, its state (``ok``, ``missing`` or ``note``) and a detail; nothing is downloaded."""
    for name in _PACKAGES:
        try:
            yield name, "ok", version(name)
        except PackageNotFoundError:
            yield name, "missing", "not installed; run `pip install -r requirements.txt`"
    yield from _bare_import()
    for folder, origin in ((data_folder("mnist"), "WORKBOOK_DATA"), (cache_folder("mnist"), "the cache")):
        if folder is not None and (folder / "MNIST" / "raw").is_dir():
            yield "MNIST", "ok", f"in {origin}: {folder}"
            return
    yield "MNIST", "note", "not here: the embedded digits are used (set WORKBOOK_DATA to change that)"


def _bare_import() -> Iterator[tuple[str, str, str]]:
    """What to know where torchvision was built for another build of torch."""
    found = find_spec("torchvision") if find_spec("torch") else None
    if found is not None and found.origin and not compiled_operators_load(Path(found.origin).parent):
        yield (
            "torchvision",
            "note",
            "built for another torch than the one here. In a notebook of the bundle, run its first cell; elsewhere, "
            "run `import workbook` first. Else `import torchvision` ends with "
            '"operator torchvision::nms does not exist". The README of the bundle says how to install two that fit.',
        )
