from __future__ import annotations

import copy

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.notebook.glossary_links import linked_terms, read_glossary, with_terms

GLOSSARY = read_glossary(
    """# Glossary

```{glossary}
batch
  Several samples.

batch normalisation
  A layer.

loss
  A number. See {term}`batch`.

pooling
max-pooling
  One number for each window.

ReLU
  An activation.

test data
  Looked at once.

untidy
  Said of a term that ends in y.
```
"""
)


def _linked(*texts: str) -> list[str]:
    return linked_terms(texts, GLOSSARY)


def test_the_first_occurrence_on_a_page_is_linked_and_no_other() -> None:
    assert _linked("The loss, and the loss.", "A loss.") == ["The {term}`loss`, and the loss.", "A loss."]


def test_a_term_is_found_in_the_plural_and_in_capitals() -> None:
    assert _linked("Losses") == ["{term}`Losses <loss>`"]
    assert _linked("untidies") == ["{term}`untidies <untidy>`"]
    assert _linked("RELU") == ["{term}`RELU <ReLU>`"]


def test_a_longer_term_wins() -> None:
    assert _linked("batch normalisation of a batch") == ["{term}`batch normalisation` of a {term}`batch`"]


def test_a_term_may_be_wrapped_but_not_span_paragraphs() -> None:
    assert _linked("the test\ndata") == ["the {term}`test data`"]
    assert _linked("a test\n\ndata") == ["a test\n\ndata"]


def test_terms_that_share_a_definition_are_linked_once() -> None:
    assert _linked("Max-pooling is pooling.") == ["{term}`Max-pooling <max-pooling>` is pooling."]


def test_a_part_of_a_word_is_no_term() -> None:
    text = "lossless, mini-batch, batch-wise"
    assert _linked(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "# The loss",
        "`loss`",
        "``a ` loss``",
        "$loss$",
        "$$\nloss\n$$ (eq-loss)",
        "```python\nloss = 1\n```",
        "[the loss](page.md)",
        "![loss](loss.png)",
        "{cite:t}`loss`",
        "{ref}`the loss <loss>`",
        ":::{admonition} A loss\n:class: loss\n:::",
        "(loss)=",
        '<a href="loss.html">',
        "% loss",
        "\\begin{align}\nloss\n\\end{align}",
    ],
)
def test_code_mathematics_headings_links_and_directives_stay_as_they_are(text: str) -> None:
    assert _linked(text) == [text]


def test_text_after_a_protected_part_is_linked() -> None:
    assert _linked("`x` and $y$: the loss") == ["`x` and $y$: the {term}`loss`"]
    assert _linked("A price of $ 3 and a loss") == ["A price of $ 3 and a {term}`loss`"]


def test_where_a_term_is_introduced_an_index_entry_stands_before_the_paragraph() -> None:
    text = "Before.\n\nThe **loss** is\na number. The **loss** again."
    assert _linked(text) == [
        "Before.\n\n```{index} single: loss\n```\n\nThe **{term}`loss`** is\na number. The **loss** again."
    ]


def test_an_index_entry_does_not_cut_a_list_in_two() -> None:
    text = "- one\n\n- the **loss**\n\n  and the **batch**"
    (linked,) = _linked(text)
    assert linked.startswith("```{index} single: loss\n```\n\n```{index} single: batch\n```\n\n- one\n\n- the **")


def test_an_index_entry_stands_before_a_formula_and_not_in_it() -> None:
    text = "The sum\n\n$$\na\n\nb\n$$\nis the **loss**."
    (linked,) = _linked(text)
    assert "$$\na\n\nb\n$$" in linked
    assert "```{index} single: loss\n```\n\n$$" in linked


def test_bold_words_that_are_no_terms_are_not_indexed() -> None:
    assert _linked("**What to notice.** Nothing.") == ["**What to notice.** Nothing."]


def test_a_notebook_is_one_page_and_its_code_is_left_alone() -> None:
    notebook = new_notebook(
        cells=[new_markdown_cell("A loss."), new_code_cell("loss = 1"), new_markdown_cell("The loss and a batch.")]
    )
    before = copy.deepcopy(notebook)
    sources = [cell.source for cell in with_terms(notebook, GLOSSARY).cells]
    assert sources == ["A {term}`loss`.", "loss = 1", "The loss and a {term}`batch`."]
    assert notebook == before


def test_without_a_glossary_nothing_changes() -> None:
    assert linked_terms(["The loss."], read_glossary("")) == ["The loss."]
