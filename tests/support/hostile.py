"""A notebook that tries to run something in the pages of whoever grades it, in every way that a notebook offers."""

from __future__ import annotations

import copy
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from autograder.notebook.cells import by_grade_id
from tests.autograder.reporting.test_hostile_notebooks import ACT, HTML, MARKDOWN, SVG

TEX = (
    rf"\href{{javascript:{ACT}}}{{click}}",
    r"\unicode[x;position:fixed;url(https://evil.example/u)]{x41}",
    r"\style{position:fixed;top:0}{x}",
    r"\class{btn btn-success full-credit}{x}",
    r"\cssId{written-why}{x}",
    r"\require{action}\toggle{x}{y}\endtoggle",
    r"\mmlToken{mi}[href='javascript:window.ran=1']{x}",
    r"\data{x}\def\frac{\href{javascript:window.ran=1}}\newcommand{\x}{y}",
    f"</div><img src=x onerror='{ACT}'>",
    f"\\text{{<script>{ACT}</script>}}",
)
"""Formulas that MathJax would make links, styles, names or macros for other cells of."""


def hostile_notebook(graded: NotebookNode) -> NotebookNode:
    """An executed notebook with hostile outputs, answers, cells, attachments and metadata; its graded cells stay."""
    notebook = copy.deepcopy(graded)
    formulas = "\n\n".join(
        f"${tex}$\n\n$${tex}$$\n\n\\\\({tex}\\\\)\n\n\\begin{{equation}}{tex}\\end{{equation}}" for tex in TEX
    )
    cells = by_grade_id(notebook)
    cells["double"].outputs = _outputs(formulas)
    cells["double"].metadata.update(tags=[HTML["script"]], trusted=True, magics_language='"><script>')
    cells["written-why"].source = f"It is $x+x$.\n\n{MARKDOWN}\n\n{formulas}"
    cells["written-why"].attachments = {"a.svg": {"image/svg+xml": SVG}, "b.png": {"image/png": HTML["onerror"]}}
    script = "".join(HTML.values())
    notebook.cells += [
        new_raw_cell(script, metadata={"raw_mimetype": "text/html"}),
        new_markdown_cell(script),
        new_markdown_cell(f"<div>{script}</div>\n\n<input id='written-why' autofocus onfocus='{ACT}'>"),
        new_code_cell(f"'''</pre>{script}'''"),
    ]
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"x": HTML["closing"]}}}
    notebook.metadata.update(widgets=state, title=HTML["script"], language_info={"name": '"><script>'})
    return notebook


def _outputs(formulas: str) -> list[NotebookNode]:
    data: list[dict[str, Any]] = [{"text/html": html} for html in HTML.values()]
    data += [
        {"application/javascript": ACT},
        {"text/html": formulas},
        {"text/markdown": f"{MARKDOWN}\n\n{formulas}"},
        *({"text/latex": f"${tex}$"} for tex in TEX),
        {"image/svg+xml": SVG},
        {"image/png": f'x" onerror="{ACT}'},
        {"text/vnd.mermaid": f"</pre><script>{ACT}</script>"},
        {"application/vnd.jupyter.widget-view+json": {"model_id": HTML["script"]}},
        {"text/html": "<table><tr><td>a table that is kept</td></tr></table>"},
    ]
    shown = [new_output("display_data", data=kinds) for kinds in data]
    isolated = new_output(
        "display_data", data={"text/html": HTML["script"]}, metadata={"text/html": {"isolated": True}}
    )
    sized = {"image/png": {"width": f'1 onerror="{ACT}"', "alt": f'"><script>{ACT}</script>'}}
    text = f"</pre>{HTML['script']}\x1b]8;;https://evil.example\x07link"
    return [
        *shown,
        isolated,
        new_output("display_data", data={"image/png": "iVBORw0KGgo="}, metadata=sized),
        new_output("stream", name="stdout", text=text),
        from_dict({"output_type": "stream", "name": "stdin", "text": text}),
        new_output("error", ename=text, evalue=text, traceback=[text]),
    ]
