"""Links to chapters in the browser stand where a page asks for them, and on the chapters' own pages."""

import pytest

from autograder.publishing.lite.links import BUTTON, MARKER, browser_link, stage_links


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "book" / "index.md"
    path.parent.mkdir()
    path.write_text(f"# Toys\n\n{MARKER}\n\nEnd.\n")
    return path


def test_the_link_of_a_chapter_says_what_is_missing_there():
    assert 'href="../lite/notebooks/index.html?path=01_toy.ipynb"' in browser_link("01_toy", 0)
    assert "more than a browser has" not in browser_link("01_toy", 0)
    assert "(1 cell of it needs more than a browser has)" in browser_link("01_toy", 1)
    assert "(2 cells of it need more than a browser has)" in browser_link("01_toy", 2)


def test_a_page_lists_the_chapters_where_its_author_has_put_the_mark(page):
    stage_links(["00_start", "01_toy"], page.parents[1])
    assert 'chapters <a href="../lite/notebooks/index.html?path=00_start.ipynb">00</a>, <a' in page.read_text()


def test_without_such_chapters_the_mark_stays_a_comment(page):
    before = page.read_text()
    stage_links([], page.parents[1])
    assert page.read_text() == before


def test_a_button_leads_to_the_first_chapter(page):
    page.write_text(f"# Toys\n\n{BUTTON}\n")
    stage_links(["00_start", "01_toy"], page.parents[1])
    assert 'href="../lite/notebooks/index.html?path=00_start.ipynb">Run it in your browser</a>' in page.read_text()
    assert BUTTON not in page.read_text()
