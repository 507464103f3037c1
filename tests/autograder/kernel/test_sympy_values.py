"""Expressions cross as they are, where SymPy is installed, and nothing but expressions is made of what is forged."""

import pytest

from autograder.kernel.serialization import Decoder, Encoder
from autograder.kernel.wire_limits import WireError
from tests.autograder.kernel.test_library_values import crossed
from tests.support.idioms import outcomes

sympy = pytest.importorskip("sympy")
x, n = sympy.Symbol("x"), sympy.Symbol("n", integer=True, positive=True)


@pytest.mark.parametrize(
    "expression",
    [
        x, n, 2 * x + 1, x**2 / 3 - x ** sympy.Rational(1, 2), sympy.sin(x) * sympy.exp(-x), sympy.log(x) + sympy.pi,
        sympy.E**n, sympy.I * x, sympy.oo, -sympy.oo, sympy.nan, sympy.Integer(5), sympy.Rational(1, 3),
        sympy.Float(0.1) * x, abs(x), sympy.FiniteSet(1, 2, x), sympy.EmptySet, sympy.expand((x + n) ** 12),
    ],
    ids=str,
)  # fmt: skip
def test_an_expression_crosses_as_it_is(expression):
    back = crossed(expression)
    assert back == expression and type(back) is type(expression) and str(back) == str(expression)


def test_symbols_with_other_assumptions_are_others():
    assert crossed(sympy.Symbol("x", positive=True)) != x and crossed({x: [n], n: 1}) == {x: [n], n: 1}


def test_a_key_of_a_dict_is_a_symbol_and_no_other_expression():
    with pytest.raises(WireError):
        crossed({x + 1: 1})


@pytest.mark.parametrize(
    "value",
    [
        sympy.Function("f")(x), sympy.Integral(x, x), sympy.Dummy("x"), sympy.Symbol("A", commutative=False) * x,
        sympy.factorial(n), sympy.Float("0.1", 50), type("Liar", (sympy.Symbol,), {})("x"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_listed_stays_where_it_is(value):
    kept = []
    tree = Encoder(lambda other: kept.append(other) or {"handle": 1}).encode(value)
    assert kept == [value] or "sympy" in tree
    assert kept == [value] or crossed(value) == value


@pytest.mark.parametrize(
    "tree",
    [
        None, 5, "x", [], ["Symbol"], ["Symbol", 1, {}], ["Symbol", "x", {"real": "yes"}], ["Symbol", "x", {1: True}],
        ["Rational", 1, 0], ["Rational", 1, -1], ["Rational", "1", "2"], ["Float", "1"], ["Pi", 1], ["sympify", "x"],
        ["Lambda", ["Pi"]], ["__class__"], ["Add", "x"], ["Add", 1], ["Pow", ["Pi"]], ["parse_expr", "1"], [["Pi"]],
        ["Pow", ["Rational", 10, 1], ["Rational", 10**9, 1]], ["Pow", ["Rational", 1, 3], ["Rational", -(10**9), 7]],
        ["sin", ["Pi"], ["Pi"], ["Pi"]], ["factorial", ["Rational", 10**9, 1]],
    ],
    ids=str,
)  # fmt: skip
def test_what_is_forged_is_refused(tree):
    encoder = Encoder(lambda _: None)
    content = {"sympy": encoder.encode(tree)}
    with pytest.raises(WireError):
        Decoder(encoder.buffers, lambda *_: None).decode(content)


def test_a_wrong_expression_and_one_that_equals_everything_earn_nothing():
    solution = "import sympy\nx = sympy.Symbol('x')\ndef line(): return 2 * x + 1"
    liar = """
class Liar(sympy.Symbol):
    def __eq__(self, other): return True
    __hash__ = sympy.Symbol.__hash__
    def equals(self, other): return True
    def __sub__(self, other): return sympy.Integer(0)
"""
    tests = [
        "assert line() == 2 * sympy.Symbol('x') + 1",
        "assert sympy.simplify(line() - 2 * sympy.Symbol('x') - 1) == 0",
        "assert line().subs(sympy.Symbol('x'), 2) == 5",
    ]
    assert outcomes(solution, *tests) == [None] * 3
    for wrong in ("def line(): return 2 * x", liar + "def line(): return Liar('x')"):
        answer = f"import sympy\nx = sympy.Symbol('x')\n{wrong}"
        assert None not in outcomes(solution, *tests, answer=answer)
