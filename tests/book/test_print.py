"""The whole student edition as a PDF: what it shows, what it must not show, and where its links lead."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from autograder.course import Course
from autograder.publishing.book import BookBuild
from autograder.publishing.pdf import PdfBuild, build_pdf
from tests.support.browser import chromium
from tests.support.secrets import secrets

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(chromium() is None and os.environ.get("CI") != "true", reason="no Chromium is installed"),
]

# Lines are compared without spaces, and then a short one is found anywhere.
_LONG = 24


@pytest.fixture(scope="session")
def printed(built: BookBuild, course_copy: Course) -> PdfBuild:
    return build_pdf(course_copy, built.html, "student")


@pytest.fixture(scope="session")
def reader(printed: PdfBuild) -> PdfReader:
    return PdfReader(io.BytesIO(printed.path.read_bytes()))


@pytest.fixture(scope="session")
def sheets(printed: PdfBuild) -> list[str]:
    """The text of each page, in order."""
    with pypdfium2.PdfDocument(printed.path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


@pytest.fixture(scope="session")
def text(sheets: list[str]) -> str:
    return "\n".join(sheets)


@pytest.fixture(scope="session")
def source(printed: PdfBuild) -> BeautifulSoup:
    return BeautifulSoup(printed.path.with_suffix(".html").read_text(encoding="utf-8"), "html.parser")


def flat(text: str) -> str:
    """Without spaces and hyphens: lines break anywhere, and PDFium reads the hyphen at a line's end as another sign."""
    return re.sub(r"[\s\x02\xad\ufffe-]+", "", text)


def test_it_has_the_size_of_a_book(printed: PdfBuild, reader: PdfReader) -> None:
    assert len(reader.pages) == printed.pages
    assert 150 <= printed.pages <= 500
    assert printed.path.stat().st_size < 40e6


def test_every_chapter_and_section_is_a_bookmark(reader: PdfReader, source: BeautifulSoup) -> None:
    chapters = [item.title for item in reader.outline if not isinstance(item, list)]
    titles = [heading.get_text().strip() for heading in source.select("h1")]
    assert len(titles) > 13
    assert [flat(title) for title in chapters] == [flat(title) for title in titles]


def test_every_link_inside_leads_somewhere(source: BeautifulSoup) -> None:
    anchors = [element["id"] for element in source.select("[id]") if element.find_parent("svg") is None]
    assert len(anchors) == len(set(anchors))
    inside = {str(link["href"])[1:] for link in source.select("a[href^='#']")}
    assert inside and inside <= set(anchors)
    elsewhere = {str(link["href"]) for link in source.select("a[href]") if not str(link["href"]).startswith("#")}
    assert all(href.startswith(("https://", "http://", "mailto:")) for href in elsewhere)


def test_the_contents_name_the_page_of_every_entry(reader: PdfReader, sheets: list[str], source: BeautifulSoup) -> None:
    entries = source.select(".contents a")
    pages = [
        reader.get_destination_page_number(reader.named_destinations[f"/{str(entry['href'])[1:]}"]) for entry in entries
    ]
    contents = flat("".join(sheets[1 : pages[0]]))
    for entry, page in zip(entries, pages, strict=True):
        assert page is not None
        title = flat(entry.get_text())
        assert f"{title}{page + 1}" in contents
        assert title in flat(sheets[page])


def test_no_formula_is_left_as_it_was_typed(text: str) -> None:
    for sign in ("Math Processing Error", "\\frac{", "\\begin{", "\\sum_", "\\partial"):
        assert sign not in text, sign


def test_every_font_is_embedded(reader: PdfReader) -> None:
    found = 0
    for page in reader.pages:
        for font in (page["/Resources"].get_object().get("/Font") or {}).values():
            font = font.get_object() if isinstance(font, IndirectObject) else font
            if font["/Subtype"] == "/Type3":  # its glyphs are drawings in the file
                assert "/CharProcs" in font
            else:
                descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]
            found += 1
    assert found


def test_nothing_in_it_is_for_instructors_only(text: str, source: BeautifulSoup, course_copy: Course) -> None:
    hidden = {flat(line): cell for line, cell in secrets(course_copy).items() if len(flat(line)) >= _LONG}
    assert hidden
    for shown in (flat(text), flat(source.get_text())):
        leaked = {line: cell for line, cell in hidden.items() if line in shown}
        assert not leaked


def test_nothing_names_the_machine(printed: PdfBuild, text: str) -> None:
    root = str(Path(__file__).resolve().parents[2])
    assert root not in text
    assert root.encode() not in printed.path.read_bytes()
