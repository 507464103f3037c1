"""What a cell displayed, as markup that cannot act and is not endless.

Pictures are shown from their data, tables and Markdown sanitised, everything else as text. What would need a script
(widgets, JavaScript, interactive plots) is named and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from autograder.printable import printable
from autograder.reporting.formulas import Draw, formula
from autograder.reporting.markup import MAX_HTML, plain, prose, safe_html
from autograder.reporting.pictures import KINDS, PictureLeftOut, data_address
from autograder.reporting.redaction import redacted

MAX_LINES = 120
MAX_CHARACTERS = 12_000
MAX_PICTURES = 40
MAX_PICTURE_CHARACTERS = 12_000_000  # of base64, in one page

_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[@-Z\\-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What IPython calls the file of a cell that Python cannot read.
_CELL_FILE = re.compile(r"\s*\(\d+\.py, line (\d+)\)$")
_FRAME = re.compile(r"(?:Cell|Input) In\s?\[\d+\], line (\d+)")


@dataclass
class Budget:
    """How many pictures may still go into one page."""

    pictures: int = MAX_PICTURES
    characters: int = MAX_PICTURE_CHARACTERS

    def spend(self, address: str) -> bool:
        """Take a picture out of what is left; False where it does not fit."""
        if self.pictures < 1 or self.characters < len(address):
            return False
        self.pictures -= 1
        self.characters -= len(address)
        return True


@dataclass(frozen=True)
class Display:
    """How the outputs of one page are shown.

    Attributes:
        hidden: lines of hidden tests, which no output may repeat.
        budget: shared by all cells of the page.
        draw: how a formula is set, given its TeX and whether it has a line of its own.
    """

    hidden: frozenset[str] = frozenset()
    budget: Budget = field(default_factory=Budget)
    draw: Draw = formula

    def outputs(self, cell: NotebookNode, name: str) -> list[Markup]:
        """The outputs of a code cell in order.

        Args:
            name: what the cell belongs to, for the description of its pictures.
        """
        alt = alternative(cell)
        return [shown for output in _merged(cell.get("outputs", [])) for shown in self._output(output, alt, name)]

    def _output(self, output: Mapping[str, Any], alt: str, name: str) -> Iterator[Markup]:
        kind = output.get("output_type")
        if kind == "stream":
            yield self._text(as_text(output.get("text", "")))
        elif kind == "error":
            yield self._error(output)
        elif isinstance(data := output.get("data"), dict):
            yield self.data(data, alt or f"A figure made by the code of {name}.")

    def data(self, data: Mapping[str, Any], alt: str) -> Markup:
        """What was displayed, by media type, in the richest form that is safe; else the text that stands for it.

        Args:
            alt: the description of a picture.
        """
        for kind in KINDS:
            if kind in data:
                return self._picture(kind, as_text(data[kind]), alt)
        if "text/html" in data and len(fragment := as_text(data["text/html"])) <= MAX_HTML:
            shown = safe_html(redacted(fragment, self.hidden))
            if shown.striptags():
                return Markup('<div class="html" tabindex="0">{}</div>').format(shown)
        if "text/markdown" in data:
            return Markup('<div class="prose" tabindex="0">{}</div>').format(
                prose(redacted(as_text(data["text/markdown"]), self.hidden), draw=self.draw)
            )
        if "text/latex" in data:
            tex = printable(redacted(as_text(data["text/latex"]), self.hidden), lines=True)
            return self.draw(tex.strip().strip("$"), True)
        others = sorted(printable(str(kind)) for kind in data if kind != "text/plain")
        note = Markup('<p class="note">Left out, because it needs a script: {}.</p>').format(", ".join(others)[:200])
        text = self._text(as_text(data["text/plain"])) if "text/plain" in data else Markup()
        return text + note if others else text

    def _picture(self, kind: str, content: str, alt: str) -> Markup:
        try:
            address = data_address(kind, content)
        except PictureLeftOut as reason:
            return Markup('<p class="note">{}</p>').format(str(reason))
        if not self.budget.spend(address):
            return Markup('<p class="note">A picture is left out: this page has no room for more.</p>')
        return Markup('<img class="figure" src="{}" alt="{}">').format(address, alt)

    def _error(self, output: Mapping[str, Any]) -> Markup:
        """The error's name and text, and the line of the cell. The rest of a traceback is the machine's business."""
        name, value = str(output.get("ename", "")), str(output.get("evalue", ""))
        trace = "\n".join(map(str, output.get("traceback") or []))
        frames = _FRAME.findall(_ANSI.sub("", trace[:MAX_CHARACTERS]))
        place = f"Line {frames[0]} of this cell: " if frames else ""
        value = _CELL_FILE.sub("" if frames else r" (line \1 of this cell)", value)
        return Markup('<div class="raised">{}</div>').format(self._text(f"{place}{name}: {value}"))

    def _text(self, text: str) -> Markup:
        shown = redacted(clean(text), self.hidden)
        lines = shown.split("\n")
        kept = "\n".join(lines[:MAX_LINES])[:MAX_CHARACTERS]
        left = len(shown) - len(kept)
        note = Markup('<p class="note">Cut here: {} more characters.</p>').format(left) if left > 0 else Markup()
        return plain(kept.rstrip("\n")) + note


def clean(text: str) -> str:
    """Text as a terminal would leave it: without colours and control characters, progress bars at their last state."""
    text = _ANSI.sub("", text.replace("\r\n", "\n"))
    text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return _CONTROL.sub("", text)


def _merged(outputs: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    """The outputs with neighbouring streams as one, as a reader saw them; stderr and stdout are not told apart."""
    text = ""
    for output in outputs:
        if not isinstance(output, dict):
            continue
        if output.get("output_type") == "stream":
            text += as_text(output.get("text", ""))
            continue
        if text:
            yield {"output_type": "stream", "text": text}
            text = ""
        yield output
    if text:
        yield {"output_type": "stream", "text": text}


def as_text(value: object) -> str:
    """A text that nbformat may have stored as a list of lines; anything else is shown as it prints."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def alternative(cell: NotebookNode) -> str:
    """The text that the cell's author gave for readers who do not see its figure."""
    about = cell.metadata.get("mystnb")
    image = about.get("image") if isinstance(about, dict) else None
    alt = image.get("alt") if isinstance(image, dict) else None
    return printable(alt[:1000]) if isinstance(alt, str) else ""
