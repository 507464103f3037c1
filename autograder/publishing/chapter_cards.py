"""One card for each chapter: its number, title, time and one of its figures, with a link to its page."""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import yaml
from nbformat import NotebookNode
from PIL import Image

from autograder.course import Course
from autograder.errors import CourseError
from autograder.publishing.figures.svg import AS_DRAWN, SVG
from autograder.publishing.page_figures.dark import dark, recolour
from autograder.publishing.page_figures.pixels import pixel_bytes, with_small_pixels

MARKER = "% chapter cards"
_TIME = re.compile(r"\*\*Time:\*\*\s*(?P<time>[^.]+)\.")
# Where Sphinx copies it from, and where pages in book/ find it.
_COVERS = Path("_static") / "covers"
_DARK = "dark"
_COVER_SIZE = (640, 320)  # pixels
_MOST_PIXELS = 10_000  # bytes


@dataclass(frozen=True)
class Cover:
    """The picture on a card.

    Attributes:
        file: its name in the folder of covers.
        content: the bytes of the file.
        text: what it shows, for readers who cannot see it.
    """

    file: str
    content: bytes
    text: str

    @property
    def is_drawing(self) -> bool:
        """True for an SVG, which has other colours on a dark page."""
        return self.file.endswith(".svg")


def stage_cards(course: Course, executed: Mapping[str, NotebookNode], stage: Path) -> None:
    """Put the cards of the executed chapters into each staged page of ``book/`` that has the marker.

    Args:
        executed: the chapters by name, in the order of the cards.

    Raises:
        CourseError: if ``book/covers.yml`` names a cell without a picture, or a file that does not exist.
    """
    pages = [path for path in (stage / "book").glob("*.md") if MARKER in path.read_text(encoding="utf-8")]
    if not pages:
        return
    covers = {name: _cover(course, name, notebook) for name, notebook in executed.items()}
    (stage / _COVERS / _DARK).mkdir(parents=True, exist_ok=True)
    for cover in filter(None, covers.values()):
        (stage / _COVERS / cover.file).write_bytes(cover.content)
        if cover.is_drawing:
            (stage / _COVERS / _DARK / cover.file).write_bytes(_in_the_dark(cover.content))
    cards = chapter_cards([(name, notebook, covers[name]) for name, notebook in executed.items()])
    for path in pages:
        path.write_text(path.read_text(encoding="utf-8").replace(MARKER, cards), encoding="utf-8")


def chapter_cards(chapters: Sequence[tuple[str, NotebookNode, Cover | None]]) -> str:
    """A Markdown block with a list of cards."""
    cards = "\n".join(_card(*chapter) for chapter in chapters)
    return f'```{{raw}} html\n<ol class="chapter-cards">\n{cards}\n</ol>\n```'


def _card(name: str, notebook: NotebookNode, cover: Cover | None) -> str:
    opening = notebook.cells[0].source
    title = html.escape(opening.partition("\n")[0].removeprefix("# ").strip())
    time = _TIME.search(opening)
    picture = _pictures(cover) if cover else ""
    minutes = f'<span class="time">{html.escape(time["time"].strip())}</span>' if time else ""
    return (
        f'<li><a href="../notebooks/{name}.html"><span class="picture">{picture}</span>'
        f'<span class="title"><span class="number">{html.escape(name.partition("_")[0])}</span> {title}</span>{minutes}'
        "</a></li>"
    )


def _pictures(cover: Cover) -> str:
    """The picture, or two of which the theme hides one."""

    def image(folder: Path, of: str) -> str:
        kind = f' class="{of}"' if cover.is_drawing else ""
        source = f"../{(folder / cover.file).as_posix()}"
        return f'<img{kind} src="{source}" alt="{html.escape(cover.text)}" loading="lazy">'

    return image(_COVERS, "only-light") + (image(_COVERS / _DARK, "only-dark") if cover.is_drawing else "")


def _in_the_dark(drawing: bytes) -> bytes:
    """A drawing in the colours of a dark page; what has no colour is black on white, and light there."""
    ET.register_namespace("", SVG)
    root = ET.fromstring(drawing.decode("utf-8"))
    recolour(root, dark)
    root.set("fill", dark("#000000"))
    for group in root.iter():
        if group.get("class") == AS_DRAWN:
            group.set("fill", "#000000")
    return ET.tostring(root)


def _cover(course: Course, name: str, notebook: NotebookNode) -> Cover | None:
    """The picture that ``book/covers.yml`` names for a chapter, a cell or a file; else the chapter's first figure."""
    path = course.root / "book" / "covers.yml"
    listed = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.is_file() else {}
    entry = listed.get(name)
    if isinstance(entry, dict):
        file = course.root / "book" / str(entry.get("file"))
        if not file.is_file():
            raise CourseError(f"{path}: the cover of {name} is {entry.get('file')!r}, but there is no {file}.")
        return Cover(f"{name}{file.suffix}", file.read_bytes(), str(entry.get("alt", "")))
    for cell in notebook.cells:
        if entry in (None, cell.id) and (picture := _picture(cell)):
            text = str(cell.metadata.get("mystnb", {}).get("image", {}).get("alt", ""))
            return Cover(f"{name}{picture[0]}", picture[1], text)
    if entry is not None and any(cell.get("outputs") for cell in notebook.cells):
        raise CourseError(f"{path}: the cover of {name} is the cell {entry!r}, which draws nothing. Name another.")
    return None


def _small(picture: bytes) -> bytes:
    """A PNG at the size of a card on a screen with two pixels to each CSS pixel, as WebP."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        image.thumbnail(_COVER_SIZE, Image.Resampling.LANCZOS)
        image.save(out, "WEBP", quality=80)
    return out.getvalue()


def _picture(cell: NotebookNode) -> tuple[str, bytes] | None:
    """The first figure of a cell as a file: its suffix and its content."""
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "image/svg+xml" in data:
            drawing = str(data["image/svg+xml"])
            if pixel_bytes(drawing) > _MOST_PIXELS:
                drawing = with_small_pixels(drawing, _COVER_SIZE[0])
            return ".svg", drawing.encode("utf-8")
        if "image/png" in data:
            return ".webp", _small(base64.b64decode(data["image/png"]))
    return None
