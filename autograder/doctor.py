"""What this machine offers: versions, kernel, isolation, data, fonts for pages."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from workbook.data.sources import cache_folder, data_folder

_PACKAGES = ("numpy", "torch", "torchvision", "matplotlib", "networkx", "nbclient", "ipykernel")
_FOR_INSTRUCTORS = ("nbgrader", "jupyter-book")


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Attributes:
        topic: what was looked at.
        state: ``ok``; ``missing`` (something cannot be done here); ``note`` (works, but know this).
        detail: version, place, or what to do.
    """

    topic: str
    state: Literal["ok", "missing", "note"]
    detail: str


def examine() -> Iterator[Finding]:
    """Look at this machine; nothing is changed and nothing is downloaded."""
    yield Finding("python", "ok", f"{platform.python_version()} on {platform.system()} ({os.cpu_count()} cores)")
    for package in _PACKAGES:
        yield _package(package, "run `pip install -r requirements.txt`")
    for package in _FOR_INSTRUCTORS:
        yield _package(package, "only instructors need it")
    yield _kernel()
    yield from _isolation()
    yield _mnist()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    yield Finding(
        "chromium", "ok" if chromium else "note", chromium or "not found: the tests of the rendered book skip"
    )


def _package(name: str, otherwise: str) -> Finding:
    try:
        return Finding(name, "ok", version(name))
    except PackageNotFoundError:
        return Finding(name, "missing", f"not installed; {otherwise}")


def _kernel() -> Finding:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    from autograder.kernel.cold import KERNEL_NAME

    try:
        folder = KernelSpecManager().get_kernel_spec(KERNEL_NAME).resource_dir
    except NoSuchKernel:
        return Finding("kernel", "missing", f"no kernel named {KERNEL_NAME}; run `python -m ipykernel install --user`")
    return Finding("kernel", "ok", f"{KERNEL_NAME} at {folder}")


def _isolation() -> Iterator[Finding]:
    from autograder.kernel.isolation import available

    offered = available()
    yield Finding("isolation", "ok" if offered.complete else "note", f"{offered} (for `autograder grade`)")
    for reason in offered.missing:
        yield Finding("isolation", "note", f"not here: {reason}")


def _mnist() -> Finding:
    for folder, origin in ((data_folder("mnist"), "WORKBOOK_DATA"), (cache_folder("mnist"), "the cache")):
        if folder is not None and (folder / "MNIST" / "raw").is_dir():
            return Finding("MNIST", "ok", f"in {origin}: {folder}")
    return Finding("MNIST", "note", "not here: the embedded digits are used (set WORKBOOK_DATA to change that)")
