"""What this machine offers: versions, kernel, isolation, data, fonts for pages."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from autograder.course import Course

_PACKAGES = ("numpy", "nbclient", "ipykernel")
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


def examine(course: Course | None = None) -> Iterator[Finding]:
    """Look at this machine; nothing is changed and nothing is downloaded.

    Args:
        course: may have a hook ``doctor``, which adds what its notebooks need.
    """
    yield Finding("python", "ok", f"{platform.python_version()} on {platform.system()} ({os.cpu_count()} cores)")
    for package in _PACKAGES:
        yield _package(package, "missing", "install the course's requirements.txt")
    for package in _FOR_INSTRUCTORS:
        yield _package(package, "note", "only instructors need it")
    yield _kernel()
    yield from _isolation()
    hook = None if course is None else course.hook("doctor")
    for topic, state, detail in () if hook is None else hook():
        yield Finding(topic, state, detail)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    yield Finding(
        "chromium", "ok" if chromium else "note", chromium or "not found: the tests of the rendered book skip"
    )


def _package(name: str, state: Literal["missing", "note"], otherwise: str) -> Finding:
    try:
        return Finding(name, "ok", version(name))
    except PackageNotFoundError:
        return Finding(name, state, f"not installed; {otherwise}")


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
