"""The folder in which an author's cells run: it holds the author's files, never a student's."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.course_files import CourseFiles, write_files


@contextmanager
def referee_folder(files: CourseFiles) -> Iterator[Path]:
    """A temporary folder with the author's files, public and private."""
    with tempfile.TemporaryDirectory(prefix="referee-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        write_files({**files.public, **files.private}, folder)
        yield folder


@contextmanager
def working_in(folder: Path | None) -> Iterator[None]:
    """Within the block, relative paths are those of the folder, and modules in it can be imported.

    It comes last on the import path: nothing in it takes the place of an installed module.
    """
    if folder is None:
        yield
        return
    before = Path.cwd()
    os.chdir(folder)
    sys.path.append(str(folder))
    try:
        yield
    finally:
        os.chdir(before)
        sys.path.remove(str(folder))
