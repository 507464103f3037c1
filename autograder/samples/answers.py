"""Read the wrong answers of a chapter.

Each stands in ``mistakes/<chapter>.txt`` under a line ``# %% grade-id | mistake | test-cell, test-cell``: the exercise,
the name that the check gives the mistake, and the test cells that lose their points. What follows is the answer, whole,
or as edits in the form of a diff: a line ``@@`` begins an edit of the instructor's solution, and ``@@ mistake`` one of
that other wrong answer of the exercise, which stands whole above; lines that begin with a space or ``-`` must be there,
one after the other and once, and those that begin with a space or ``+`` take their place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.notebook.cells import by_grade_id

_FOLDER = Path(__file__).parent / "mistakes"
_HEADER = re.compile(r"^# %% (?P<grade_id>[\w-]+) \| (?P<mistake>[\w-]+) \| (?P<fails>[\w, -]+)$", re.MULTILINE)
_EDIT = re.compile(r"^@@(?: (?P<base>[\w-]+))?$", re.MULTILINE)
_SOLUTION_MARKER = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)


@dataclass(frozen=True)
class WrongAnswer:
    """One wrong answer to one exercise."""

    grade_id: str
    mistake: str
    fails: tuple[str, ...]
    source: str


def load_wrong_answers(chapter: str, notebook: NotebookNode) -> list[WrongAnswer]:
    """The wrong answers of a chapter, in file order; none where the chapter has no file.

    Args:
        chapter: its name, such as ``"02_xor_mlp"``.
        notebook: its instructor version, whose solutions the edits change.

    Raises:
        ValueError: if the file has a ``# %%`` line that does not follow the form, or an edit that fits nowhere.
    """
    path = _FOLDER / f"{chapter}.txt"
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8")
    headers = list(_HEADER.finditer(text))
    if len(headers) != text.count("# %%"):
        raise ValueError(f"{path.name}: a '# %%' line is not of the form '# %% grade-id | mistake | test-cell, …'.")
    solutions = by_grade_id(notebook)
    whole: dict[tuple[str, str | None], str] = {
        (grade_id, None): _SOLUTION_MARKER.sub("", cell.source).strip() + "\n" for grade_id, cell in solutions.items()
    }
    ends = [header.start() for header in headers[1:]] + [len(text)]
    answers = []
    for header, end in zip(headers, ends, strict=True):
        grade_id, mistake = header["grade_id"], header["mistake"]
        source = text[header.end() : end].strip("\n") + "\n"
        if source.startswith("@@"):
            source = _edited(source, grade_id, whole, f"{path.name}: {grade_id}: {mistake}")
        else:
            whole[grade_id, mistake] = source
        fails = tuple(name.strip() for name in header["fails"].split(","))
        answers.append(WrongAnswer(grade_id, mistake, fails, source))
    return answers


def _edited(edits: str, grade_id: str, whole: dict[tuple[str, str | None], str], where: str) -> str:
    """The text that the edits make of the one they name; ``where`` begins each error."""
    marks = list(_EDIT.finditer(edits))
    base = (grade_id, marks[0]["base"])
    if base not in whole:
        raise ValueError(f"{where}: there is no {'solution' if base[1] is None else repr(base[1])} above to edit.")
    result = whole[base]
    ends = [mark.start() for mark in marks[1:]] + [len(edits)]
    for mark, end in zip(marks, ends, strict=True):
        lines = edits[mark.end() : end].strip("\n").split("\n")
        old, new = ("".join(f"{line[1:]}\n" for line in lines if line[:1] in kept) for kept in (" -", " +"))
        if f"\n{result}".count(f"\n{old}") != 1:
            raise ValueError(f"{where}: an edit must fit exactly once, but this is not so of\n{old}")
        result = f"\n{result}".replace(f"\n{old}", f"\n{new}")[1:]
    return result
