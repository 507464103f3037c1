"""What an exercise forbids is found under any alias, through imports and helper functions, and nothing else is."""

import linecache

import pytest

from autograder.testing import CheckFailed
from autograder.testing.forbidden_calls import ForbiddenCalls
from autograder.testing.student_side.library_uses import library_uses

CELL = """
import functools
import numpy as np
import torch
import torch.nn.functional as F
from scipy import signal as processing
from scipy.special import expit as squash
from torch.linalg import vector_norm as length

convolve, hyperbolic, alias = F.conv2d, np.tanh, np

def by_module(x): return F.conv2d(x, x)
def by_long_name(x): return torch.nn.functional.conv2d(x, x)
def by_alias(x): return convolve(x, x)
def by_other_name(x): return squash(x)
def by_other_name_of_a_function_in_c(x): return length(x)
def by_alias_of_module(x): return alias.tanh(x)
def by_alias_of_function(x): return hyperbolic(x)
def in_comprehension(x): return [processing.correlate(row, row) for row in x]
def in_lambda(x): return (lambda y: np.tanh(y))(x)
def imports(x):
    from torch.nn.functional import conv2d as other
    return other(x, x)
def imports_module(x):
    import torch.nn.functional as other
    return other.conv2d(x, x)
def helper(x): return torch.relu(x)
def through_a_helper(x): return helper(x)
def outer():
    inside = torch.relu
    def inner(x): return inside(x)
    return inner
through_a_closure = outer()
class Layer:
    def forward(self, x): return torch.relu(x)
    @staticmethod
    def make(x): return x
def through_a_class(x): return Layer().forward(x)
renamed = np.tanh
prepared = functools.partial(squash)
through_a_partial = functools.partial(by_alias)
@np.vectorize
def vectorised(x): return torch.relu(x)
hidden_in_a_partial = functools.partial(np.tanh)
def by_partial(x): return hidden_in_a_partial(x)
def by_another_path(x): return np.core.umath.tanh(x)
@np.errstate(all="ignore")
def decorated(x): return np.exp(x)
class Callable:
    def __call__(self, x): return torch.relu(x)
an_object = Callable()
a_method = Layer().forward

def right(x): return np.exp(x) + x.tanh() + sum(abs(y) for y in x)
def right_with_a_name_like_it(torch): return torch + 1
def judged(x): return helper(x)
"""
USES = {
    "by_module": "torch.nn.functional.conv2d", "by_long_name": "torch.nn.functional.conv2d", "by_alias": "torch.conv2d",
    "by_other_name": "scipy.special.expit", "by_other_name_of_a_function_in_c": "torch.linalg.vector_norm",
    "by_alias_of_module": "numpy.tanh", "by_alias_of_function": "numpy.tanh",
    "in_comprehension": "scipy.signal.correlate", "in_lambda": "numpy.tanh", "imports": "torch.nn.functional.conv2d",
    "imports_module": "torch.nn.functional", "through_a_helper": "torch.relu", "through_a_closure": "torch.relu",
    "Layer": "torch.relu", "through_a_class": "torch.relu", "renamed": "numpy.tanh", "prepared": "scipy.special.expit",
    "through_a_partial": "torch.conv2d", "vectorised": "torch.relu", "by_partial": "numpy.tanh",
    "by_another_path": "numpy.tanh", "an_object": "torch.relu", "a_method": "torch.relu",
    "decorated": "numpy.errstate",
}  # fmt: skip
LIBRARIES = ("torch", "scipy", "numpy.tanh", "numpy.errstate")


@pytest.fixture(scope="module")
def names():
    file = "<ipython-input-forbidden>"
    linecache.cache[file] = (len(CELL), None, CELL.splitlines(keepends=True), file)
    found = {"__name__": "__main__"}
    exec(compile(CELL, file, "exec"), found)
    return found


@pytest.mark.parametrize("name", USES)
def test_a_forbidden_use_is_found_by_its_full_name(names, name):
    path, _, line = library_uses(names[name], LIBRARIES)[0]
    assert path == USES[name]
    assert line in CELL.replace("    ", "") or line.strip() in CELL


@pytest.mark.parametrize("name", ["right", "right_with_a_name_like_it"])
def test_what_is_not_forbidden_is_not_found(names, name):
    assert library_uses(names[name], LIBRARIES) == []


def test_a_library_is_not_one_whose_name_begins_alike(names):
    assert library_uses(names["by_module"], ["tor", "torch.nn.functional.conv"]) == []


def test_functions_with_a_check_of_their_own_are_not_followed(names):
    rule = ForbiddenCalls(LIBRARIES, "use NumPy.", judged_elsewhere=["helper"])
    rule.check(names["judged"], "judged")


def test_of_a_class_single_methods_may_be_judged_elsewhere(names):
    assert library_uses(names["Layer"], LIBRARIES, ["Layer.forward"]) == []
    assert library_uses(names["Layer"], LIBRARIES, ["Layer.make"]) != []


def test_a_function_is_looked_at_itself_although_others_do_not_follow_it(names):
    assert library_uses(names["helper"], LIBRARIES, ["helper"]) != []


def test_the_message_says_which_call_and_where(names):
    with pytest.raises(CheckFailed) as failure:
        ForbiddenCalls(LIBRARIES, "use NumPy.").check(names["through_a_helper"], "through_a_helper")
    assert "through_a_helper uses torch.relu" in failure.value.message
    assert "In helper: def helper(x): return torch.relu(x)" in failure.value.message
    assert (failure.value.hint, failure.value.mistake) == ("use NumPy.", "forbidden-call")


def test_a_function_that_is_another_name_for_a_forbidden_one_is_told_so(names):
    with pytest.raises(CheckFailed, match="In the line that defines it"):
        ForbiddenCalls(LIBRARIES, "use NumPy.").check(names["renamed"], "renamed")


@pytest.mark.parametrize("value", [3, None, len, "text"])
def test_what_is_not_a_function_of_the_notebook_uses_nothing(value):
    assert library_uses(value, LIBRARIES) == []
