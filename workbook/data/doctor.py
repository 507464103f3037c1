"""What this machine offers to this course's notebooks: versions and data. ``autograder doctor`` shows it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from workbook.data.sources import cache_folder, data_folder

_PACKAGES = ("torch", "torchvision", "matplotlib", "networkx", "scikit-learn", "scikit-image")


def findings() -> Iterator[tuple[str, str, str]]:
    """Each finding as its topic, its state (``ok``, ``missing`` or ``note``) and a detail; nothing is downloaded."""
    for name in _PACKAGES:
        try:
            yield name, "ok", version(name)
        except PackageNotFoundError:
            yield name, "missing", "not installed; run `pip install -r requirements.txt`"
    for folder, origin in ((data_folder("mnist"), "WORKBOOK_DATA"), (cache_folder("mnist"), "the cache")):
        if folder is not None and (folder / "MNIST" / "raw").is_dir():
            yield "MNIST", "ok", f"in {origin}: {folder}"
            return
    yield "MNIST", "note", "not here: the embedded digits are used (set WORKBOOK_DATA to change that)"
