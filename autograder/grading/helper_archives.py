"""A course's helper packages on their way to workers that share no disk with this machine."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import zipfile
from atexit import register
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.course import Course
from autograder.helper_packages import helper_archive


@dataclass(frozen=True)
class HelperArchives:
    """The helper packages as two zips.

    Attributes:
        kernel: without the references, for kernels that run a student's code.
        referee: whole, for the process that examines it.
    """

    kernel: bytes
    referee: bytes


def packed_helpers(course: Course) -> HelperArchives:
    """The helper packages of a course as they travel."""
    return HelperArchives(helper_archive(course, references=False), helper_archive(course, references=True))


@cache
def unpacked(archives: HelperArchives) -> Path:
    """Unpack, once in this process: the whole packages become importable here.

    Returns:
        the folder that kernels get, which stays until this process ends.
    """
    folder = Path(tempfile.mkdtemp(prefix="helpers-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    for name, archive in (("kernel", archives.kernel), ("referee", archives.referee)):
        (folder / name).mkdir()
        zipfile.ZipFile(io.BytesIO(archive)).extractall(folder / name)
    # Before the folder of an earlier course, whose packages may have the same names.
    sys.path.insert(0, str(folder / "referee"))
    return folder / "kernel"
