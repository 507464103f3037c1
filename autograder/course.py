"""The course on disk: where its chapters, its settings and its generated files are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.errors import CourseError

_CHAPTER = re.compile(r"^\d\d_[a-z0-9_]+$")


@dataclass(frozen=True)
class Chapter:
    """One instructor notebook.

    Attributes:
        name: the assignment's name, for example ``01_activation_derivatives``.
        path: the notebook file.
    """

    name: str
    path: Path


@dataclass(frozen=True)
class Course:
    """A folder with ``notebooks/`` (the instructor versions) and ``_toc.yml``.

    Attributes:
        root: absolute path of the folder.
    """

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """The course that contains ``start`` (default: the working directory), looking upwards.

        Raises:
            CourseError: if no parent folder is a course.
        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / "notebooks").is_dir() and (folder / "_toc.yml").is_file():
                return cls(folder)
        raise CourseError(
            f"{here} is not inside a course. Expected a folder with notebooks/ and _toc.yml; "
            "change into it or name it with --course."
        )

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """Every chapter, in reading order."""
        files = sorted((self.root / "notebooks").glob("*.ipynb"))
        return tuple(Chapter(path.stem, path) for path in files if _CHAPTER.match(path.stem))

    def chapter(self, name: str) -> Chapter:
        """The chapter called ``name``; its number alone will do, with or without the leading zero.

        Raises:
            CourseError: if there is none, or the number fits several.
        """
        number = name.zfill(2)
        fitting = [c for c in self.chapters if c.name == name or c.name.partition("_")[0] == number]
        if len(fitting) != 1:
            known = ", ".join(c.name for c in self.chapters) or "none"
            raise CourseError(f"there is no chapter {name!r}. The course has: {known}.")
        return fitting[0]

    @property
    def build(self) -> Path:
        """Where everything generated goes."""
        return self.root / "build"

    @property
    def requirements(self) -> Path:
        """The exact pins that every environment of this course installs."""
        return self.root / "requirements.txt"
