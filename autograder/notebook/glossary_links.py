"""Link the terms of a glossary where a page uses them first, and list in the index where it introduces them."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

_GLOSSARY = re.compile(r"^```\{glossary\}\n(?P<body>.*?)^```", re.DOTALL | re.MULTILINE)
# What a link must not go into; earlier alternatives win.
_PROTECTED = r"""
    ^(?P<fence>`{3,}).*?^(?P=fence)`*[ \t]*$    # code, and directives written with backticks
  | \$\$.*?\$\$ | \\begin\{(?P<environment>[a-z*]+)\}.*?\\end\{(?P=environment)\}
  | ^[ \t]*(?:\#|:{3,}|:[\w-]+:|\([\w-]+\)=|%|\+\+\+).*?$    # headings, directives and their options, targets, comments
  | <!--.*?--> | <[^<>\n]+>
  | \{[\w:+-]+\}`[^`]*` | (?P<tick>`+)(?!`).*?(?<!`)(?P=tick)(?!`)
  | \$(?!\s)[^$]+?\$
  | !?\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?
"""
_BOLD = re.compile(r"\*\*(?P<text>[^*]+?)\*\*")
_LIST_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s")


@dataclass(frozen=True)
class Glossary:
    """The terms that may be linked.

    Attributes:
        forms: for each way to write a term, in lower case, the term as the glossary spells it.
        entries: for each term the first term of its entry, since several terms may share one definition.
    """

    forms: Mapping[str, str]
    entries: Mapping[str, str]


def read_glossary(page: str) -> Glossary:
    """The terms of a page with MyST's ``{glossary}`` directive, each in singular and plural.

    Lines at the margin are terms, indented lines define them; several terms above one definition share it.
    """
    forms: dict[str, str] = {}
    entries: dict[str, str] = {}
    first: str | None = None
    for block in _GLOSSARY.finditer(page):
        for line in block["body"].splitlines():
            if line.startswith((" ", "\t")) or not line.strip():
                first = None
                continue
            term = line.strip()
            first = first or term
            entries[term] = first
            for form in (_plural(term), term):
                forms[form.lower()] = term
    return Glossary(forms, entries)


def _plural(term: str) -> str:
    if re.search(r"(data|[^s]s|ing)$", term):
        return term
    if re.search(r"[^aeiou]y$", term):
        return term[:-1] + "ies"
    return term + ("es" if re.search(r"(ss|x|ch|sh)$", term) else "s")


def with_terms(notebook: NotebookNode, glossary: Glossary) -> NotebookNode:
    """A copy of a notebook whose Markdown cells link each term of the glossary once, at its first occurrence.

    Code, mathematics, headings, links and roles stay as they are. Where a term stands in bold for the first time, the
    chapter introduces it, and an index entry leads there.
    """
    result = copy.deepcopy(notebook)
    cells = [cell for cell in result.cells if cell.cell_type == "markdown"]
    for cell, text in zip(cells, linked_terms([cell.source for cell in cells], glossary), strict=True):
        cell.source = text
    return result


def linked_terms(texts: Sequence[str], glossary: Glossary) -> list[str]:
    """The Markdown texts of one page, in reading order, with terms linked as in :func:`with_terms`."""
    if not glossary.forms:
        return list(texts)
    seen: set[str] = set()

    def link(match: re.Match[str]) -> str:
        shown = match["term"]
        if shown is None:
            return match[0]
        shown = " ".join(shown.split())
        term = glossary.forms[shown.lower()]
        if glossary.entries[term] in seen:
            return match[0]
        seen.add(glossary.entries[term])
        return f"{{term}}`{term}`" if shown == term else f"{{term}}`{shown} <{term}>`"

    pattern = _pattern(glossary)
    indexed = _with_index_entries(texts, glossary)
    return [pattern.sub(link, text) for text in indexed]


def _pattern(glossary: Glossary) -> re.Pattern[str]:
    forms = sorted(glossary.forms, key=len, reverse=True)  # "batch normalisation" before "batch"
    terms = "|".join(re.escape(form).replace(r"\ ", r"[ ]*[ \n][ ]*") for form in forms)
    return re.compile(
        rf"{_PROTECTED} | (?<![\w-])(?P<term>{terms})(?![\w-])",
        re.VERBOSE | re.DOTALL | re.MULTILINE | re.IGNORECASE,
    )


def _with_index_entries(texts: Sequence[str], glossary: Glossary) -> list[str]:
    introduced: set[str] = set()
    result = []
    for text in texts:
        entries: dict[int, list[str]] = {}
        for match in _BOLD.finditer(text):
            term = glossary.forms.get(" ".join(match["text"].lower().split()).strip("., :"))
            if term is not None and term not in introduced:
                introduced.add(term)
                entries.setdefault(_block_start(text, match.start()), []).append(term)
        for start in sorted(entries, reverse=True):
            directive = "".join(f"```{{index}} single: {term}\n```\n\n" for term in entries[start])
            text = text[:start] + directive + text[start:]
        result.append(text)
    return result


def _block_start(text: str, position: int) -> int:
    """Where the paragraph, list or box that holds ``position`` begins: a directive may stand before it."""
    start = 0
    inside_list = False
    for begin, block in _blocks(text):
        if begin > position:
            break
        item = bool(_LIST_ITEM.match(block))
        # Between two items, or before an indented paragraph of one, a directive would cut the list in two.
        if not block.startswith((" ", "\t")) and not (item and inside_list):
            start = begin
            inside_list = item
    return start


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """The blocks of a text between blank lines, with their positions; a display formula or code is never cut."""
    protected = [m.span() for m in re.finditer(r"^```.*?^```|\$\$.*?\$\$", text, re.DOTALL | re.MULTILINE)]
    begin = 0
    for gap in re.finditer(r"\n[ \t]*\n+", text):
        if any(low < gap.start() < high for low, high in protected):
            continue
        yield begin, text[begin : gap.start()]
        begin = gap.end()
    yield begin, text[begin:]
