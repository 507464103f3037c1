"""What every page of the built book has to hold, read from its HTML."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
import yaml

from autograder.publishing.book import BookBuild, listed_pages
from tests.book.conftest import ROOT

PAGES = listed_pages(yaml.safe_load((ROOT / "_toc.yml").read_text()))
CHAPTERS = [page for page in PAGES if page.startswith("notebooks/")]
NUMBERED = [page for page in CHAPTERS if not Path(page).name.startswith("00")]


def _article(built: BookBuild, page: str) -> str:
    text = (built.html / f"{page}.html").read_text(encoding="utf-8")
    return text[text.index('<article class="bd-article"') : text.index("</article>")]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_opens_with_its_notebook_its_objectives_and_its_time(built: BookBuild, chapter: str) -> None:
    article = _article(built, chapter)
    opening = article[: article.index("</section>")]
    places = [opening.index(words) for words in ("Notebook:", "After this chapter you can", "Time:", "Builds on:")]
    assert places == sorted(places)
    assert re.search(r'href="\.\./_downloads/\w+/' + Path(chapter).name + r'\.ipynb"', opening)


@pytest.mark.parametrize("chapter", NUMBERED)
def test_every_exercise_shows_its_points(built: BookBuild, chapter: str) -> None:
    article = _article(built, chapter)
    marked = re.findall(
        r'<p class="cell-mark exercise">Exercise, \d+ points?</p>\s*<div class="cell tag_exercise', article
    )
    assert len(marked) == article.count('class="cell tag_exercise') > 0


@pytest.mark.parametrize("chapter", NUMBERED)
def test_figures_and_equations_carry_the_number_of_the_chapter(built: BookBuild, chapter: str) -> None:
    article = _article(built, chapter)
    number = str(int(Path(chapter).name[:2]))
    figures = re.findall(r'caption-number">Fig\. (\d+)\.(\d+)', article)
    equations = re.findall(r'class="eqno">\((\d+)\.(\d+)\)', article)
    for numbers in (figures, equations):
        assert [chapter for chapter, _ in numbers] == [number] * len(numbers)
        assert [int(position) for _, position in numbers] == list(range(1, len(numbers) + 1))
    assert figures
    assert equations


@pytest.mark.parametrize("chapter", NUMBERED)
def test_terms_of_the_glossary_are_linked_once(built: BookBuild, chapter: str) -> None:
    terms = re.findall(r'href="\.\./book/glossary\.html#(term-[\w-]+)"', _article(built, chapter))
    assert len(terms) >= 10
    assert len(terms) == len(set(terms))


@pytest.mark.parametrize("page", PAGES)
def test_figures_are_loaded_late(built: BookBuild, page: str) -> None:
    for image in re.findall(r"<img\b[^>]*>", _article(built, page)):
        assert 'loading="lazy"' in image


def test_previous_and_next_follow_the_table_of_contents(built: BookBuild) -> None:
    for page, following in itertools.pairwise(PAGES):
        if page == "genindex":  # Sphinx writes it without neighbours
            continue
        text = (built.html / f"{page}.html").read_text(encoding="utf-8")
        link = re.search(r'class="right-next"\s+href="([^"]+)"', text)
        assert link is not None
        assert (built.html / page).parent.joinpath(link[1]).resolve() == (built.html / f"{following}.html").resolve()


def test_the_index_leads_to_the_glossary_and_to_where_a_term_is_introduced(built: BookBuild) -> None:
    index = (built.html / "genindex.html").read_text(encoding="utf-8")
    (entry,) = [item for item in re.findall(r"<li>.*?</li>", index, re.DOTALL) if "term-pre-activation" in item]
    assert "book/glossary.html#term-pre-activation" in entry
    link = re.search(r'<a href="notebooks/01_activation_derivatives.html#index-[^"]*">(.*?)</a>', entry)
    assert link is not None and re.sub("<.*?>", "", link[1]) == "chapter 01"


def test_there_are_no_launch_links_unless_a_repository_is_named(built: BookBuild) -> None:
    for chapter in CHAPTERS:
        article = _article(built, chapter)
        assert "colab.research" not in article
        assert "mybinder" not in article
