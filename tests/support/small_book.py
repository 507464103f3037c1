"""The toy course with a book of two prose pages in this book's own style."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.course import Course
from tests.conftest import ROOT
from tests.support.toy import NAME, toy_course

_TOC = f"""
format: jb-book
root: book/index
parts:
  - caption: Chapters
    chapters:
      - file: notebooks/{NAME}
        sections:
          - file: book/for-students
"""


def small_course(folder: Path) -> Course:
    """Make the course in a folder that does not exist yet."""
    course = toy_course(folder)
    (course.root / "_toc.yml").write_text(_TOC)
    (course.root / "_config.yml").write_text((ROOT / "_config.yml").read_text())
    pages = course.root / "book"
    for name in ("_static", "_templates"):
        shutil.copytree(ROOT / "book" / name, pages / name)
    (pages / "index.md").write_text(f"# Toy book\n\nSee [the chapter](../notebooks/{NAME}.ipynb).\n")
    (pages / "for-students.md").write_text("# For students\n")
    (pages / "references.bib").write_text("")
    return course
