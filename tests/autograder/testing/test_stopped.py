"""Everyday slips that end in an exception have a cause, and a name that is nearly right is guessed."""

import linecache

import numpy as np
import pytest

from autograder.testing import CheckFailed, call

SLIPS = {
    "array-for-count": "def f(x):\n    return np.max(0, x)",
    "missing-operator": "def f(x):\n    return 2(x + 1)",
    "missing-operator-after-an-array": "def f(x):\n    return x(1 - x)",
    "missing-operator-shadowed-sum": "def f(x):\n    sum = np.exp(x)\n    return sum / sum(sum)",
    "shadowed-module": "def f(x):\n    np_ = x\n    return np_.exp(x)",
    "shadowed-module-by-a-number": "def f(x):\n    np = 3.0\n    return np.exp(x)",
    "missing-attribute": "def f(x):\n    return np.expp(x)",
    "not-defined": "def f(x):\n    result = x\n    return reslut",
    "used-before-assignment": "def f(x):\n    total = total + x\n    return total",
    "axis-out-of-range": "def f(x):\n    return x.sum(axis=1)",
    "index-out-of-range": "def f(x):\n    return x[7]",
    "too-many-indices": "def f(x):\n    return x[0, 0]",
    "wrong-key": "def f(x):\n    return {'rate': 1}['learning_rate'] * x",
    "function-not-called": "def g(x):\n    return x\n\ndef f(x):\n    return g * (1 - g(x))",
    "function-not-called-on-the-left": "def g(x):\n    return x\n\ndef f(x):\n    return 1 - g",
    "none-inside": "def g(x):\n    print(x)\n\ndef f(x):\n    return 1 - g(x)",
    "generator": "def f(x):\n    return len(v for v in x)",
    "list-for-array": "def f(x):\n    return 1 - [2 * v for v in x]",
    "text-for-number": "def f(x):\n    return 'x' + x.sum()",
    "object-dtype": "def f(x):\n    return np.exp(np.array([x, None], dtype=object))",
    "arguments-of-a-call": "def f(x):\n    return np.sum(x, axes=0)",
    "no-init": "class C:\n    def __init_(self, x):\n        self.x = x\n\ndef f(x):\n    return C(x)",
    "missing-self": "class C:\n    def forward():\n        return 1\n\ndef f(x):\n    return C().forward()",
    "wrong-number-of-parts": "def f(x):\n    a, b = x.shape\n    return a",
    "reshape-size": "def f(x):\n    return x.reshape(2, 5)",
    "array-for-count-in-range": "def f(x):\n    return [0 for _ in range(len(x) / 2)]",
    "index-not-integer": "def f(x):\n    return x[len(x) / 2]",
    "boolean-arithmetic": "def f(x):\n    return (x > 0) - (x < 0)",
    "integer-dtype": "def f(x):\n    total = np.zeros(3, dtype=int)\n    total += x\n    return total",
    "stacked-not-joined": "def f(x):\n    return np.stack([x, x[:1]])",
    "exit-in-function": "import sys\n\ndef f(x):\n    sys.exit()\n    return x",
    "division-by-zero": "def f(x):\n    return len(x) / 0",
}


def failure(source: str) -> CheckFailed:
    filename = "<ipython-input-stopped-test>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    names = {"np": np}
    exec(compile(source, filename, "exec"), names)
    with pytest.raises(CheckFailed) as caught:
        call(names["f"], np.array([0.5, -1.0, 2.0]))
    return caught.value


@pytest.mark.parametrize("slip", SLIPS)
def test_an_everyday_slip_has_a_cause(slip):
    caught = failure(SLIPS[slip])
    assert caught.hint, caught.message
    assert slip.startswith(str(caught.mistake)), (caught.mistake, caught.message)


def test_an_exception_without_a_text_leaves_no_gap():
    assert failure("def f(x):\n    raise SystemExit").message.startswith("f stopped with SystemExit when called with")


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        ("def f(x):\n    small = x\n    return smal", "small"),
        ("def f(x):\n    return np.expp(x)", "exp"),
        ("def f(x):\n    return x.reshap(3)", "reshape"),
        ("def f(x):\n    return lenn(x)", "len"),
    ],
)
def test_a_name_that_is_nearly_right_is_guessed(source, meant):
    assert failure(source).message.splitlines()[-1] == f"Did you mean {meant}?"


def test_a_name_like_no_other_is_not_guessed():
    assert "Did you mean" not in failure("def f(x):\n    return qqqzzz").message


def test_a_call_with_other_names_than_the_stubs_is_told_from_a_library_call():
    def f(values):
        return values

    with pytest.raises(CheckFailed, match="names and the order of the stub"):
        call(f, x=1)
