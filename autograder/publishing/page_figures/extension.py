"""A Sphinx extension that puts the drawings of figures into the pages: wide at a desk, narrow on a phone.

An SVG becomes a part of its page, so that its text can be selected and found, and its colours follow the theme; where
it has many pixels, these are a picture below it, which is loaded when a reader comes near. A raster stays a file, of
which the browser loads the one that fits the window. Each is a link to the wide file.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from docutils import nodes  # type: ignore[import-untyped]
from PIL import Image
from sphinx.application import Sphinx

from autograder.publishing.figures.svg import PIXELS, SVG, TYPE, size, smallest_type
from autograder.publishing.page_figures.dark import dark, recolour
from autograder.publishing.page_figures.pixels import as_webp, pixel_bytes, taken_apart
from autograder.publishing.page_figures.stage import FOLDER, WIDE

# An image, with the link and the words that page_body has put around it.
_IMAGE = re.compile(
    r'(?P<link><a class="enlarge"[^>]*>)<img\b[^>]*?\ssrc="(?P<file>(?P<up>[^"]*)_images/'
    r'(?P<stem>[^"/.]+)(?P<suffix>\.svg|\.png))"[^>]*>(?P<rest>.*?</a>)'
)
_ALT = re.compile(r'\salt="(?P<text>[^"]*)"')
_PHONE = "(max-width: 600px)"
_PHONE_EM = 25  # the width of a phone's column in sizes of a caption's type
_SCALE = 2  # pixels of a raster to a CSS pixel
_MOST_PIXELS = 30_000  # bytes of pixels that a part of a page may have


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx; has to stand after ``page_body``, which makes links of images."""
    app.connect("html-page-context", _put)
    app.connect("build-finished", _copy_rasters)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _put(app: Sphinx, _: str, __: str, context: dict[str, Any], ___: nodes.document | None) -> None:
    if "body" in context:
        files = {name: Path(app.srcdir, source) for source, name in app.builder.images.items()}
        context["body"] = with_drawings(context["body"], files, Path(app.srcdir, FOLDER))


def _copy_rasters(app: Sphinx, error: Exception | None) -> None:
    images = Path(app.outdir, "_images")
    for file in [] if error else Path(app.srcdir, FOLDER).glob("*.webp"):
        images.mkdir(exist_ok=True)
        shutil.copyfile(file, images / file.name)


def with_drawings(body: str, files: dict[str, Path], narrow: Path) -> str:
    """The HTML of a page in which each image that has a narrow drawing is shown in both.

    Args:
        files: where the files of ``_images`` are, by name.
        narrow: the folder with the narrow drawings, named as the wide ones are.
    """
    colours: set[str] = set()

    def drawing(image: re.Match[str]) -> str:
        slim = narrow / f"{image['stem']}{'.webp' if image['suffix'] == '.png' else '.svg'}"
        if not slim.is_file():
            return image[0]
        if slim.suffix == ".webp":
            return _raster(image, slim)
        wide = files[f"{image['stem']}.svg"].read_text(encoding="utf-8")
        drawings = (("wide", wide), ("narrow", slim.read_text(encoding="utf-8")))
        both = [_inline(svg, kind, image, narrow) for kind, svg in drawings]
        colours.update(colour for svg in both for colour in re.findall(r"--c-([0-9a-f]{6})", svg))
        return f'<span class="drawing">{"".join(both)}{image["link"]}{image["rest"]}</span>'

    body = _IMAGE.sub(drawing, body)
    return _palette(colours) + body if colours else body


def _raster(image: re.Match[str], slim: Path) -> str:
    """A raster that is loaded in the form that fits the window, with the PNG as the file that it leads to."""
    wide = slim.with_name(f"{slim.stem}{WIDE}.webp")
    sources = "".join(
        f'<source {media}srcset="{image["up"]}_images/{file.name}" {_size(file)}>'
        for media, file in ((f'media="{_PHONE}" ', slim), ("", wide))
    )
    picture = image[0].removeprefix(image["link"]).removesuffix(image["rest"])
    least = f"{_pixels(slim)[0] / _SCALE / PIXELS / TYPE:.1f}em"
    box = f'<span class="raster-box" style="--least: {least}"><picture>{sources}{picture}</picture></span>'
    return f"{image['link']}{box}{image['rest']}"


def _size(file: Path) -> str:
    width, height = _pixels(file)
    return f'width="{round(width / _SCALE)}" height="{round(height / _SCALE)}"'


def _pixels(file: Path) -> tuple[int, int]:
    with Image.open(file) as picture:
        return picture.size


def _inline(svg: str, kind: str, image: re.Match[str], folder: Path) -> str:
    """An SVG as a part of a page, with ids of its own and with colours that follow the theme.

    Where it has many pixels they are written into the folder, as a picture that lies below the rest.
    """
    below = ""
    if pixel_bytes(svg) > _MOST_PIXELS:
        svg, picture = taken_apart(svg, _SCALE * PIXELS)
        file = folder / f"{image['stem']}-{kind}-pixels.webp"
        file.write_bytes(as_webp(picture))
        # The description is the drawing's.
        below = f'<img class="pixels dark-light" src="{image["up"]}_images/{file.name}" alt="" loading="lazy">'
    # HTML knows the elements by their plain names.
    ET.register_namespace("", SVG)
    root = ET.fromstring(svg)
    recolour(root, lambda colour: f"var(--c-{colour[1:]}, {colour})")
    for key in ("width", "height"):
        root.attrib.pop(key, None)
    text = ET.tostring(root, encoding="unicode")
    own = f"{image['stem'][:8]}-{kind}-"
    text = re.sub(r'(\sid="|url\(#|href="#)', rf"\g<1>{own}", text)
    alt = _ALT.search(image[0])
    width, _ = size(svg)
    least = smallest_type(svg)
    # In sizes of a caption's type: at that width no text is smaller than it.
    least_em = width / (least or width / 20)
    style = f"width: {width * PIXELS:.0f}px" if kind == "wide" else f"min-width: {least_em:.1f}em"
    # What scrolls can be reached by keyboard.
    scrolls = ' tabindex="0" role="group" aria-label="Figure, scrolls sideways"'
    box = f'drawing-box {kind}"{scrolls if kind == "narrow" and least_em > _PHONE_EM else ""}'
    label = f' role="img" aria-label="{alt["text"]}"' if alt else ""
    layers = f'<span class="layers" style="{style}">{below}<svg class="figure-drawing"{label}{text[4:]}</span>'
    return f'<span class="{box}>{layers}</span>'


def _palette(colours: set[str]) -> str:
    """What the colours of a page's drawings are in the dark, and on a page of any colour."""
    theme = {"000000": "var(--pst-color-text-base)", "ffffff": "var(--pst-color-background)"}
    rules = " ".join(f"--c-{colour}: {theme.get(colour, dark('#' + colour))};" for colour in sorted(colours))
    return f'<style>html[data-theme="dark"] .drawing-box {{ {rules} }}</style>\n'
