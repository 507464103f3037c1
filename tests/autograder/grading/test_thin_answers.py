"""Answers that only pass on what an earlier exercise defined are told from others by their form."""

import pytest

from autograder.grading.thin_answers import is_unwritten, only_passes_on

THIN = [
    "g = f",
    "h = f\ng = h",
    "g = lambda x: f(x)",
    "def g(x):\n    '''Return it.'''\n    return f(x)",
    "def g(*args, **kwargs):\n    return f(*args, **kwargs)",
    "def g(x, w, b):\n    return f(x, w)",
    "def g(x):\n    return f(x, 2, axis=0)",
    "def g(x):\n    y = f(x)\n    return y",
    "import numpy as np\nh = f\ndef g(x):\n    return h(x.T)",
    "class G(F):\n    '''The same.'''",
    "class G(F):\n    pass",
]
OWN = [
    "",
    "def g(x):\n    return 2 * f(x)",
    "def g(x):\n    return f(x + 1)",
    "def g(x):\n    return f(f(x))",
    "def g(x):\n    s = f(x)\n    return s * (1 - s)",
    "def g(x):\n    for y in x:\n        f(y)",
    "g = 3",
    "def g(x):\n    return np.exp(x)",
    "class G(F):\n    def forward(self): ...",
    "h = f\ndef g(x):\n    return h(x) - x",
    "print(f)",
    "def g(x:\n",
]


@pytest.mark.parametrize("source", THIN)
def test_another_name_or_a_mere_call_is_recognised(source):
    assert only_passes_on(source, {"f", "F"})


@pytest.mark.parametrize("source", OWN)
def test_what_computes_anything_is_own_work(source):
    assert not only_passes_on(source, {"f", "F"})


EMPTY = [
    "",
    "# nothing",
    "raise NotImplementedError()",
    "def g(x):\n    '''Return it.'''\n    # YOUR CODE HERE\n    raise NotImplementedError()",
    "import numpy as np\ndef g(x):\n    y = 3\n    raise NotImplementedError",
    "class G:\n    n = 3\n    def f(self):\n        raise NotImplementedError()",
    "best = None\n# YOUR CODE HERE\nraise NotImplementedError()",
]
BEGUN = [
    "def g(x):\n    return x",
    "def g(x):\n    if x: return 1\n    raise ValueError",
    "class G:\n    def f(self):\n        return 1\n    def g(self):\n        raise NotImplementedError()",
    "def f(x):\n    raise NotImplementedError()\ndef g(x):\n    return x",
    "best = 3",
    "def g(x:",
]


@pytest.mark.parametrize("source", EMPTY)
def test_an_empty_stub_is_recognised(source):
    assert is_unwritten(source)


@pytest.mark.parametrize("source", BEGUN)
def test_what_has_been_begun_is_no_stub(source):
    assert not is_unwritten(source)
