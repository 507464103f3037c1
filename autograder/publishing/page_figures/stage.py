"""Where the narrow drawings of a book are kept until its pages are written."""

from __future__ import annotations

import base64
import copy
import hashlib
import io
from pathlib import Path

from nbformat import NotebookNode
from PIL import Image

from autograder.publishing.figures.svg import NARROW

FOLDER = "narrow"
"""The folder of the stage; a file in it is named as the wide drawing's file is in the book."""

WIDE = "-wide"
"""The end of the name of a raster's wide form as WebP, which takes a tenth of the PNG."""

_QUALITY = 88


def with_narrow_drawings(page: NotebookNode, stage: Path) -> NotebookNode:
    """A copy of a page whose outputs have their wide drawings only; the narrow ones are written into the stage."""
    result = copy.deepcopy(page)
    for cell in result.cells:
        for output in cell.get("outputs", []):
            narrow = output.get("data", {}).pop(NARROW, {})
            if "image/svg+xml" in narrow:
                wide = output.data["image/svg+xml"].encode("utf-8")
                write_narrow(stage, hashlib.sha256(wide).hexdigest(), narrow["image/svg+xml"])
            elif "image/png" in narrow:
                wide = base64.b64decode(output.data["image/png"])
                _write_rasters(stage, hashlib.sha256(wide).hexdigest(), wide, base64.b64decode(narrow["image/png"]))
    return result


def write_narrow(stage: Path, stem: str, svg: str) -> None:
    """Keep the narrow drawing of a picture that the book will call ``stem``; myst-nb names outputs by their digest."""
    _folder(stage).joinpath(f"{stem}.svg").write_text(svg, encoding="utf-8")


def _write_rasters(stage: Path, stem: str, wide: bytes, narrow: bytes) -> None:
    for end, content in (("", narrow), (WIDE, wide)):
        with Image.open(io.BytesIO(content)) as image:
            image.convert("RGB").save(_folder(stage) / f"{stem}{end}.webp", "WEBP", quality=_QUALITY)


def _folder(stage: Path) -> Path:
    folder = stage / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder
