"""Pyodide, Python for browsers: where a site gets it from, and which packages it has."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from autograder.errors import BuildError
from autograder.publishing.lite.wheels import normal_name, package_of

_LIST = "pyodide-lock.json"
_SCRIPT = "pyodide.js"
_CORE = (_SCRIPT, "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
# What JupyterLite's kernel itself is made of. Pyodide does not have `comm`.
KERNEL = ("micropip", "ssl", "sqlite3", "ipython", "jedi")
KERNEL_WHEELS = ("comm",)


class Pyodide(Protocol):
    """A source of Pyodide."""

    def package(self, module: str) -> str | None:
        """The package of Pyodide that brings a top-level module; None where none does."""

    def __str__(self) -> str:
        """What a publisher is told."""


@dataclass(frozen=True)
class PyodideAddress:
    """Pyodide on the internet: each reader's browser fetches it from there.

    Attributes:
        url: the address of ``pyodide.js``; empty for the one that JupyterLite comes with.
        lacking: top-level modules that it does not have.
    """

    url: str
    lacking: Collection[str]

    def package(self, module: str) -> str | None:
        """As installed here, where it is installed."""
        return None if module in self.lacking else package_of(module)

    def __str__(self) -> str:
        if self.url:
            return f"{self.url}, which readers' browsers ask for it"
        return f"JupyterLite's default address, version {_needed_version()}, which readers' browsers ask for it"


@dataclass(frozen=True)
class PyodideFolder:
    """Pyodide in a folder, from which a site gets a copy: readers' browsers ask no other host.

    Attributes:
        folder: a distribution of Pyodide as its makers pack it, or a part of one.
        listed: what its list says of each package, by normal name.
    """

    folder: Path
    listed: Mapping[str, Mapping[str, Any]]

    def package(self, module: str) -> str | None:
        """As the list says, where the package's file is in the folder."""
        for name, entry in self.listed.items():
            if module in entry["imports"] and (self.folder / entry["file_name"]).is_file():
                return name
        return None

    def copy(self, packages: Iterable[str], target: Path) -> None:
        """Copy Python itself and some packages, with all that they need, and a list of these alone.

        Raises:
            BuildError: if a file is missing.
        """
        names = self._with_needs(packages)
        target.mkdir(parents=True)
        for file in (*_CORE, *(self.listed[name]["file_name"] for name in names)):
            if not (self.folder / file).is_file():
                raise BuildError(f"{self.folder} has no {file}, which its {_LIST} lists. Take a complete distribution.")
            shutil.copyfile(self.folder / file, target / file)
        whole = json.loads((self.folder / _LIST).read_text(encoding="utf-8"))
        whole["packages"] = {key: entry for key, entry in whole["packages"].items() if normal_name(key) in names}
        (target / _LIST).write_text(json.dumps(whole), encoding="utf-8")

    def _with_needs(self, packages: Iterable[str]) -> list[str]:
        found: set[str] = set()
        waiting = list(packages)
        while waiting:
            name = normal_name(waiting.pop())
            if name not in self.listed:
                raise BuildError(f"the {_LIST} of {self.folder} has no package {name}. Take a complete distribution.")
            if name not in found:
                found.add(name)
                waiting += self.listed[name]["depends"]
        return sorted(found)

    def __str__(self) -> str:
        return f"{self.folder}, copied into the site"


def pyodide_from(choice: str | None, lacking: Collection[str]) -> PyodideAddress | PyodideFolder:
    """Where a publisher wants Pyodide to come from.

    Args:
        choice: a folder, or an address that begins with http; None for JupyterLite's default address.
        lacking: modules that Pyodide on the internet does not have; a folder has a list of those that it has.

    Raises:
        BuildError: if the folder holds no Pyodide, or another version than JupyterLite needs.
    """
    if choice is None:
        return PyodideAddress("", lacking)
    if choice.startswith(("http://", "https://")):
        url = choice if choice.endswith(".js") else f"{choice.rstrip('/')}/{_SCRIPT}"
        return PyodideAddress(url, lacking)
    folder = Path(choice).resolve()
    missing = [name for name in (*_CORE, _LIST) if not (folder / name).is_file()]
    if missing:
        raise BuildError(
            f"{folder} holds no distribution of Pyodide: there is no {missing[0]}. Expected the unpacked release "
            f"{_needed_version()}, or an address that begins with https."
        )
    try:
        whole = json.loads((folder / _LIST).read_text(encoding="utf-8"))
        version, packages = str(whole["info"]["version"]), dict(whole["packages"])
    except (ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{folder / _LIST} cannot be read: {error}. Take another copy of the distribution.") from error
    if _series(version) != _series(_needed_version()):
        raise BuildError(
            f"{folder} holds Pyodide {version}; this JupyterLite runs with {_needed_version()}, or another release of "
            f"{_series(_needed_version())}."
        )
    return PyodideFolder(folder, {normal_name(name): entry for name, entry in packages.items()})


def _needed_version() -> str:
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    return str(PYODIDE_VERSION)


def _series(version: str) -> str:
    return ".".join(version.split(".")[:2])
