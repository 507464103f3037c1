"""Pack a chapter as the custom autograder that Gradescope wants: a zip with ``setup.sh`` and ``run_autograder``.

Gradescope unpacks it to ``/autograder/source``, runs ``setup.sh`` once as root and ``run_autograder`` for each
submission, as gradescope-autograders.readthedocs.io/en/latest/specs/ says.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.course import Chapter, Course
from autograder.course_files import course_files, write_files
from autograder.course_settings import FILE
from autograder.durations import Say, silent
from autograder.errors import BuildError
from autograder.grading.source import kept_tests, prepare_sources
from autograder.helper_packages import data_files, helper_files
from autograder.kernel.own_user import VARIABLE
from autograder.publishing.pinned_requirements import pinned_requirements
from autograder.publishing.release import copy_engine

_USER = "autograder-kernel"
_PLACE = "/opt/autograder"
# Where tests put a folder in place of the container's own.
_PATHS = f"""\
root=${{1:-/autograder}}
place=${{AUTOGRADER_PLACE:-{_PLACE}}}
export {VARIABLE}=${{{VARIABLE}:-{_USER}}}
"""
_SETUP = f"""\
#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the container.
set -euo pipefail
{_PATHS}umask 022

# What is in here holds the hidden tests and the solutions. Notebooks run as another user, who must not read it.
chmod 700 "$root/source"
id -u "${VARIABLE}" >/dev/null 2>&1 ||
    useradd --system --user-group --no-create-home --shell /usr/sbin/nologin "${VARIABLE}"

# Python and the packages lie where that user can read them.
mkdir -p "$place"
if ! command -v uv >/dev/null; then
    apt-get update
    apt-get install --yes python3-venv
    python3 -m venv "$place/uv"
    "$place/uv/bin/pip" install "uv>=0.8"
    PATH=$place/uv/bin:$PATH
fi
export UV_PYTHON_INSTALL_DIR=$place/python UV_CACHE_DIR=$place/cache
uv venv --python {{python}} "$place/venv"
uv pip install --python "$place/venv/bin/python" --torch-backend cpu -r "$root/source/requirements.txt"
rm -rf "$place/cache"
packages=$("$place/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
cp -r "$root/source/engine/autograder" "$packages/"
chmod -R a+rX "$packages/autograder"
"$place/venv/bin/python" -P -m autograder.cli.gradescope_container --check "$root"
"""
_RUN = f"""\
#!/usr/bin/env bash
# Gradescope runs this for each submission, as root.
{_PATHS}exec "$place/venv/bin/python" -P -m autograder.cli.gradescope_container "$root"
"""


@dataclass(frozen=True)
class GradescopePack:
    """A packed chapter.

    Attributes:
        archive: the zip.
        chapter: its name.
        files: what is in it of the course, by paths relative to the course.
    """

    archive: Path
    chapter: str
    files: tuple[str, ...]


def pack_gradescope(course: Course, name: str, archive: Path, say: Say = silent) -> GradescopePack:
    """Pack a chapter.

    Args:
        archive: the zip to write, over one that is there.
        say: is told what is done and how long the rest will take.

    Raises:
        CourseError: if the chapter does not exist or is refused.
        KernelError: if its solutions do not come to an end.
        BuildError: if the course insists on isolation that Gradescope does not offer, or the zip cannot be written.
    """
    if course.settings.grading.isolation == "required":
        raise BuildError(
            f'{FILE} has isolation = "required" under [grading]. In Gradescope\'s containers no notebook gets '
            'namespaces, so not every layer is available. Set it to "auto": there, notebooks run as another user.'
        )
    chapter = course.chapter(name)
    if archive.suffix != ".zip":
        raise BuildError(f"{archive} does not end in .zip, as Gradescope expects. Name another file.")
    source = prepare_sources(course, [chapter.name], say)[chapter.name]
    listed = course.root / course.settings.requirements
    pins = pinned_requirements(listed.read_text(encoding="utf-8") if listed.is_file() else "")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    with tempfile.TemporaryDirectory(prefix="pack-") as temporary:
        folder = Path(temporary, "pack")
        folder.mkdir()
        for script, text in (("setup.sh", _SETUP.replace("{python}", python)), ("run_autograder", _RUN)):
            (folder / script).write_text(text, encoding="utf-8")
            (folder / script).chmod(0o755)
        (folder / "requirements.txt").write_text(pins, encoding="utf-8")
        copy_engine(folder / "engine" / "autograder")
        names = _copy_course(course, chapter, source, folder / "course")
        try:
            made = shutil.make_archive(str(Path(temporary, "made")), "zip", root_dir=folder)
            archive.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(made, archive)
        except OSError as error:
            raise BuildError(
                f"{archive} cannot be written: {error.strerror or error}. Name another file with --out."
            ) from error
    return GradescopePack(archive, chapter.name, names)


def _copy_course(course: Course, chapter: Chapter, source: NotebookNode, target: Path) -> tuple[str, ...]:
    """Copy what grading one chapter needs; returns the paths, relative to the course."""
    paths = {path.relative_to(course.root) for path in _needed(course, chapter)}
    for path in paths:
        copy = target / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(course.root / path, copy)
    files, place = course_files(course, source), course.notebooks.relative_to(course.root)
    write_files({**files.public, **files.private}, target / place)
    beside = {place / name for name in (*files.public, *files.private)}
    return tuple(sorted(path.as_posix() for path in paths | beside))


def _needed(course: Course, chapter: Chapter) -> Iterator[Path]:
    yield chapter.path
    # The tests that were made from AUTOTEST lines are among them, so that no container has to run the solutions.
    optional = (
        course.root / FILE,
        course.root / "autotests.yml",
        course.requirements,
        kept_tests(course, chapter.name),
    )
    yield from (path for path in optional if path is not None and path.is_file())
    yield from helper_files(course)
    yield from data_files(course, (*course.settings.data, *course.settings.private_data))
