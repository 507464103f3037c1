"""Print a built book as one PDF: Chromium sets it, twice, because the table of contents needs page numbers."""

from __future__ import annotations

import io
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from autograder.course import Course
from autograder.durations import Durations, Say, about, silent
from autograder.errors import BuildError
from autograder.publishing.book import Edition, listed_pages
from autograder.publishing.pdf_chromium import headless_tab
from autograder.publishing.pdf_page import Cover, Part, print_page
from autograder.publishing.prose import GENERATED

_STYLE = Path(__file__).with_name("pdf.css")
# Matplotlib ships these, so a print looks the same whatever fonts a machine has.
_FONTS = (
    "STIXGeneral", "STIXGeneralBol", "STIXGeneralItalic", "STIXGeneralBolIta",
    "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono", "DejaVuSansMono-Bold", "DejaVuSansMono-Oblique",
)  # fmt: skip
_EDITIONS = {"student": "Student edition", "instructor": "Instructor edition, with solutions"}
# The paper's width less its margins (A4, 20 mm at each side), in CSS pixels.
_TEXT_WIDTH = round((210 - 2 * 20) / 25.4 * 96)

_GIST = 20
_DURATIONS = Path("durations") / "pdf.json"

_SETTLE = """(async () => {
    await window.MathJax?.startup?.promise;
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode().catch(() => null)));
})()"""
# A tall figure is given a page. Chromium would shrink the whole book to make one wide formula fit, so that one shrinks.
_FIT = """(() => {
    for (const image of document.images)
        if (image.naturalHeight > 1.2 * image.naturalWidth) image.classList.add("tall");
    for (const drawing of document.querySelectorAll(".drawing-box svg"))
        if (drawing.viewBox.baseVal.height > 1.2 * drawing.viewBox.baseVal.width) drawing.classList.add("tall");
    for (const element of document.querySelectorAll("mjx-container[display], table")) {
        const box = element.parentElement, around = getComputedStyle(box);
        const room = box.clientWidth - parseFloat(around.paddingLeft) - parseFloat(around.paddingRight);
        const size = parseFloat(getComputedStyle(element).fontSize), wide = element.scrollWidth;
        if (wide > room) element.style.fontSize = `${size * room / wide}px`;
    }
})()"""
_FAULTS = """[
    ...[...document.images]
        .filter((image) => !image.naturalWidth).map((image) => `picture ${image.getAttribute("src")}`),
    ...[...document.querySelectorAll(".math")]
        .filter((formula) => !formula.querySelector("mjx-container") || formula.querySelector("mjx-merror"))
        .map((formula) => `formula ${formula.textContent.trim()}`),
    ...[...document.fonts].filter((font) => font.status === "error").map((font) => `font ${font.family}`),
]"""
_NUMBER = """(pages) => document.querySelectorAll("[data-page-of]").forEach((place) => {
    place.textContent = pages[place.dataset.pageOf];
})"""


@dataclass(frozen=True)
class PdfBuild:
    """A printed book.

    Attributes:
        path: the PDF.
        pages: how many sheets it has, each of one side.
        seconds: wall time of printing.
    """

    path: Path
    pages: int
    seconds: float


def build_pdf(course: Course, html: Path, edition: Edition, say: Say = silent) -> PdfBuild:
    """Print the built pages in ``html`` to ``pdf/book.pdf`` beside that folder.

    Args:
        say: is told how long it will take.

    Raises:
        BuildError: if there is no Chromium, a page is missing, or a picture, font or formula cannot be shown.
    """
    begin = time.monotonic()
    durations = Durations(course.build / _DURATIONS)
    last = durations.seconds.get(edition)
    estimate = f"{about(last)}, as the last time" if last is not None else "some minutes; it is the first time here"
    say(f"printing the book with Chromium, {estimate}")
    folder = html.parent / "pdf"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(_STYLE, folder)
    _copy_fonts(folder / "fonts")
    config = yaml.safe_load((course.root / "_config.yml").read_text(encoding="utf-8"))
    toc = yaml.safe_load((course.root / "_toc.yml").read_text(encoding="utf-8"))
    page = print_page(html, parts_of(toc), _cover(config, edition), f"../{html.name}", _STYLE.name)
    source = folder / "book.html"
    source.write_text(page.html, encoding="utf-8")
    with headless_tab() as tab:
        tab.open(source, _TEXT_WIDTH)
        tab.evaluate(_SETTLE)
        tab.evaluate(_FIT)
        faults = tab.evaluate(_FAULTS)
        if faults:
            more = [f"and {len(faults) - _GIST} more"] if len(faults) > _GIST else []
            listed = "\n".join([*faults[:_GIST], *more])
            raise BuildError(f"what follows cannot be printed; fix it in the book first:\n{listed}")
        numbers = page_numbers(tab.print_pdf(draft=True), [heading.anchor for heading in page.headings])
        tab.evaluate(f"({_NUMBER})({numbers})")
        printed = tab.print_pdf()
    path = folder / "book.pdf"
    path.write_bytes(printed)
    seconds = time.monotonic() - begin
    durations.keep(edition, seconds)
    return PdfBuild(path, _count(printed), seconds)


def parts_of(toc: dict[str, Any]) -> tuple[Part, ...]:
    """The printable pages of a parsed ``_toc.yml``, grouped as its parts are; the first group is the root page.

    The index is left out: it has no page numbers, only links.
    """
    groups = [("", {key: toc[key] for key in ("root", "chapters") if key in toc})]
    groups += [(str(part.get("caption", "")), part) for part in toc.get("parts", [])]
    parts = (
        Part(caption, tuple(page for page in listed_pages(group) if page not in GENERATED)) for caption, group in groups
    )
    return tuple(part for part in parts if part.pages)


def page_numbers(pdf: bytes, anchors: list[str]) -> dict[str, int]:
    """On which page, counted from 1, each anchor of a printed PDF is.

    Raises:
        BuildError: if the PDF lacks one.
    """
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf))
    destinations = reader.named_destinations
    numbers = {}
    for anchor in anchors:
        destination = destinations.get(f"/{anchor}") or destinations.get(anchor)
        number = None if destination is None else reader.get_destination_page_number(destination)
        if number is None:
            raise BuildError(f"the printed book has no place named {anchor!r}; was its heading left out?")
        numbers[anchor] = number + 1
    return numbers


def _count(pdf: bytes) -> int:
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(pdf)).pages)


def _cover(config: dict[str, Any], edition: Edition) -> Cover:
    return Cover(
        title=str(config.get("title", "")),
        author=str(config.get("author", "")),
        edition=_EDITIONS[edition],
        year=str(config.get("copyright", "")),
        logo=str(config.get("logo", "")),
    )


def _copy_fonts(folder: Path) -> None:
    import matplotlib

    folder.mkdir()
    shipped = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for name in _FONTS:
        shutil.copy(shipped / f"{name}.ttf", folder)
