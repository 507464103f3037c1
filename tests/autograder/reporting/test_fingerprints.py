import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.reporting.fingerprints import answers, fingerprint
from tests.support.toy import meta

ORIGINAL = '''def softmax(x):
    """Return the softmax of each row."""
    shifted = x - x.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    total = powers.sum(axis=1, keepdims=True)
    return powers / total
'''


@pytest.mark.parametrize(
    "disguised",
    [
        ORIGINAL.replace("shifted", "z").replace("powers", "e").replace("total", "s"),
        ORIGINAL.replace("shifted", "powers2").replace("    powers =", "    # exponentials\n\n    powers ="),
        ORIGINAL.replace('"""Return the softmax of each row."""', '"""Mine."""'),
        ORIGINAL.replace("def softmax(x):", "def softmax(x: np.ndarray) -> np.ndarray:"),
        ORIGINAL.replace("np.exp(shifted)", "(np.exp((shifted)))").replace("axis=1", "axis = 1"),
        "import numpy as np\n" + ORIGINAL.replace("return powers / total", "return (powers\n            / total)"),
    ],
)
def test_names_comments_docstrings_and_layout_do_not_count(disguised):
    assert fingerprint(disguised) == fingerprint(ORIGINAL)


def test_the_order_of_statements_does_not_count():
    assert fingerprint("a = f(1)\nb = g(2)\nc = a + b") == fingerprint("b = g(2)\na = f(1)\nc = a + b")


def test_shorthands_are_what_they_stand_for():
    assert fingerprint("x = 0\nx += 2.0 * y") == fingerprint("x = 0\nx = x + 2 * y")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = b + c", "a = b - c"),
        ("a = np.exp(b)", "a = np.log(b)"),
        ("a = b[0]", "a = b[1]"),
        ("x = 1\ny = 2\nz = x - y", "x = 1\ny = 2\nz = x - x"),
        ("for i in range(n): f(i)", "for i in range(m): f(i)"),
        ("a = f(b, axis=1)", "a = f(b, ddof=1)"),
        ("a = b < c", "a = b <= c"),
        ("a = True", "a = 1"),
    ],
)
def test_different_computations_differ(one, other):
    assert fingerprint(one) != fingerprint(other)


def test_an_edited_line_changes_one_statement():
    edited = fingerprint(ORIGINAL.replace("np.exp(shifted)", "np.exp(shifted) + 1e-9"))
    assert len(edited ^ fingerprint(ORIGINAL)) == 2


def test_stubs_and_imports_say_nothing():
    assert fingerprint('import os\n"""text"""\npass\nraise NotImplementedError()') == frozenset()


@pytest.mark.parametrize(
    "source",
    ["def f(:\n    return 1  # x", "a = \x00", "(" * 3000, "x" + "+x" * 20_000],
    ids=["torn", "zero byte", "nested", "endless"],
)
def test_code_that_cannot_be_parsed_is_compared_line_by_line(source):
    assert fingerprint(source) == fingerprint(source.replace("  # x", "   # other"))
    assert fingerprint(source)


def test_magics_do_not_count():
    assert fingerprint("%matplotlib inline\n!ls\nx = 1") == fingerprint("x = 1")


def test_only_answers_in_code_are_taken():
    notebook = new_notebook(
        cells=[
            new_code_cell("given = 1", metadata=meta("given", locked=True)),
            new_code_cell("x = 2", metadata=meta("double", solution=True)),
            new_code_cell("assert x", metadata=meta("test-double", grade=True, locked=True, points=1)),
            new_markdown_cell("words", metadata=meta("why", grade=True, solution=True, points=1)),
            new_code_cell("experiment = 3"),
        ]
    )
    assert answers(notebook) == {"double": fingerprint("x = 2")}
