"""Where interactive figures stand, and what a page holds of them before any script has run.

tests/book asks Chromium for the rest.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.course import Course
from autograder.errors import CourseError
from autograder.publishing.interactive_figures import with_interactive_figures, with_interactive_prose
from tests.conftest import ROOT
from tests.support.interactive import figure_attribute

LIST: dict[str, list[dict[str, str]]] = yaml.safe_load((ROOT / "book" / "interactive.yml").read_text())
FIGURES = {entry["figure"]: chapter for chapter, entries in LIST.items() for entry in entries}
FILES = sorted(path.stem for path in (ROOT / "book" / "interactive" / "figures").glob("*.js"))


# --- where they stand ---------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Course:
    """A course with the figures of this one and an empty list."""
    (tmp_path / "book").mkdir()
    shutil.copytree(ROOT / "book" / "interactive", tmp_path / "book" / "interactive")
    return Course(tmp_path)


def write_list(course: Course, text: str) -> None:
    (course.root / "book" / "interactive.yml").write_text(text)


def page() -> nbformat.NotebookNode:
    cells = [new_markdown_cell("# Toy", id="title"), new_markdown_cell("The end.", id="end")]
    return new_notebook(cells=cells)


def test_a_course_without_a_list_has_no_figures(small: Course) -> None:
    before = page()
    assert with_interactive_figures(small, "01_toy", before) is before


def test_a_figure_follows_the_cell_it_is_named_for(small: Course) -> None:
    write_list(small, "01_toy:\n  - {figure: schedules, after: title}\n  - {figure: output_size, after: end}\n")
    before = page()
    result = with_interactive_figures(small, "01_toy", before)
    assert [cell.id for cell in result.cells] == ["title", "interactive-schedules", "end", "interactive-output_size"]
    assert [cell.id for cell in before.cells] == ["title", "end"]
    nbformat.validate(result)


def test_what_figures_share_is_on_a_page_once(small: Course) -> None:
    write_list(small, "01_toy:\n  - {figure: schedules, after: title}\n  - {figure: output_size, after: end}\n")
    text = "".join(cell.source for cell in with_interactive_figures(small, "01_toy", page()).cells)
    assert text.count("<style>") == 1
    assert text.count("prefers-reduced-motion") == 1


def test_a_prose_page_gets_its_figure_where_it_names_it_without_a_number(small: Course) -> None:
    text = with_interactive_prose(small, "# Toys\n\n% interactive schedules\n\nText.\n\n% interactive output_size\n")
    first, second = text.index('id="interactive-schedules"'), text.index('id="interactive-output_size"')
    assert text.index("# Toys") < first < text.index("\nText.\n") < second
    assert text.count("<style>") == 1
    assert text.count('data-autoplay="true"') == 2
    assert "{interactive}" not in text and "% interactive" not in text


def test_a_prose_page_that_names_no_figure_stays_as_it_is(small: Course) -> None:
    assert with_interactive_prose(small, "# Toys\n") == "# Toys\n"


def test_a_prose_page_that_names_an_unknown_figure_is_refused(small: Course) -> None:
    with pytest.raises(CourseError, match="no interactive figure 'nothing'"):
        with_interactive_prose(small, "% interactive nothing\n")


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ("01_toy:\n  - {figure: schedules, after: nowhere}\n", r"after the cell 'nowhere' of 01_toy"),
        ("01_toy:\n  - {figure: magic, after: end}\n", r"no interactive figure 'magic'\. .* has: activation_slope, "),
        ("01_toy:\n  - {figure: schedules}\n", r"an entry of 01_toy is not a pair"),
        (
            "01_toy:\n  - {figure: schedules, after: end}\n  - {figure: schedules, after: title}\n",
            r"puts 'schedules' into 01_toy twice",
        ),
    ],
)
def test_a_wrong_list_is_refused_with_the_entry_named(small: Course, listed: str, message: str) -> None:
    write_list(small, listed)
    with pytest.raises(CourseError, match=message):
        with_interactive_figures(small, "01_toy", page())


def test_every_figure_stands_in_one_chapter() -> None:
    assert sorted(FIGURES) == FILES
    assert sum(len(entries) for entries in LIST.values()) == len(FILES) >= 8


@pytest.mark.parametrize("chapter", sorted(LIST))
def test_every_listed_cell_is_in_its_chapter(chapter: str) -> None:
    cells = {cell.id for cell in nbformat.read(ROOT / "notebooks" / f"{chapter}.ipynb", as_version=4).cells}
    assert {entry["after"] for entry in LIST[chapter]} <= cells


# --- what a page holds before any script has run ------------------------------------------------------------------


def still(figure: str, tmp_path: Path) -> str:
    """The HTML of a figure, as it is put into a page."""
    course = Course(tmp_path)
    for name in ("book", "workbook", "authoring", "course.toml"):
        if not (tmp_path / name).exists():
            (tmp_path / name).symlink_to(ROOT / name)
    chapter, after = FIGURES[figure], next(e["after"] for e in LIST[FIGURES[figure]] if e["figure"] == figure)
    cells = [new_markdown_cell("", id=e["after"]) for e in LIST[chapter]]
    made = with_interactive_figures(course, chapter, new_notebook(cells=cells))
    assert after in {cell.id for cell in made.cells}
    return str(next(cell.source for cell in made.cells if cell.id == f"interactive-{figure}"))


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The HTML of every figure but the one that asks real networks, which a slow test looks at."""
    folder = tmp_path_factory.mktemp("stills")
    return {figure: still(figure, folder) for figure in FILES if FIGURES[figure] != "12_pretrained_models"}


def test_the_first_state_is_drawn_and_described(stills: dict[str, str]) -> None:
    for figure, html in stills.items():
        drawing = re.search(r"<svg .*?</svg>", html, re.S)
        assert drawing and drawing[0].count("<") > 20, figure
        assert not re.search(r"NaN|undefined|Infinity|\[object", html.partition("<script>\n")[0]), figure
        described = re.search(r'<p class="text"[^>]*>([^<]+)</p>', html)
        assert described and any(character.isdigit() for character in described[1]), figure


def test_controls_wait_for_the_script(stills: dict[str, str]) -> None:
    for figure, html in stills.items():
        assert '<div class="controls" hidden="">' in html, figure
        assert re.search(r'<input type="(range|radio)"', html), figure


def test_nothing_in_a_figure_is_loaded_from_elsewhere(stills: dict[str, str]) -> None:
    for figure, html in stills.items():
        assert not re.search(r"https?:|\bfetch\(|\bimport\(|<link|<script src|type=\"module\"", html), figure


@pytest.mark.parametrize("figure", FILES)
def test_a_title_states_and_a_caption_says_what_to_try(figure: str) -> None:
    title, caption = figure_attribute(figure, "title"), figure_attribute(figure, "caption")
    assert len(title.split()) >= 5 and not title.endswith(".")
    assert 2 <= len(re.findall(r"[.?](?= |$)", caption)) <= 5 and len(caption.split()) >= 25
    assert "!" not in title + caption
