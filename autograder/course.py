"""The course on disk: where its chapters, its settings and its generated files are."""

from __future__ import annotations

import functools
import importlib
import re
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.course_settings import FILE, CourseSettings, read_settings
from autograder.errors import CourseError


@dataclass(frozen=True)
class Chapter:
    """One instructor notebook.

    Attributes:
        name: the assignment's name, for example ``01_first_steps``.
        path: the notebook file.
    """

    name: str
    path: Path


@dataclass(frozen=True)
class Course:
    """A folder with instructor notebooks, and what ``course.toml`` in it says.

    Attributes:
        root: absolute path of the folder.
    """

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """The course that contains ``start`` (default: the working directory), looking upwards.

        A folder that is named, and holds notebooks, is a course without any further file.

        Raises:
            CourseError: if no parent folder is a course.
        """
        here = (start or Path.cwd()).resolve()
        found = cls.around(here)
        if found is None and start is not None and cls(here).chapters:
            # A folder with one notebook is a course, where it is named as one: a folder of downloads has some, too.
            found = cls(here)
        if found is None:
            raise CourseError(
                f"{here} is not inside a course. Expected a folder with {FILE}; change into it, or name the "
                "folder of your notebooks with --course. `autograder init FOLDER` makes a course."
            )
        return found

    @classmethod
    def around(cls, here: Path) -> Course | None:
        """The course that contains the absolute path ``here``, or None where it is in no course."""
        for folder in (here, *here.parents):
            if (folder / FILE).is_file() or ((folder / "notebooks").is_dir() and (folder / "_toc.yml").is_file()):
                return cls(folder)
        return None

    @cached_property
    def settings(self) -> CourseSettings:
        """What ``course.toml`` says.

        Raises:
            CourseError: if it cannot be used.
        """
        return read_settings(self.root)

    @property
    def title(self) -> str:
        """The course's name."""
        return self.settings.title or self.root.name

    @property
    def slug(self) -> str:
        """The name as a folder has it: lower case, with hyphens, letters without their accents."""
        letters = unicodedata.normalize("NFKD", self.title.casefold())
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
        return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "course"

    @property
    def notebooks(self) -> Path:
        """The folder of instructor notebooks."""
        if self.settings.notebooks:
            return self.root / self.settings.notebooks
        return self.root / "notebooks" if (self.root / "notebooks").is_dir() else self.root

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """Every chapter, in the order of their names; numbers count as numbers."""
        files = sorted(self.notebooks.glob("*.ipynb"), key=lambda path: _in_order(path.stem))
        return tuple(Chapter(path.stem, path) for path in files if not path.name.startswith("."))

    def chapter(self, name: str) -> Chapter:
        """The chapter called ``name``; its number alone will do, with or without the leading zero.

        Raises:
            CourseError: if there is none, or the number fits several.
        """
        number = name.zfill(2)
        named = [c for c in self.chapters if c.name == name]
        fitting = named or [c for c in self.chapters if c.name.partition("_")[0].zfill(2) == number]
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

    @property
    def wrong_answers(self) -> Path | None:
        """The folder of wrong answers, or None where the course has none."""
        return self.root / self.settings.wrong_answers if self.settings.wrong_answers else None

    def make_importable(self) -> None:
        """Let this process, and those that it starts, import the helper packages from the course's folder.

        The folder comes last: nothing in it takes the place of an installed module.
        """
        if str(self.root) not in sys.path:
            sys.path.append(str(self.root))

    def hook(self, name: str) -> Callable[..., Any] | None:
        """The function that ``course.toml`` names for ``name``, or None where it names none.

        Raises:
            CourseError: if there is no such function.
        """
        path = self.settings.hooks.get(name)
        if path is None:
            return None
        self.make_importable()
        module, _, function = path.partition(":")
        try:
            loaded: Any = importlib.import_module(module)
            found: Callable[..., Any] = functools.reduce(getattr, function.split("."), loaded)
        except (ImportError, AttributeError) as error:
            raise CourseError(f"{self.root / FILE}: the hook {name} = {path!r} cannot be loaded: {error}.") from error
        return found


def _in_order(name: str) -> list[tuple[int, int, str]]:
    """A key by which 2 comes before 10."""
    parts = re.findall(r"\d+|\D+", name)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part.casefold()) for part in parts]
