"""Stage the prose pages of the book: fill in what is made from the chapters, or by the course itself; link terms."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat

from autograder.course import Course
from autograder.notebook.glossary_links import Glossary, linked_terms, read_glossary
from autograder.publishing import chapter_map
from autograder.publishing.interactive_figures import with_interactive_prose

# Pages that have no source file: Sphinx writes the index itself and needs a page of that name to list it.
GENERATED = {"genindex": "# Index\n"}
# The glossary links itself where it should; the others speak of grading, where a weight or a kernel is another thing.
_WITHOUT_TERMS = ("glossary", "for-instructors", "cluster", "write-a-chapter", "how-this-is-built")
_STATIC, _TEMPLATES = "_static", "_templates"


def stage_prose(course: Course, stage: Path) -> None:
    """Write the pages of ``book/``, their style sheets and templates, and the index page into ``stage``."""
    pages = course.root / "book"
    shutil.copytree(pages, stage / "book", ignore=shutil.ignore_patterns(_STATIC, _TEMPLATES))
    for name in (_STATIC, _TEMPLATES):
        # Sphinx looks for both at the top, and Jupyter Book links the style sheets that it finds there.
        if (pages / name).is_dir():
            shutil.copytree(pages / name, stage / name)
    for name, text in GENERATED.items():
        (stage / f"{name}.md").write_text(text, encoding="utf-8")
    glossary = course_glossary(course)
    fill = course.hook("pages")
    for path in (stage / "book").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        if chapter_map.MARKER in text:
            text = text.replace(chapter_map.MARKER, chapter_map.chapter_map(_map_entries(course)))
        text = with_interactive_prose(course, text)
        if fill is not None:
            text = fill(path.stem, text, path.parent)
        if path.stem not in _WITHOUT_TERMS:
            (text,) = linked_terms([text], glossary)
        path.write_text(text, encoding="utf-8")


def course_glossary(course: Course) -> Glossary:
    """The terms of ``book/glossary.md``; none where there is no such page."""
    page = course.root / "book" / "glossary.md"
    return read_glossary(page.read_text(encoding="utf-8") if page.is_file() else "")


def _map_entries(course: Course) -> list[chapter_map.MapEntry]:
    return [chapter_map.map_entry(c.name, nbformat.read(c.path, as_version=4)) for c in course.chapters]
