import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from autograder.reporting.formulas import formula
from autograder.reporting.markup import MAX_CODE, code, prose, safe_html
from tests.autograder.reporting.test_pictures import encoded

ALLOWED = re.compile(r"</?(?:[a-z]+[1-6]?)(?: (?:colspan|rowspan|scope|start)=\"\w+\")*>")
PIECES = st.sampled_from(
    ["<script>", "</script>", "<img src=x onerror=", "<svg/onload=", "<math><mtext>", "</style>", "<style>", "<a href=",
     "javascript:", "<iframe srcdoc=", '"', "'", ">", "<!--", "-->", "&lt;", "<table>", "<td colspan=9999999>", "x",
     "<template>", "<noscript>", "<base href=//e>", "<p style=position:fixed>", "\x00", "]]>", "<![CDATA["]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
def test_nothing_but_tables_and_text_survives(fragment):
    left = ALLOWED.sub("", str(safe_html(fragment)))
    assert "<" not in left


def test_a_table_keeps_its_shape():
    table = '<table><tr><th colspan="2">a</th></tr><tr><td>1</td><td>2</td></tr></table>'
    assert '<th colspan="2">a</th>' in safe_html(table)


def test_a_cell_cannot_span_a_million_rows():
    assert "rowspan" not in safe_html("<table><tr><td rowspan=1000000>x</td></tr></table>")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://example.org/x.png)",
        "<https://example.org>",
        "[x]: javascript:alert(1)\n\n[x]",
        "`<img src=x onerror=alert(1)>`",
        "$<img src=x onerror=alert(1)>$",
        "$\\text{</svg><script>alert(1)</script>}$",
    ],
)
def test_markdown_leads_nowhere_and_runs_nothing(text):
    shown = re.sub(r'"[^"<>]*"', '""', str(prose(text)))
    assert not re.search(r"<(?:a|script|img|iframe)\b|\shref=|<[^>]*\son\w+=", shown)


def test_an_attached_picture_is_shown_and_no_other():
    shown = prose("![my sketch](attachment:a%20b.png)", {"a b.png": {"image/png": encoded()}})
    assert f'<img src="data:image/png;base64,{encoded()}" alt="my sketch">' in shown
    assert "not in the notebook" in prose("![x](attachment:c.png)", {"a.png": {"image/png": encoded()}})
    assert "no PNG file" in prose("![x](attachment:a.png)", {"a.png": {"image/png": "bm90"}})
    assert "not in the notebook" in prose("![x](attachment:a.png)", {"a.png": {"text/html": "<b>"}})


def test_marks_of_our_own_cannot_be_forged():
    shown = prose("\ue0000\ue001 and $x$")
    assert shown.count("<svg") == 1


def test_a_formula_is_a_drawing_with_its_source_as_text():
    shown = formula(r"\frac{1}{2}")
    assert shown.startswith('<svg class="tex')
    assert r'aria-label="\frac{1}{2}"' in shown


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac1n",
        r"\frac 1 n",
        r"\frac{1}n",
        r"\frac12x",
        r"\frac{\frac12}3",
        r"\sqrt2",
        r"\sqrt\frac\alpha2",
        r"\sqrt[3]{x}",
        r"a \le b \ge c",
        r"\sum\limits_{i=1}^n x_i",
        r"\lVert \mathbf x \rVert",
        r"p \implies q",
    ],
)
def test_a_formula_may_lack_the_braces_that_tex_does_not_need(tex):
    assert formula(tex).startswith('<svg class="tex')


@pytest.mark.parametrize(
    "tex", [r"\frac{", r"\frac", r"\begin{aligned}a\end{aligned}", "^" * 90, "{" * 200, "", "x" * 5000, "$", "\\"]
)
def test_a_formula_that_cannot_be_set_is_shown_as_written(tex):
    assert formula(tex) == Markup('<code class="tex">{}</code>').format(tex.strip())


def test_code_is_highlighted_and_escaped():
    shown = code("def f():\n    return '</pre><script>'")
    assert '<span class="nf">f</span>' in shown
    assert "<script" not in shown


def test_endless_code_is_cut_with_a_note():
    shown = code("x" * (MAX_CODE + 7))
    assert "7 more characters" in shown
