"""What ``course.toml`` says of a course. Every key has a default, so the file may be short, or missing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from autograder.errors import CourseError

FILE = "course.toml"
UNSERVED = ("refuse", "in-kernel")
ISOLATIONS = ("auto", "required", "none")
HOOKS = ("pages", "interactive", "doctor", "sample_class")


class FollowThrough(StrEnum):
    """What a failed test earns that passes with the author's answers to earlier exercises which failed, too."""

    FULL = "full"
    HALF = "half"
    NONE = "none"


@dataclass(frozen=True)
class GradingDefaults:
    """What ``autograder grade`` does where its options say nothing.

    Attributes:
        isolation: one of :data:`ISOLATIONS`.
        cell_seconds, notebook_seconds: processor time of one cell, of one notebook.
        memory_gb: memory that one notebook may take.
        follow_through: see :class:`FollowThrough`.
        unserved: ``in-kernel`` lets test cells with the tag ``in-kernel`` run in the student's kernel, on the student's
            word; ``refuse`` refuses such cells.
    """

    isolation: str = "auto"
    cell_seconds: float = 120.0
    notebook_seconds: float = 900.0
    memory_gb: float = 4.0
    follow_through: str = "none"
    unserved: str = "refuse"


@dataclass(frozen=True)
class CourseSettings:
    """The keys of ``course.toml``.

    Attributes:
        title: the course's name; empty for that of its folder.
        notebooks: the folder of instructor notebooks; empty for ``notebooks`` if there is one, else the course's own.
        points: what the cells of every assignment that has points must add up to; None for whatever they do.
        helpers: packages in the course's folder that notebooks import; copied into bundle and kernels.
        references: modules of the helpers that compute right answers, as patterns; left out of those copies.
        requirements: the file that says what students install.
        data: files and folders next to the notebooks, for students.
        private_data: files and folders that only the process that examines submissions has.
        preload: modules that are imported before kernels are forked; empty for what the notebooks import.
        startup: modules that every kernel imports first.
        not_in_browser: top-level modules that Pyodide does not have; a chapter whose exercises or checks import one is
            not offered in the browser. Where the book is built with a folder of Pyodide, that folder's own list counts.
        wrong_answers: the folder of wrong answers, see :mod:`autograder.wrong_answers`; empty for none.
        hooks: functions of the course that the engine calls, ``module:name``, by what they are for.
        grading: defaults of ``autograder grade``.
    """

    title: str = ""
    notebooks: str = ""
    points: float | None = None
    helpers: tuple[str, ...] = ()
    references: tuple[str, ...] = ("*.reference",)
    requirements: str = "requirements-student.txt"
    data: tuple[str, ...] = ()
    private_data: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    startup: tuple[str, ...] = ()
    not_in_browser: tuple[str, ...] = ("jax", "tensorflow", "torch", "torchvision")
    wrong_answers: str = ""
    hooks: Mapping[str, str] = field(default_factory=dict)
    grading: GradingDefaults = field(default_factory=GradingDefaults)


def read_settings(root: Path) -> CourseSettings:
    """The settings of the course in the folder ``root``; the defaults where it has no ``course.toml``.

    Raises:
        CourseError: if the file cannot be read, or a key is unknown or has a value of the wrong kind.
    """
    path = root / FILE
    if not path.is_file():
        return CourseSettings()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}. Expected TOML in UTF-8.") from error
    grading = table.pop("grading", {})
    hooks = table.pop("hooks", {})
    if not isinstance(grading, dict) or not isinstance(hooks, dict):
        raise CourseError(f"{path}: grading and hooks are tables. Write them as [grading] and [hooks].")
    defaults = GradingDefaults(**_checked(GradingDefaults(), grading, path, "grading."))
    for key, value, known in (
        ("isolation", defaults.isolation, ISOLATIONS),
        ("follow_through", defaults.follow_through, tuple(FollowThrough)),
        ("unserved", defaults.unserved, UNSERVED),
    ):
        if value not in known:
            raise CourseError(f"{path}: grading.{key} is {value!r}. Expected one of {', '.join(known)}.")
    return CourseSettings(**_checked(CourseSettings(), table, path, ""), hooks=_hooks(hooks, path), grading=defaults)


def _checked(defaults: Any, table: Mapping[str, Any], path: Path, prefix: str) -> dict[str, Any]:
    """The values of a table, each of the kind that its default has."""
    known = [entry.name for entry in fields(defaults) if entry.name not in ("hooks", "grading")]
    for key in table:
        if key not in known:
            raise CourseError(f"{path}: there is no setting {prefix + key!r}. Expected one of {', '.join(known)}.")
    return {key: _value(value, getattr(defaults, key), f"{path}: {prefix}{key}") for key, value in table.items()}


def _value(value: Any, default: Any, where: str) -> Any:
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return tuple(value)
        raise CourseError(f"{where} is {value!r}. Expected a list of texts.")
    if isinstance(default, str):
        if isinstance(value, str):
            return value
        raise CourseError(f"{where} is {value!r}. Expected a text.")
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return float(value)
    raise CourseError(f"{where} is {value!r}. Expected a number above 0.")


def _hooks(table: Mapping[str, Any], path: Path) -> dict[str, str]:
    for name, function in table.items():
        if name not in HOOKS:
            raise CourseError(f"{path}: there is no hook {name!r}. Expected one of {', '.join(HOOKS)}.")
        if not isinstance(function, str) or function.count(":") != 1:
            raise CourseError(f"{path}: the hook {name} is {function!r}. Expected 'module:function'.")
    return dict(table)
