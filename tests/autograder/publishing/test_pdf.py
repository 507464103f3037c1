"""From built pages to one page for print, and from that to a PDF, on a book of two small pages."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from pypdf import PdfReader

from autograder.course import Course
from autograder.errors import BuildError
from autograder.publishing.pdf import PdfBuild, build_pdf, page_numbers, parts_of
from autograder.publishing.pdf_chromium import find_chromium, headless_tab
from autograder.publishing.pdf_page import Cover, Part, print_page
from tests.support.browser import chromium

pytestmark = pytest.mark.xdist_group("browser")

PARTS = (Part("", ("book/index",)), Part("Chapters", ("notebooks/01_toy",)))
COVER = Cover("Toy book", "The authors", "Student edition", "2026")
TOC = {"root": "book/index", "parts": [{"caption": "Chapters", "chapters": [{"file": "notebooks/01_toy"}]}]}
CONFIG = 'title: Toy book\nauthor: The authors\ncopyright: "2026"\n'

INDEX = """<h1>Welcome<a class="headerlink" href="#welcome">#</a></h1>
<p>See <a href="../notebooks/01_toy.html#summary">the summary</a>, <a href="../genindex.html">the index</a>
and <a href="https://example.org/">a site</a>.</p>
<section id="summary"><h2>Summary</h2><p>First.</p></section>"""

CHAPTER = """<h1>1. Toys</h1>
<p><a class="download" download="" href="../_downloads/x/01_toy.ipynb">01_toy.ipynb</a>
<span class="in-browser"><a href="../lite/index.html">Run it in your browser</a>.</span></p>
<p><span class="in-browser">Try it in your browser.</span></p>
<button>Launch</button><p>Back to <a href="#summary">below</a> or <a href="../book/index.html">home</a>.</p>
<div class="cell tag_check"><details class="admonition hide"><summary>Show</summary><pre>assert secret</pre></details>
<div class="cell_output"><pre>double: correct</pre></div></div>
<div class="cell"><details class="admonition hide"><summary>Show code cell source</summary>
<pre><span class="k">def</span> <span class="n">draw</span><span class="p">()</span></pre></details></div>
<details class="hints"><summary>Hints for f</summary><details><summary>Step 1: a question</summary><p>Why?</p></details>
</details>
<figure id="fig-toy"><img alt="A grey square" loading="lazy" src="../_images/toy.png"></figure>
<svg aria-labelledby="inside outside"><title id="inside">Drawing</title></svg><p id="outside">Outside</p>
<noscript><p>Without script.</p></noscript><script>document.title = "run"</script>
<section id="summary"><h2>Summary</h2><p>Second.</p></section>"""


def built_page(article: str, identifier: str) -> str:
    return (
        '<html><head><script>window.MathJax = {"options": {}}</script></head><body><nav>Navigation</nav>'
        f'<article class="bd-article"><section id="{identifier}">{article}</section></article></body></html>'
    )


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """The built pages of the small book, in a course folder of their own."""
    html = tmp_path / "build" / "_build" / "html"
    for folder in ("book", "notebooks", "_images", "_static"):
        (html / folder).mkdir(parents=True)
    (html / "book" / "index.html").write_text(built_page(INDEX, "welcome"))
    (html / "notebooks" / "01_toy.html").write_text(built_page(CHAPTER, "toys"))
    (html / "_static" / "pygments.css").write_text(".highlight .k { color: #6730c5 }")
    Image.new("RGB", (400, 300), "grey").save(html / "_images" / "toy.png")
    (tmp_path / "_config.yml").write_text(CONFIG)
    (tmp_path / "_toc.yml").write_text(
        "root: book/index\nparts: [{caption: Chapters, chapters: [{file: notebooks/01_toy}]}]\n"
    )
    return html


@pytest.fixture
def page(built: Path) -> BeautifulSoup:
    return BeautifulSoup(print_page(built, PARTS, COVER, "../html", "pdf.css").html, "html.parser")


def chapter(page: BeautifulSoup) -> str:
    found = page.select_one("#notebooks-01_toy")
    assert found is not None
    return found.get_text(" ", strip=True)


def test_each_page_has_anchors_of_its_own_and_every_link_inside_leads_to_one(page: BeautifulSoup) -> None:
    anchors = [element["id"] for element in page.select("[id]")]
    assert len(anchors) == len(set(anchors))
    assert {"book-index--summary", "notebooks-01_toy--summary"} <= set(anchors)
    links = {link.get_text(): str(link["href"]) for link in page.select(".chapter a[href]")}
    assert links == {
        "the summary": "#notebooks-01_toy--summary",
        "a site": "https://example.org/",
        "below": "#notebooks-01_toy--summary",
        "home": "#book-index",
    }
    assert {href[1:] for href in links.values() if href.startswith("#")} <= set(anchors)


def test_what_can_only_be_clicked_becomes_text_or_goes(page: BeautifulSoup) -> None:
    text = page.get_text()
    assert "01_toy.ipynb" in text and "the index" in text and "Without script." in text
    for gone in ("Launch", "in your browser", "Navigation", "#", "document.title"):
        assert gone not in chapter(page), gone


def test_a_paragraph_of_which_nothing_is_left_goes(page: BeautifulSoup) -> None:
    assert [paragraph for paragraph in page.select(".chapter p") if not paragraph.contents] == []


def test_the_folded_code_of_a_check_is_left_out_and_other_folded_code_is_shown(page: BeautifulSoup) -> None:
    text = chapter(page)
    assert "assert secret" not in text and "The code of this check is in the notebook." in text
    assert "double: correct" in text
    assert "def draw()" in text.replace(" ()", "()") and "Show" not in text


def test_hints_are_printed_open_with_their_titles(page: BeautifulSoup) -> None:
    (hints,) = page.select(".chapter .hints")
    assert [title.get_text() for title in hints.select("p.fold-title")] == ["Hints for f", "Step 1: a question"]
    assert "Why?" in hints.get_text()
    assert page.select("details, summary") == []


def test_pictures_are_found_from_the_folder_of_the_print_and_are_not_loaded_late(page: BeautifulSoup) -> None:
    (image,) = page.select(".chapter img")
    assert image["src"] == "../html/_images/toy.png"
    assert "loading" not in image.attrs
    assert image["alt"] == "A grey square"


def test_a_label_follows_the_element_that_it_names(page: BeautifulSoup) -> None:
    (drawing,) = page.select("svg")
    assert drawing["aria-labelledby"] == "inside notebooks-01_toy--outside"


def test_the_contents_list_parts_chapters_and_sections_in_order(page: BeautifulSoup) -> None:
    (contents,) = page.select(".contents")
    lines = [line.get_text() for line in contents.select("a, .part")]
    assert lines == ["Welcome", "Summary", "Chapters", "1. Toys", "Summary"]


def test_a_page_that_was_not_built_is_named(built: Path) -> None:
    (built / "notebooks" / "01_toy.html").unlink()
    with pytest.raises(BuildError, match=r"01_toy.html is missing, though _toc.yml lists 'notebooks/01_toy'"):
        print_page(built, PARTS, COVER, "../html", "pdf.css")


def test_a_page_of_another_theme_is_named(built: Path) -> None:
    (built / "book" / "index.html").write_text("<html><body><main>text</main></body></html>")
    with pytest.raises(BuildError, match=r"book/index.html has no <article"):
        print_page(built, PARTS, COVER, "../html", "pdf.css")


def test_parts_follow_the_table_of_contents_without_the_index() -> None:
    toc = {**TOC, "parts": [*TOC["parts"], {"caption": "Last", "chapters": [{"file": "genindex"}]}]}  # type: ignore[misc]
    assert parts_of(toc) == PARTS


def test_without_chromium_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match=r"no Chromium was found; looked on PATH for chromium, .*apt-get install"):
        find_chromium()


def test_a_program_that_only_looks_like_chromium_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "chromium").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(BuildError, match=r"Chromium ended before it was asked to"), headless_tab():
        pass


needs_chromium = pytest.mark.skipif(
    chromium() is None and os.environ.get("CI") != "true", reason="no Chromium is installed"
)


def course_of(built: Path) -> Course:
    return Course(built.parents[2])


@needs_chromium
@pytest.mark.slow
def test_the_small_book_becomes_a_pdf(built: Path) -> None:
    lines: list[str] = []
    made = build_pdf(course_of(built), built, "student", lines.append)
    assert lines == ["printing the book with Chromium, some minutes; it is the first time here"]
    reader = PdfReader(made.path)
    assert made == PdfBuild(built.parent / "pdf" / "book.pdf", len(reader.pages), made.seconds)
    assert len(reader.pages) == 4  # cover, contents, two pages
    width, height = (float(side) / 72 * 25.4 for side in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)
    titles = [item.title for item in reader.outline if not isinstance(item, list)]
    assert titles == ["Contents", "Welcome", "1. Toys"]
    texts = [sheet.extract_text() for sheet in reader.pages]
    assert "Toy book" in texts[0] and "Student edition" in texts[0]
    assert re.search(r"1\. Toys\s*4", texts[1])  # the contents name the page
    assert texts[3].rstrip().endswith("4") or "\n4" in texts[3]  # and that page carries its number
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # tagged for screen readers
    anchors = ["book-index--summary", "notebooks-01_toy--summary"]
    assert page_numbers(made.path.read_bytes(), anchors) == dict(zip(anchors, (3, 4), strict=True))


@needs_chromium
@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda html: (html / "_images" / "toy.png").unlink(), r"picture ../html/_images/toy.png"),
        (
            lambda html: (html / "book" / "index.html").write_text(
                built_page(INDEX + r'<p class="math">\(x^2\)</p>', "welcome")
            ),
            r"formula \\\(x\^2\\\)",
        ),
    ],
)
def test_what_cannot_be_printed_is_named(built: Path, spoil, message: str) -> None:  # type: ignore[no-untyped-def]
    spoil(built)
    with pytest.raises(BuildError, match=rf"what follows cannot be printed; fix it in the book first:\n{message}"):
        build_pdf(course_of(built), built, "student")


def test_a_place_that_is_not_in_the_pdf_is_named(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "blank.pdf")
    with pytest.raises(BuildError, match=r"no place named 'book-index'"):
        page_numbers((tmp_path / "blank.pdf").read_bytes(), ["book-index"])


def test_the_scripts_for_formulas_are_those_of_the_first_page_that_loads_them(built: Path) -> None:
    """A page without formulas has their settings, but not the script."""
    chapter_file = built / "notebooks" / "01_toy.html"
    loads = '<script defer="defer" src="../_static/mathjax/startup.js"></script></head>'
    chapter_file.write_text(chapter_file.read_text().replace("</head>", loads))
    printed = print_page(built, PARTS, COVER, "../html", "pdf.css").html
    assert printed.count("mathjax/startup.js") == 1
    assert printed.count("window.MathJax") == 1
