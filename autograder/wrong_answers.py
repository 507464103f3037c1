"""Read a course's wrong answers: what students get wrong, the name that the check gives it, and what it costs.

The answers of a chapter are in one file of the folder that ``course.toml`` names under ``wrong_answers``, in jupytext's
percent format, which editors open as a notebook. Each cell is one answer to one exercise, whole::

    # %% grade_id="softmax" mistake="global-maximum" fails=["test-softmax"]
    def softmax(x):
        ...

``grade_id`` names the exercise, ``mistake`` what the check calls it, ``fails`` the test cells that lose their points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import CourseError

_NAME = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class WrongAnswer:
    """One wrong answer to one exercise.

    Attributes:
        grade_id: the exercise.
        mistake: the name that the check gives the mistake.
        fails: the test cells that lose their points, by grade id.
        source: the answer's cell.
    """

    grade_id: str
    mistake: str
    fails: tuple[str, ...]
    source: str


def load_wrong_answers(folder: Path, chapter: str) -> list[WrongAnswer]:
    """The wrong answers in ``folder/<chapter>.py``, in file order; none where there is no such file.

    Raises:
        CourseError: if a cell of the file does not say which answer it is.
    """
    import jupytext

    path = folder / f"{chapter}.py"
    if not path.is_file():
        return []
    cells = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells
    return [_answer(cell.metadata, cell.source, path.name) for cell in cells if cell.cell_type == "code"]


def _answer(header: dict[str, Any], source: str, file: str) -> WrongAnswer:
    grade_id, mistake, fails = (header.get(key) for key in ("grade_id", "mistake", "fails"))
    names = [grade_id, mistake, *fails] if isinstance(fails, list) and fails else [None]
    if not all(isinstance(name, str) and _NAME.fullmatch(name) for name in names):
        first = next(iter(source.strip().splitlines()), "")
        raise CourseError(
            f"{file}: the cell that begins with {first!r} does not say which answer it is. Expected a line "
            '# %% grade_id="EXERCISE" mistake="NAME" fails=["TEST CELL"] above it.'
        )
    return WrongAnswer(str(grade_id), str(mistake), tuple(fails or ()), source.strip("\n") + "\n")
