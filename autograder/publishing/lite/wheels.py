"""Wheels that a site brings along: the course's own modules, and installed packages that are nothing but Python."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import Distribution, distribution, packages_distributions
from pathlib import PurePosixPath

from autograder.digest import digest

_METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
_WHEEL = "Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_LEFT_OUT = frozenset({"INSTALLER", "REQUESTED", "direct_url.json", "RECORD"})


@dataclass(frozen=True)
class Wheel:
    """A wheel.

    Attributes:
        file: its name, which changes with its content: a browser keeps what it has fetched.
        content: the archive.
    """

    file: str
    content: bytes


def course_wheel(slug: str, files: Mapping[str, bytes]) -> Wheel:
    """A wheel of a course's own modules.

    Args:
        slug: the course's name as a folder has it.
        files: the contents by their paths, from the top of the wheel.
    """
    name = slug.replace("-", "_")
    version = f"0.post{int(digest(*(part for path in sorted(files) for part in (path, files[path])))[:12], 16)}"
    about = {"METADATA": _METADATA.format(name=name, version=version), "WHEEL": _WHEEL}
    return _wheel(name, version, {**files, **{f"{name}-{version}.dist-info/{k}": v.encode() for k, v in about.items()}})


@lru_cache
def installed_wheel(module: str) -> Wheel | None:
    """The wheel of the installed package that brings a top-level module.

    None where there is no such package, it is not pure Python, or it needs another package.
    """
    name = package_of(module)
    if name is None:
        return None
    found = distribution(name)
    if "Root-Is-Purelib: true" not in (found.read_text("WHEEL") or "") or _needs_others(found):
        return None
    files = [path for path in found.files or [] if _belongs(PurePosixPath(path))]
    normal = found.name.replace("-", "_").replace(".", "_")
    return _wheel(normal, found.version, {path.as_posix(): path.locate().read_bytes() for path in files})  # type: ignore[attr-defined]


def package_of(module: str) -> str | None:
    """The installed package that brings a top-level module, by its normal name; None where none does."""
    found = _modules().get(module)
    return normal_name(found[0]) if found else None


def normal_name(package: str) -> str:
    """A package's name as lists of packages have it."""
    return package.lower().replace("_", "-").replace(".", "-")


@lru_cache
def _modules() -> Mapping[str, list[str]]:
    return packages_distributions()


def _needs_others(found: Distribution) -> bool:
    """True where a requirement holds without any extra, on any system."""
    return any(";" not in line for line in found.requires or [])


def _belongs(path: PurePosixPath) -> bool:
    return ".." not in path.parts and "__pycache__" not in path.parts and path.name not in _LEFT_OUT


def _wheel(name: str, version: str, files: Mapping[str, bytes]) -> Wheel:
    record = f"{name}-{version}.dist-info/RECORD"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path), files[path], zipfile.ZIP_DEFLATED)
        listed = "".join(f"{path},,\n" for path in [*sorted(files), record])
        archive.writestr(zipfile.ZipInfo(record), listed, zipfile.ZIP_DEFLATED)
    return Wheel(f"{name}-{version}-py3-none-any.whl", packed.getvalue())
