from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.notebook.folded_hints import folded, with_folded_hints
from autograder.testing.hints import parse_hints

HINTS = parse_hints(
    "## softmax\n\n1. What if all grow?\n2. $p_i < 1$\n3. Two lines.\n\n- **I get `nan` < 1.** Look at $m$.\n"
)["softmax"]


def test_hints_follow_their_exercise_and_the_page_that_was_given_stays():
    page = new_notebook(cells=[new_markdown_cell("# T", id="t"), new_code_cell("def f(): ...", id="e")])
    made = with_folded_hints(page, {"e": HINTS})
    assert [cell.id for cell in made.cells] == ["t", "e", "hints-e"]
    assert len(page.cells) == 2


def test_each_step_and_each_place_has_a_fold_of_its_own_inside_one_for_all():
    text = folded(HINTS)
    assert text.count("<details") == text.count("</details>") == 5
    assert text.startswith('<details class="hints">\n<summary>Hints for <code>softmax</code></summary>\n')
    assert "<summary>Step 2: what to look at</summary>\n\n$p_i < 1$\n\n</details>" in text


def test_a_title_is_html_and_what_is_inside_stays_markdown():
    text = folded(HINTS)
    assert "<summary>Stuck: I get <code>nan</code> &lt; 1</summary>\n\nLook at $m$.\n\n</details>" in text
