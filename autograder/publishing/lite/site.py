"""Build the site in which chapters run: JupyterLite's application, the notebooks, the course's own modules."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_core.paths import jupyter_path
from nbformat import NotebookNode

from autograder.course import Course
from autograder.course_files import write_files
from autograder.errors import BuildError
from autograder.helper_packages import helper_files
from autograder.notebook.inventory import with_inventory
from autograder.publishing.lite.chapters import BrowserChapters
from autograder.publishing.lite.imports import own_modules
from autograder.publishing.lite.links import FOLDER
from autograder.publishing.lite.pyodide import KERNEL, KERNEL_WHEELS, PyodideAddress, PyodideFolder
from autograder.publishing.lite.wheels import Wheel, course_wheel, installed_wheel
from autograder.publishing.release import labelled

_APPS = ("notebooks", "tree")
_WHEELS = "wheels"
_PYODIDE = "pyodide"
# JupyterLite's Python kernel, as the extension that brings it is called.
_KERNEL = "@jupyterlite/pyodide-kernel-extension"
# Pyodide looks for a wheel from the script of the kernel's worker on: extensions/@NAME/NAME/static/.
_FROM_WORKER = "../../../../"
_LAST_LINES = 15
# In JupyterLite's notebook, a command to download has no entry in the menu, and no button.
_DOWNLOAD = {"command": "docmanager:download", "rank": 11}
_OVERRIDES = {
    "@jupyterlab/mainmenu-extension:plugin": {"menus": [{"id": "jp-mainmenu-file", "items": [_DOWNLOAD]}]},
    "@jupyterlab/notebook-extension:panel": {"toolbar": [{"name": "download", "label": "Download", **_DOWNLOAD}]},
}
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class BrowserSite:
    """The site inside of a book in which chapters run.

    Attributes:
        folder: where it is.
        size: in bytes.
        chapters: how many cells of each chapter cannot run, by its name.
        left_out: why a chapter is not there, by its name.
        perhaps: modules that are not there, and that functions of the course import when they are called.
        origin: where Python comes from.
    """

    folder: Path
    size: int
    chapters: Mapping[str, int]
    left_out: Mapping[str, str]
    perhaps: tuple[str, ...]
    origin: str


def can_be_imported(pyodide: PyodideAddress | PyodideFolder, module: str) -> bool:
    """True for a top-level module of another package that the site brings along, or that Pyodide has."""
    return installed_wheel(module) is not None or pyodide.package(module) is not None


def build_site(
    course: Course,
    chapters: BrowserChapters,
    files: Mapping[str, bytes],
    pyodide: PyodideAddress | PyodideFolder,
    html: Path,
) -> BrowserSite:
    """Build the site into the folder ``lite`` of a built book.

    Args:
        course: its helper packages, without the references, go with the site.
        chapters: what readers open.
        files: what is next to the notebooks, by paths.
        pyodide: where Python comes from.
        html: the built book.

    Raises:
        BuildError: if JupyterLite ends with an error, Pyodide's folder lacks something, or a chapter cites what the
            bibliography lacks.
    """
    target = html / FOLDER
    # What is nothing but Python comes from here, in the versions that the course was tested with.
    brought = {module: found for module in sorted(chapters.modules) if (found := installed_wheel(module)) is not None}
    packages = sorted({*KERNEL, *filter(None, map(pyodide.package, chapters.modules - brought.keys()))})
    wheels = [*dict.fromkeys([_course_wheel(course), *map(_kernel_wheel, KERNEL_WHEELS), *brought.values()])]
    with tempfile.TemporaryDirectory(prefix="lite-") as folder:
        stage = Path(folder)
        notebooks = {
            name: with_inventory(labelled(course, notebook, name)) for name, notebook in chapters.notebooks.items()
        }
        _stage(course, notebooks, files, _kernel_settings(packages, wheels, pyodide), stage)
        _run_jupyterlite(stage, target)
    (target / _WHEELS).mkdir()
    for wheel in wheels:
        (target / _WHEELS / wheel.file).write_bytes(wheel.content)
    if isinstance(pyodide, PyodideFolder):
        pyodide.copy(packages, target / _PYODIDE)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return BrowserSite(target, size, chapters.skipped, chapters.left_out, tuple(sorted(chapters.perhaps)), str(pyodide))


def _kernel_settings(
    packages: list[str], wheels: list[Wheel], pyodide: PyodideAddress | PyodideFolder
) -> dict[str, Any]:
    """What JupyterLite's Python kernel is told: all is loaded at the start, side by side.

    Wheels come first. A package of Pyodide that needs one of the same name then goes with it.
    """
    loaded = [*(f"{_FROM_WORKER}{_WHEELS}/{wheel.file}" for wheel in wheels), *packages]
    offline = isinstance(pyodide, PyodideFolder)
    url = f"./{_PYODIDE}/pyodide.js" if isinstance(pyodide, PyodideFolder) else pyodide.url
    return {
        **({"pyodideUrl": url} if url else {}),
        "disablePyPIFallback": offline,
        "loadPyodideOptions": {"packages": loaded},
    }


def _stage(
    course: Course,
    notebooks: Mapping[str, NotebookNode],
    files: Mapping[str, bytes],
    kernel: Mapping[str, Any],
    stage: Path,
) -> None:
    contents = stage / "files"
    contents.mkdir()
    for name, notebook in notebooks.items():
        nbformat.write(notebook, contents / f"{name}.ipynb")
    write_files(files, contents)
    settings = {
        "appName": course.title,
        "appUrl": "./tree",
        "faviconUrl": "./tree/favicon.ico",
        "settingsOverrides": _OVERRIDES,
        "litePluginSettings": {f"{_KERNEL}:kernel": kernel},
    }
    site = {"jupyter-lite-schema-version": 0, "jupyter-config-data": settings}
    (stage / "jupyter-lite.json").write_text(json.dumps(site), encoding="utf-8")
    build = {
        "apps": _APPS,
        "contents": ["files"],
        # Extensions of the publisher's own Jupyter talk to a server, and a reader has none.
        "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": [str(_kernel_extension())],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
    }
    (stage / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": build}), encoding="utf-8")


def _run_jupyterlite(stage: Path, target: Path) -> None:
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(stage), "--output-dir", str(target)]
    finished = subprocess.run(command, capture_output=True, text=True, cwd=stage)
    if finished.returncode != 0:
        lines = _COLOUR.sub("", finished.stdout + finished.stderr).strip().splitlines()
        raise BuildError("JupyterLite did not build the site; it said last:\n" + "\n".join(lines[-_LAST_LINES:]))


def _kernel_extension() -> Path:
    for folder in jupyter_path("labextensions"):
        if (found := Path(folder) / _KERNEL).is_dir():
            return found
    raise BuildError(f"there is no {_KERNEL} among Jupyter's extensions; install the package again.")


def _course_wheel(course: Course) -> Wheel:
    own = {name: path for name, path in own_modules(course).items() if name.partition(".")[0] == "autograder"}
    engine = {f"{'/'.join(_parts(name, path))}.py": path.read_bytes() for name, path in own.items()}
    helpers = {p.relative_to(course.root).as_posix(): p.read_bytes() for p in helper_files(course, references=False)}
    return course_wheel(course.slug, engine | helpers)


def _parts(module: str, path: Path) -> list[str]:
    return [*module.split("."), "__init__"] if path.name == "__init__.py" else module.split(".")


def _kernel_wheel(module: str) -> Wheel:
    wheel = installed_wheel(module)
    if wheel is None:
        raise BuildError(f"{module}, which JupyterLite needs, is not installed as pure Python. Install {module} again.")
    return wheel
