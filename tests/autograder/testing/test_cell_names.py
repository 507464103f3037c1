"""Names that a cell defines and uses, through the functions and classes of its notebook."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.testing.cell_names import defined_names, first_argument, parsed, used_names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b = 1", {"a", "b"}),
        ("for i, (x, y) in pairs: z = x", {"i", "x", "y", "z"}),
        ("def f(x):\n    inner = x", {"f"}),
        ("class C:\n    size = 1", {"C"}),
        ("squares = [i * i for i in range(3)]", {"squares"}),
        ("with open('x') as file: text = file.read()", {"file", "text"}),
        ("print(a)", set()),
        ("not valid syntax", set()),
        ("null \0 byte", set()),
    ],
)
def test_what_a_cell_defines(source, names):
    assert defined_names(parsed(source)) == names


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("check.conv2d(conv2d)", "conv2d"),
        ("check.back_prop(back_prop, feed_forward)", "back_prop"),
        ("compare(call(double, 1.0), 2.0, 'double(1.0)')", "double"),
        ("check.evaluate(*parts)", None),
        ("show()", None),
        ("x = 1", None),
    ],
)
def test_what_a_check_is_about(source, name):
    assert first_argument(parsed(source)) == name


def test_functions_and_methods_of_the_notebook_are_followed_and_no_others():
    names: dict[str, Any] = {}
    exec(
        "import os\n"
        "def inner(): return deep\n"
        "def outer(): return [inner() for _ in range(2)]\n"
        "class Net:\n    def forward(self): return outer()\n"
        "def again(): return again()\n",
        names,
    )
    assert {"Net", "outer", "inner", "deep"} <= used_names(parsed("Net().forward()"), names)
    assert "sep" not in used_names(parsed("os.path.join('a', 'b')"), names)
    assert "again" in used_names(parsed("again()"), names)
