"""Each chapter has a card with its number, its title, its time, a picture of its own, and a link to its page."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from autograder.course import Course
from autograder.errors import CourseError
from autograder.publishing.book import listed_pages
from autograder.publishing.chapter_cards import MARKER, stage_cards
from autograder.publishing.page_figures.dark import contrast

ROOT = Path(__file__).resolve().parents[3]
COLOURS = {"early": (200, 30, 30), "late": (30, 30, 200)}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course whose staged landing page has the marker."""
    (tmp_path / "book").mkdir()
    (tmp_path / "stage" / "book").mkdir(parents=True)
    (tmp_path / "stage" / "book" / "index.md").write_text(f"# Toys\n\n{MARKER}\n")
    return Course(tmp_path)


def _png(colour: tuple[int, int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1000, 400), colour).save(out, "PNG")
    return out.getvalue()


def _colour(course: Course, name: str) -> tuple[int, int, int]:
    """Which figure the staged cover of a chapter is."""
    with Image.open(course.root / "stage" / "_static" / "covers" / f"{name}.webp") as cover:
        assert cover.size == (640, 256)
        red, green, blue = cover.convert("RGB").getpixel((9, 9))
    return min(COLOURS.values(), key=lambda known: abs(known[0] - red) + abs(known[1] - green) + abs(known[2] - blue))


def _chapter(
    title: str = "Toys & games", opening: str = "**Time:** 15 minutes. **Builds on:** nothing."
) -> NotebookNode:
    cells = [new_markdown_cell(f"# {title}\n\n{opening}", id="title")]
    for name, colour in COLOURS.items():
        drawn = new_output("display_data", data={"image/png": base64.b64encode(_png(colour)).decode()})
        shown = {"mystnb": {"image": {"alt": f"A {name} line rises."}}}
        cells.append(new_code_cell("draw()", id=name, outputs=[drawn], metadata=shown))
    notebook: NotebookNode = new_notebook(cells=cells)
    return notebook


def _staged(course: Course, chapters: dict[str, NotebookNode]) -> str:
    stage_cards(course, chapters, course.root / "stage")
    return (course.root / "stage" / "book" / "index.md").read_text()


def _covers(course: Course, **entries: object) -> None:
    (course.root / "book" / "covers.yml").write_text(yaml.safe_dump(entries))


def test_a_card_has_number_title_time_picture_and_link(course: Course) -> None:
    page = _staged(course, {"01_toys": _chapter()})
    assert '<a href="../notebooks/01_toys.html">' in page
    assert '<span class="number">01</span> Toys &amp; games' in page
    assert '<span class="time">15 minutes</span>' in page
    assert '<img src="../_static/covers/01_toys.webp" alt="A early line rises." loading="lazy">' in page
    assert _colour(course, "01_toys") == COLOURS["early"]


def test_a_drawing_is_a_cover_as_it_is(course: Course) -> None:
    chapter = _chapter()
    chapter.cells[1].outputs[0].data = {"image/svg+xml": "<svg/>"}
    assert '<img class="only-light" src="../_static/covers/01_toys.svg"' in _staged(course, {"01_toys": chapter})
    assert (course.root / "stage" / "_static" / "covers" / "01_toys.svg").read_text() == "<svg/>"


def test_a_drawing_has_light_lines_on_a_dark_page(course: Course) -> None:
    chapter = _chapter()
    drawing = '<svg><path style="stroke: #0072b2" fill="#ffffff"/><text>a word</text></svg>'
    chapter.cells[1].outputs[0].data = {"image/svg+xml": drawing}
    assert '<img class="only-dark" src="../_static/covers/dark/01_toys.svg"' in _staged(course, {"01_toys": chapter})
    made = (course.root / "stage" / "_static" / "covers" / "dark" / "01_toys.svg").read_text()
    colours = re.findall("#[0-9a-f]{6}", made)
    assert len(colours) == 3 and "#0072b2" not in made
    ink, line, paper = colours
    assert contrast(ink, paper) > 10 and contrast(line, paper) > 4


def test_cards_come_in_the_order_of_the_chapters(course: Course) -> None:
    page = _staged(course, {"02_b": _chapter("B"), "01_a": _chapter("A")})
    assert page.index("02_b.html") < page.index("01_a.html")


def test_the_author_chooses_the_picture(course: Course) -> None:
    _covers(course, **{"01_toys": "late", "02_file": {"file": "cover.svg", "alt": "A drawn toy."}})
    (course.root / "book" / "cover.svg").write_text("<svg/>")
    page = _staged(course, {"01_toys": _chapter(), "02_file": _chapter()})
    assert _colour(course, "01_toys") == COLOURS["late"]
    assert '<img class="only-light" src="../_static/covers/02_file.svg" alt="A drawn toy." loading="lazy">' in page


def test_a_chapter_without_figures_has_a_card_without_picture(course: Course) -> None:
    bare = new_notebook(cells=[new_markdown_cell("# Words", id="title")])
    page = _staged(course, {"01_words": bare})
    assert "01_words.html" in page and "<img" not in page and 'class="time"' not in page


@pytest.mark.parametrize(
    ("entry", "message"),
    [("nowhere", "the cell 'nowhere', which draws nothing"), ({"file": "gone.svg"}, "'gone.svg', but there is no")],
)
def test_a_picture_that_is_not_there_is_named(course: Course, entry: object, message: str) -> None:
    _covers(course, **{"01_toys": entry})
    with pytest.raises(CourseError, match=message):
        _staged(course, {"01_toys": _chapter()})


def test_a_chapter_that_did_not_run_has_no_picture_rather_than_none_of_the_others(course: Course) -> None:
    _covers(course, **{"01_toys": "late"})
    chapter = _chapter()
    for cell in chapter.cells[1:]:
        cell.outputs = []
    assert "<img" not in _staged(course, {"01_toys": chapter})


def test_a_page_without_the_marker_is_left_alone(course: Course) -> None:
    (course.root / "stage" / "book" / "index.md").write_text("# Toys\n")
    assert _staged(course, {"01_toys": _chapter()}) == "# Toys\n"
    assert not (course.root / "stage" / "_static").exists()


def test_every_chapter_of_this_course_has_a_time_and_a_chosen_picture() -> None:
    covers = yaml.safe_load((ROOT / "book" / "covers.yml").read_text())
    pages = listed_pages(yaml.safe_load((ROOT / "_toc.yml").read_text()))
    names = [Path(page).name for page in pages if page.startswith("notebooks/")]
    assert list(covers) == names
    for name in names:
        notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
        assert "**Time:**" in notebook.cells[0].source
        assert isinstance(covers[name], dict) or covers[name] in [cell.id for cell in notebook.cells]
