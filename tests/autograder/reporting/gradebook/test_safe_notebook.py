"""Nothing of a student's can act in a notebook that formgrader shows; what is needed for marking is still there."""

import copy
import json
import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from autograder.notebook.cells import by_grade_id
from autograder.notebook.student_edition import gradebook_edition
from autograder.reporting.gradebook.course_folder import notebook_path
from autograder.reporting.gradebook.safe_notebook import MAX_TEXT, safe_comment, safe_notebook
from tests.autograder.reporting.test_hostile_notebooks import ACT, HTML, MARKDOWN, SVG
from tests.autograder.reporting.test_pictures import encoded
from tests.support.graded import executed, result
from tests.support.hostile import TEX, hostile_notebook
from tests.support.toy import NAME, meta

pytestmark = pytest.mark.xdist_group("gradebook")


@pytest.fixture(scope="module")
def edition(toy_source):
    return gradebook_edition(toy_source.notebook)


@pytest.fixture(scope="module")
def page():
    """Renders a notebook as formgrader does, with its own template, and takes our own part out of the page."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader.handlers import template_path

    exporter = HTMLExporter(template_name="formgrade", extra_template_basedirs=[template_path])
    names = ("assignment_id", "notebook_id", "submission_id", "base_url", "student", "last_name", "first_name")
    resources = {**dict.fromkeys((*names, "notebook_path"), "x"), "index": 0, "total": 1}

    def render(notebook):
        html, _ = exporter.from_notebook_node(notebook, resources=dict(resources))
        return BeautifulSoup(html, "html.parser").select_one("#notebook-container")

    return render


def shown(*cells, edition, page):
    return page(safe_notebook(new_notebook(cells=list(cells)), edition))


def displayed(edition, page, **data):
    output = new_output("display_data", data={kind.replace("__", "/"): content for kind, content in data.items()})
    return shown(new_code_cell("", outputs=[output]), edition=edition, page=page)


def require_harmless(soup):
    """No element and no attribute of what a student wrote can act, lead anywhere, load anything or cover anything."""
    acting = (
        "script, iframe, object, embed, form, base, link, meta, video, audio, template, math, svg, style, a, details"
    )
    assert soup.select(acting) == []
    assert soup.select("input:not(.score, .extra-credit), button:not(.scoring-buttons button)") == []
    for element in soup.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on") or name in ("srcdoc", "srcset", "action")]
        assert element.get("src", "data:image/").startswith("data:image/")
        assert "position" not in element.get("style", "") and "url(" not in element.get("style", "")
    for text in soup.find_all(string=re.compile(r"[$\\]")):
        assert text.find_parent(["pre", "code"]) or text.strip() in ("$", "\\"), text


@pytest.mark.parametrize("kind", HTML)
def test_html_cannot_act(kind, edition, page):
    require_harmless(displayed(edition, page, text__html=HTML[kind]))


@pytest.mark.parametrize("kind", HTML)
def test_html_in_markdown_is_text(kind, edition, page):
    soup = shown(new_markdown_cell(HTML[kind]), edition=edition, page=page)
    require_harmless(soup)
    assert "<" in soup.get_text()


@pytest.mark.parametrize("tex", TEX)
@pytest.mark.parametrize(
    "around", ["$%s$", "$$%s$$", r"\(%s\)", r"\\[%s\\]", r"\begin{equation}%s\end{equation}", "`$%s$`"]
)
def test_no_formula_of_a_student_reaches_mathjax(tex, around, edition, page):
    text = around % tex
    require_harmless(shown(new_markdown_cell(text), edition=edition, page=page))
    for kind in ("text__html", "text__markdown", "text__latex", "text__plain"):
        require_harmless(displayed(edition, page, **{kind: text}))


@pytest.mark.parametrize(
    "data",
    [
        {"application__javascript": ACT},
        {"application/vnd.jupyter.widget-view+json": {"model_id": HTML["script"]}, "text__plain": "IntSlider()"},
        {"text/vnd.mermaid": f"</pre><script>{ACT}</script>"},
        {"image/svg+xml": SVG},
        {"image/svg+xml": [SVG]},
        {"image/png": f'x" onerror="{ACT}'},
        {"image/jpeg": f'x" onerror="{ACT}'},
        {"image/gif": HTML["onerror"]},
        {"text__markdown": MARKDOWN},
        {"text__html": [HTML["script"], HTML["onerror"]]},
        {"application/pdf": "JVBERi0="},
        {f'text/html"><script>{ACT}</script>': "x"},
        {"text__plain": f"</pre><script>{ACT}</script>", "application/json": {"a": HTML["script"]}},
    ],
    ids=lambda data: " ".join(map(str, data))[:30],
)  # fmt: skip
def test_no_media_type_can_act(data, edition, page):
    require_harmless(displayed(edition, page, **data))


def test_text_and_errors_are_text(edition, page):
    evil = f"</pre><script>{ACT}</script>\x1b]8;;javascript:{ACT}\x07x\x1b[31mred\x1b[0m \u202egnp.exe"
    cell = new_code_cell(
        evil,
        outputs=[
            new_output("stream", name="stdout", text=evil),
            nbformat.from_dict({"output_type": "stream", "name": '"><script>', "text": [evil]}),
            new_output("error", ename=evil, evalue=evil, traceback=[evil, "File x.py, line 3"]),
        ],
    )
    soup = shown(cell, edition=edition, page=page)
    require_harmless(soup)
    assert soup.get_text().count(r"red \u202egnp.exe") >= 3
    assert "File x.py, line 3" in soup.get_text()


def test_raw_cells_are_text(edition, page):
    for kind in ("text/html", "", "text/markdown", "text/latex"):
        raw = new_raw_cell("".join(HTML.values()) + "$\\href{javascript:1}{x}$", metadata={"raw_mimetype": kind})
        soup = shown(raw, edition=edition, page=page)
        require_harmless(soup)
        assert "A raw cell, shown as text" in soup.get_text()


def test_names_of_cells_tags_and_metadata_do_not_reach_the_page(edition, page):
    evil = f'x"><script>{ACT}</script>'
    cell = new_code_cell(
        "%%html\n<script>1</script>",
        metadata={
            "tags": [evil], "magics_language": evil, "nbgrader": {"grade_id": evil, "solution": True, "grade": True},
            "mystnb": {"image": {"alt": evil}}, "transient": {"remove_source": True}, "trusted": True,
        },
        outputs=[new_output("display_data", data={"image/png": encoded()}, metadata={
            "image/png": {"width": evil, "alt": evil}, "filenames": {"image/png": "https://evil.example/x.png"},
        })],
    )  # fmt: skip
    cell.id, cell.execution_count = evil, evil
    twin = copy.deepcopy(cell)
    notebook = new_notebook()
    notebook.cells = [cell, twin]
    notebook.metadata.update(
        {
            "widgets": {"application/vnd.jupyter.widget-state+json": {"state": evil}}, "title": evil,
            "language_info": {"name": evil, "pygments_lexer": evil}, "kernelspec": {"name": evil, "display_name": evil},
        },
    )  # fmt: skip
    safe = safe_notebook(notebook, edition)
    assert "evil.example/x.png" not in json.dumps(safe) and ACT not in json.dumps(safe)
    nbformat.validate(safe)
    assert safe.metadata.kernelspec == edition.metadata.kernelspec
    soup = page(safe)
    require_harmless(soup)
    assert "<script>1</script>" in soup.get_text()


@pytest.mark.parametrize(
    "attachments",
    [
        {"a.png": {"image/png": f'x" onerror="{ACT}'}},
        {"a.png": {"image/svg+xml": SVG}},
        {"a.png": {f'image/png" onerror="{ACT}': encoded()}},
        {"a.png": {}},
        {},
        None,
    ],
)
def test_attachments_cannot_act_and_never_stop_the_page(attachments, edition, page):
    cell = new_markdown_cell("My sketch: ![it](attachment:a.png)")
    if attachments is not None:
        cell.attachments = attachments
    soup = shown(cell, edition=edition, page=page)
    require_harmless(soup)
    assert "My sketch" in soup.get_text()


def test_a_person_who_marks_sees_figures_tables_formulas_and_prose(edition, page):
    cells = [
        new_markdown_cell(
            "# Why\n\nBecause **both** are $\\frac{1}{2}$:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
            "```\nx = 1\n\ny = 2\n```\n\n![sketch](attachment:a.png) and $\\begin{aligned}x\\end{aligned}$, costs \\$5",
            attachments={"a.png": {"image/png": encoded()}},
        ),
        new_code_cell(
            "plot()",
            outputs=[
                new_output("display_data", data={"image/png": encoded(), "text/plain": "<Figure>"}),
                new_output("execute_result", data={"text/html": "<table><tr><td>kept</td></tr></table>"}),
                new_output("stream", name="stdout", text="loss 0.25\n"),
                new_output("execute_result", data={"text/plain": "array([1, 2])"}),
            ],
        ),
    ]
    soup = shown(*cells, edition=edition, page=page)
    require_harmless(soup)
    assert soup.h1.get_text() == "Why" and soup.strong.get_text() == "both"
    assert "x = 1\n\ny = 2" in soup.get_text()
    assert soup.find("img", alt=r"\frac{1}{2}")["src"].startswith("data:image/svg+xml;base64,")
    assert soup.find("img", alt="sketch")["src"] == f"data:image/png;base64,{encoded()}"
    assert r"\begin{aligned}x\end{aligned}" in soup.get_text() and "costs $5" in soup.get_text()
    assert len(soup.find_all("table")) == 2
    assert len(soup.select(f'img[src="data:image/png;base64,{encoded()}"]')) == 2
    for text in ("loss 0.25", "array([1, 2])", "kept", "plot()"):
        assert text in soup.get_text()


@pytest.mark.parametrize(
    ("data", "note"),
    [
        ({"text__html": "<p>x</p><script>1</script><iframe></iframe>"}, "Left out of this output: iframe, script."),
        ({"application__javascript": "1"}, "needs a script: application/javascript"),
        ({"image__png": "bm90"}, "no PNG file"),
    ],
)
def test_what_is_taken_out_is_named_in_its_place(data, note, edition, page):
    assert note in displayed(edition, page, **data).get_text()


def test_the_authors_text_stays_markdown_with_the_authors_attachments(toy_source):
    author = gradebook_edition(toy_source.notebook)
    text = "See $\\alpha$ and ![fig](attachment:f.png)"
    author.cells.append(new_markdown_cell(text, attachments={"f.png": {"image/png": encoded()}}))
    hostile = new_markdown_cell(text, attachments={"f.png": {"image/svg+xml": f'x" onerror="{ACT}'}})
    (safe,) = safe_notebook(new_notebook(cells=[hostile]), author).cells
    assert safe.source == text
    assert safe.attachments == {"f.png": {"image/png": encoded()}}


def test_long_text_is_cut_with_a_note(edition):
    cell = new_code_cell("", outputs=[new_output("stream", text="x" * (MAX_TEXT + 7))])
    (output,) = safe_notebook(new_notebook(cells=[cell]), edition).cells[0].outputs
    assert output.text.endswith("[cut here: 7 more characters]")


PIECES = st.sampled_from(
    ["\n", "\n\n", "    ", "<script>", "</div>", "<div>", "<!--", "-->", "$", "$$", "\\", "\\(", "\\begin{x}",
     "\\end{x}", "`", "```\n", "[a](javascript:1)", "[a]: x\n", "<a href=x>", "|a|b|\n|-|-|\n|c|d|\n", "* ", "> ", "# ",
     "\u2028", "\x0b", "&#36;",
     "http://x.example", "<x@y.z>", "<img src=x onerror=1>", "\\href{javascript:1}{x}", "]]>", "\t"]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_no_mixture_of_markdown_html_and_tex_can_act(edition, page, text):
    output = new_output("display_data", data={"text/html": text})
    require_harmless(shown(new_markdown_cell(text), new_code_cell("", outputs=[output]), edition=edition, page=page))


@pytest.mark.parametrize("text", ["<script>1</script>", "[x](javascript:1)", "$\\href{javascript:1}{x}$", "a\n\n<b>"])
def test_a_comment_is_shown_as_it_is(text, page, edition):
    from nbconvert.filters import markdown2html

    soup = BeautifulSoup(markdown2html(safe_comment(text)), "html.parser")
    assert [child.name for child in soup.find_all(recursive=False)] == ["div"] or soup.pre
    assert not soup.select("script, a, b") and text.strip() in soup.get_text()
    assert safe_comment("double(1) is 3; expected 2.") == "double(1) is 3; expected 2."


def test_the_gradebooks_folder_holds_no_hostile_notebook(book):
    evil = hostile_notebook(executed(book.source, book.student))
    book.write(result("ada"), notebook=evil)
    written = notebook_path(book.folder, "ada", NAME).read_text()
    safe = nbformat.reads(written, as_version=4)
    assert set(by_grade_id(safe)) == set(by_grade_id(evil))
    code = {name: cell.source for name, cell in by_grade_id(safe).items() if cell.cell_type == "code"}
    assert code == {name: cell.source for name, cell in by_grade_id(evil).items() if cell.cell_type == "code"}
    for cell in safe.cells:
        assert set(cell.metadata) <= {"nbgrader"}
        if cell.cell_type == "markdown" and "window.ran" in cell.source:
            assert not re.search(r"<(?:script|iframe|svg|a|form)\b", cell.source)


def test_an_answer_that_is_written_again_is_not_marked_as_changed(book):
    notebook = executed(book.source, book.student, written="Because $x$ is <b>added</b>.")
    book.write(result("ada"), notebook=notebook)
    book.give("ada", "written-why", 1.0)
    book.write(result("ada"), notebook=notebook)
    assert book.grade("ada", "written-why", "needs_manual_grade") == 0
    # A folder of an earlier version has the answer as it was handed in.
    nbformat.write(notebook, notebook_path(book.folder, "ada", NAME))
    book.write(result("ada"), notebook=notebook)
    assert book.grade("ada", "written-why", "needs_manual_grade") == 0
    book.write(result("ada"), notebook=executed(book.source, book.student, written="Because $y$ is added."))
    assert book.grade("ada", "written-why", "needs_manual_grade") == 1


def test_a_grade_id_of_a_student_is_dropped(edition):
    cell = new_markdown_cell("x", metadata=meta("not-of-this-chapter", grade=True, solution=True, points=3))
    assert safe_notebook(new_notebook(cells=[cell]), edition).cells[0].metadata == {}
