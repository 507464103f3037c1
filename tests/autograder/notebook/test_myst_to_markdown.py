import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.notebook.myst_to_markdown import myst_to_markdown
from tests.support.toy import meta

CITED = {"a2020": "Ada (2020)", "b2021": "Bob et al. (2021)"}


def plain(*sources):
    notebook = new_notebook(cells=[new_markdown_cell(source) for source in sources])
    return [cell.source for cell in myst_to_markdown(notebook, CITED).cells]


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("{cite:t}`a2020`", "Ada (2020)"),
        ("{cite:p}`a2020,b2021`", "(Ada (2020); Bob et al. (2021))"),
        ("{kbd}`Shift`", "Shift"),
        ("{doc}`the data page <../book/data>`", "the data page"),
        ("{term}`softmax`", "softmax"),
    ],
)
def test_roles_become_words(role, text):
    assert plain(f"See {role} first.") == [f"See {text} first."]


def test_labelled_equations_get_numbers_and_references_find_them():
    first, second = plain("$$\na = b\n$$ (eq-a)\n\n$$\nc\n$$ (eq-c)", "By {eq}`eq-c` and {eq}`eq-a`.")
    assert first.count("\\tag{1}") == 1
    assert first.count("\\tag{2}") == 1
    assert "eq-" not in first
    assert second == "By (2) and (1)."


def test_classes_are_dropped_and_braces_in_a_line_stay():
    assert plain("{.fold-section}\n### Noise\n\nThe set {.a} of all.") == ["### Noise\n\nThe set {.a} of all."]


def test_boxes_become_quotations():
    (text,) = plain(":::{admonition} Reproduce the claim\n:class: tip\nIt is said.\n\nIs it?\n:::\nAfter.")
    assert text == "> **Reproduce the claim.**\n>\n> It is said.\n>\n> Is it?\nAfter."


def test_figure_references_count_the_figures():
    figure = new_code_cell("", metadata={"mystnb": {"figure": {"name": "fig-x"}}})
    notebook = new_notebook(cells=[new_markdown_cell("See {numref}`fig-x`."), figure])
    assert myst_to_markdown(notebook, {}).cells[0].source == "See figure 1."


def test_cells_with_checksums_are_left_alone():
    cell = new_markdown_cell("{kbd}`x`", metadata=meta("given", locked=True))
    assert myst_to_markdown(new_notebook(cells=[cell]), {}).cells[0].source == "{kbd}`x`"


def test_an_unknown_citation_is_an_error():
    with pytest.raises(KeyError, match="nobody"):
        plain("{cite:t}`nobody`")
