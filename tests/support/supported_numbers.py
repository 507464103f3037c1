"""Numbers in prose about a run: which of them neither the run's outputs nor a recording nor the chapter's code has."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.notebook.cells import cell_info
from workbook.recorded import recording, recordings

# A whole number up to this one is a word: "two reasons", "ten times".
_WORD = 10
_EPOCHS = 30  # a curve with more entries has them by step, and one of them says nothing
_SEVERAL = 3  # entries of a curve that make up its end
_NUMBER = re.compile(
    r"(?<![\w.])\d{1,3}(?:(?: |\u00a0|\\,|_)\d{3})+(?!\d|\.\d)|(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)"
)
_SUM = re.compile(
    r"(?P<sum>\d[\d \u00a0.]*(?:\s*(?:\\cdot|[·+])\s*\d[\d \u00a0.]*)+)=\s*(?P<result>\d[\d \u00a0.]*\d|\d)"
)
# What is derived on the page, names code or cites: neither is a claim about a run.
_NO_CLAIM = re.compile(
    r"\$\$.*?\$\$(?:\s*\([\w-]+\))?|\$[^$]+\$|```.*?```|`[^`]+`|\{[\w:]+\}|\]\([^)]*\)|:::\{admonition\}.*?:::"
    r"|\bchapters? \d\d(?:(?:, and |, | and | to )\d\d)*|=== BEGIN MARK SCHEME ===.*",
    re.DOTALL | re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.;:])\s")
_SOURCE = re.compile(r"\]\(http|\{cite|IMAGENET1K_V1")  # a sentence that says where its numbers are from
_PARAGRAPH = re.compile(r"\n\n(?!\|)")  # a table belongs to what introduces it
_HEADING = re.compile(r"^#+ ", re.MULTILINE)


@dataclass(frozen=True)
class _Support:
    """What a number in prose can rest on.

    Attributes:
        written: numbers in the chapter's code and in its text that is not about a run.
        printed: numbers that the run printed.
        recorded: ends of the recorded runs that the chapter reads.
    """

    written: frozenset[float]
    printed: frozenset[float]
    recorded: frozenset[float]


def unsupported(source: NotebookNode, executed: NotebookNode) -> list[tuple[str, str]]:
    """Numbers in the notes after experiments and in model answers of a chapter that nothing supports.

    A number is supported if the chapter's code or its other text has it, if the run printed it or a value that rounds
    to it, or if its paragraph speaks of a recording and that ends in such a value.

    Args:
        source: the instructor notebook.
        executed: the same after a run.

    Returns:
        For each such number the cell's id and the number as it is written.
    """
    claims = list(notes(source))
    about = {cell_id for cell_id, _ in claims}
    texts = [_rest(cell) if cell.id in about else cell.source for cell in source.cells]
    texts += [sentence for _, text in claims for sentence in _SENTENCE.split(text) if _SOURCE.search(sentence)]
    outputs = [text for cell in executed.cells for text in printed(cell)]
    apart = [re.sub(r"(?<=\d) (?=\d)", "  ", text) for text in outputs]  # a row of numbers, not thousands
    reckoned = {value for cell in source.cells for value in _reckoned(cell.source)}
    support = _Support(_values(texts) | reckoned, _values([*outputs, *apart]), frozenset(_recorded(source)))
    return [
        (cell_id, found[0])
        for cell_id, text in claims
        for paragraph in _PARAGRAPH.split(_NO_CLAIM.sub(" ", text))
        for found in _NUMBER.finditer(paragraph)
        if not _is_supported(found[0], _unit(paragraph, found.end()), support, "record" in paragraph.lower())
    ]


def _rest(cell: NotebookNode) -> str:
    """What a cell holds besides its note: nothing of an answer, and of a text what follows its first heading."""
    if cell_info(cell).kind in ("manual", "task"):
        return ""
    parts = _HEADING.split(cell.source, maxsplit=1)
    return parts[1] if len(parts) > 1 else ""


def _values(texts: Iterable[str]) -> frozenset[float]:
    return frozenset(_value(found) for text in texts for found in _NUMBER.findall(text))


def _reckoned(text: str) -> Iterator[float]:
    """The numbers of sums and products that are reckoned in a text, where the result is right."""
    for found in _SUM.finditer(text):
        terms = [[_value(f) for f in _NUMBER.findall(term)] for term in found["sum"].split("+")]
        result = _value(_NUMBER.findall(found["result"])[0])
        if sum(math.prod(factors) for factors in terms) == result:
            yield from (result, *(factor for factors in terms for factor in factors))


def _unit(paragraph: str, end: int) -> str:
    """What follows a number, if only after "to" and another number: "%", "million" or nothing that matters here."""
    found = re.match(r"(?:\s*(?:,|to|and|against|or)?\s*[\d.]+)*\s*(%|percent|points|million)", paragraph[end:])
    if found is None:
        return ""
    return "million" if found[1] == "million" else "%"


def notes(notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    """What is said of a run: text right after an experiment, up to the next heading, and answers in words."""
    before: NotebookNode | None = None
    for cell in notebook.cells:
        kind = cell_info(cell).kind
        if cell.cell_type == "markdown":
            if kind in ("manual", "task"):
                yield cell.id, cell.source
            elif before is not None and before.cell_type == "code" and cell_info(before).kind == "other":
                yield cell.id, _HEADING.split(cell.source, maxsplit=1)[0]
        before = cell


def printed(cell: NotebookNode) -> Iterator[str]:
    """What a cell printed, as text; figures are none."""
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            yield output.text
        elif output.output_type in ("execute_result", "display_data"):
            yield output.data.get("text/plain", "")


def _recorded(notebook: NotebookNode) -> Iterator[float]:
    """Numbers of the recordings that the notebook's cells name.

    Of a long curve they are its ends and the mean of its last entries.
    """
    code = "\n".join(cell.source for cell in notebook.cells)
    for name in recordings():
        if name in code:
            made = recording(name)
            yield from _values([made.data])
            for run in made.runs:
                for value in run.values():
                    if isinstance(value, int | float):
                        yield float(value)
                    elif isinstance(value, list) and value and isinstance(value[0], int | float):
                        ends = [value[0], value[-1], sum(value[-_SEVERAL:]) / len(value[-_SEVERAL:])]
                        yield from map(float, value if len(value) <= _EPOCHS else ends)


def _value(written: str) -> float:
    return float(re.sub(r"[ \u00a0_,\\]", "", written))


def _is_supported(written: str, unit: str, support: _Support, recorded: bool) -> bool:
    number = _value(written)
    if number <= _WORD and number == int(number) and "." not in written:
        return True
    percent = unit == "%"
    if unit == "million" and any(round(v / 1e6, 1) == number for v in support.written):
        return True
    if number in support.written or (percent and number / 100 in support.written):
        return True
    decimals = len(written.partition(".")[2].partition("e")[0])
    measured = support.printed | (support.recorded if recorded else frozenset())
    off = 0.5 * 10.0**-decimals * (1 + 1e-9) if decimals or percent else 0.0
    return any(abs(v - number) <= off or (percent and abs(100 * v - number) <= off) for v in measured)
