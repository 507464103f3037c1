"""Which names a cell needs from before."""

import pytest

from autograder.notebook.names import classes, defined, import_statements, named_in_texts, read_first
from autograder.notebook.written_parameters import written_parameters


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("value = value + 1", {"value"}),
        ("total += 1", {"total"}),
        ("del squares", {"squares"}),
        ("x = 1\nassert x == f(x)", {"f"}),
        ("with open(p) as h:\n    t = h.read()\nt", {"open", "p"}),
        ("with pytest.raises(E):\n    z = f(1)\nz", {"pytest", "E", "f", "z"}),
        ("def g(x):\n    return x + k\nk = 3", {"k"}),
        ("[a for a in b if a > c]", {"b", "c"}),
        ("import numpy as np\nnp.x(w)", {"w"}),
        ("kept = double\ndel double\ntry:\n    pass\nfinally:\n    double = kept", {"double"}),
        ("%time y = f(1)\n!ls", {"f"}),
        ("x = (", set()),
    ],
)
def test_a_name_counts_that_may_be_read_before_it_is_bound(source, names):
    assert read_first(source) == names


def test_names_may_be_looked_up_by_their_text():
    assert named_in_texts("assert 'double' in globals()") == {"double"}
    assert named_in_texts("eval('double(x)')") == {"double", "x"}
    assert named_in_texts("assert 'double' in text") == set()


def test_classes_and_what_is_made_with_them():
    assert classes("class A: pass\na = A()\nb = f()") == {"A", "a"}


def test_imports_by_the_name_that_they_bind():
    assert set(import_statements("import numpy as np\nimport a.b\nfrom c import d as e\nfrom f import *")) == {
        "np",
        "a",
        "e",
        "* of f",
    }


@pytest.mark.parametrize(
    ("source", "places"),
    [
        ("def f(a, b): b.sort()", {"f": (1,)}),
        ("def f(a): a[0] = 1", {"f": (0,)}),
        ("def f(a): a += 1", {"f": (0,)}),
        ("def f(a):\n    import random\n    random.shuffle(a)", {"f": (0,)}),
        ("class C:\n    def f(self, a): self.x = 1; a.append(2)", {"f": (0,)}),
        ("def f(a):\n    a = list(a)\n    a.sort()\n    return a", {}),
        ("def f(a): return sorted(a)", {}),
        ("def f(t): t.add_(1)", {"f": (0,)}),
    ],
)
def test_parameters_that_are_written_into(source, places):
    assert written_parameters(source) == places


def test_a_source_beyond_the_usual_length_is_read_like_any_other():
    assert defined("x = 1\n" + "# long\n" * 5_000) == {"x"}
    assert read_first("print(y)\n" + "# long\n" * 5_000) == {"print", "y"}
