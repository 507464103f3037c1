"""Read the wrong answers of a chapter.

Each stands in ``mistakes/<chapter>.py`` under a line ``# %% grade-id | mistake | test-cell, test-cell``: the solution
cell it replaces, the name that the check gives the mistake, and the test cells that lose their points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "mistakes"
_HEADER = re.compile(r"^# %% (?P<grade_id>[\w-]+) \| (?P<mistake>[\w-]+) \| (?P<fails>[\w, -]+)$", re.MULTILINE)


@dataclass(frozen=True)
class WrongAnswer:
    """One wrong answer to one exercise."""

    grade_id: str
    mistake: str
    fails: tuple[str, ...]
    source: str


def load_wrong_answers(chapter: str) -> list[WrongAnswer]:
    """The wrong answers of a chapter, in file order; none where the chapter has no file.

    Raises:
        ValueError: if the file has a ``# %%`` line that does not follow the form.
    """
    path = _FOLDER / f"{chapter}.py"
    if not path.is_file():
        return []
    text = path.read_text()
    headers = list(_HEADER.finditer(text))
    if len(headers) != text.count("# %%"):
        raise ValueError(f"{path.name}: a '# %%' line is not of the form '# %% grade-id | mistake | test-cell, …'.")
    ends = [header.start() for header in headers[1:]] + [len(text)]
    return [
        WrongAnswer(
            header["grade_id"],
            header["mistake"],
            tuple(name.strip() for name in header["fails"].split(",")),
            text[header.end() : end].strip() + "\n",
        )
        for header, end in zip(headers, ends, strict=True)
    ]
