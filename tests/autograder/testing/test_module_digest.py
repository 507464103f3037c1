"""A digest of a module: the same wherever it is as it was shipped, another one where something in it was changed."""

from __future__ import annotations

import functools
import subprocess
import sys

import pytest

from autograder.testing.module_digest import module_digest

MODULE = """
import functools
import numpy as np
LIMIT = 5
KINDS = {"b", "a", "c"}
def kept(function):
    @functools.wraps(function)
    def call(*args):
        return function(*args)
    return call
@kept
def double(x):
    return 2 * x if x in {"p", "q", 3} else x
class Box:
    def size(self):
        return 3
    @property
    def half(self):
        return 1.5
    @staticmethod
    def none():
        return None
"""
DIGEST = "import sys; sys.path.insert(0, sys.argv[1]); from autograder.testing.module_digest import module_digest"


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "shipped.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    yield __import__("shipped")
    del sys.modules["shipped"]


def test_the_digest_is_that_of_any_other_process(module, tmp_path):
    for seed in ("1", "2"):
        other = subprocess.run(
            [sys.executable, "-c", f"{DIGEST}; print(module_digest('shipped'))", tmp_path],
            capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed},
        )  # fmt: skip
        assert other.stdout.strip() == module_digest("shipped")


def test_running_its_functions_changes_nothing(module):
    before = module_digest("shipped")
    for _ in range(50):
        module.double(3)
    assert module_digest("shipped") == before


def other_closure(module):
    module.double.__closure__[0].cell_contents = lambda x: x


CHANGES = {
    "a function": lambda module: setattr(module, "double", lambda x: 2 * x),
    "what a decorated function calls": other_closure,
    "a constant": lambda module: setattr(module, "LIMIT", 6),
    "a library": lambda module: setattr(module, "np", functools),
    "a method": lambda module: setattr(module.Box, "size", lambda self: 3),
    "a property": lambda module: setattr(module.Box, "half", property(lambda self: 1.4)),
    "a static method": lambda module: setattr(module.Box, "none", staticmethod(lambda: 0)),
    "one name more": lambda module: setattr(module, "extra", 1),
    "one name less": lambda module: delattr(module, "KINDS"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_shows(module, change):
    before = module_digest("shipped")
    change(module)
    assert module_digest("shipped") != before


def test_what_is_missing_is_no_module():
    with pytest.raises(ImportError):
        module_digest("no_such_module")
