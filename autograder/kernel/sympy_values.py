"""Expressions of SymPy as trees of names and numbers, and back. No text is parsed, and only what is listed is made."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from autograder.kernel.wire_limits import MAX_INT_BITS, WireError

KIND = "sympy"
# Each is made from expressions alone. What computes much for a short argument, such as a factorial, is not among them.
_OPERATIONS = frozenset(
    {"Add", "Mul", "Pow", "exp", "log", "sin", "cos", "tan", "cot", "asin", "acos", "atan", "sinh", "cosh", "tanh",
     "Abs", "FiniteSet"}
)  # fmt: skip
_CONSTANTS = ("Pi", "Exp1", "ImaginaryUnit", "Infinity", "NegativeInfinity", "ComplexInfinity", "NaN", "EmptySet")
_FLOAT_BITS = 53


def reduced(value: Any) -> list[Any] | None:
    """What stands for an expression; None for one with a part that is not listed here."""
    sympy = sys.modules["sympy"]
    # It may be half imported.
    if not isinstance(value, getattr(sympy, "Basic", ())):
        return None
    try:
        return _taken_apart(value, sympy)
    except LookupError:
        return None


def _taken_apart(value: Any, sympy: Any) -> list[Any]:
    kind, name = type(value), type(value).__name__
    for constant in _CONSTANTS:
        if value is getattr(sympy.S, constant):
            return [constant]
    if isinstance(value, sympy.Rational):
        return ["Rational", int(value.p), int(value.q)]
    if kind is sympy.Float and value._prec == _FLOAT_BITS:
        return ["Float", float(value)]
    if kind is sympy.Symbol:
        return ["Symbol", value.name, dict(value.assumptions0)]
    if name in _OPERATIONS and getattr(sympy, name) is kind:
        return [name, *(_taken_apart(part, sympy) for part in value.args)]
    raise LookupError(name)


def restored(content: Any) -> Any:
    """The expression that :func:`reduced` has taken apart; SymPy itself puts it into its usual form.

    Raises:
        WireError: if it is not well formed.
    """
    try:
        sympy = importlib.import_module("sympy")
    except ImportError as error:
        raise WireError("SymPy is not installed where tests run") from error
    return _built(content, sympy)


def _built(tree: Any, sympy: Any) -> Any:
    match tree:
        case [str(name)] if name in _CONSTANTS:
            return getattr(sympy.S, name)
        case ["Rational", int(top), int(bottom)] if bottom > 0:
            return sympy.Rational(top, bottom)
        case ["Float", float(number)]:
            return sympy.Float(number)
        case ["Symbol", str(name), dict(assumptions)] if all(isinstance(value, bool) for value in assumptions.values()):
            return sympy.Symbol(name, **assumptions)
        case [str(name), *parts] if name in _OPERATIONS:
            made = [_built(part, sympy) for part in parts]
            if name == "Pow":
                _require_small(*made)
            return getattr(sympy, name)(*made)
    raise WireError("an expression has a part of an unknown kind")


def _require_small(base: Any, exponent: Any) -> None:
    """Refuse a power of numbers that would be too long a number."""
    if base.is_Rational and exponent.is_Rational:
        bits = max(abs(int(base.p)), int(base.q)).bit_length()
        if abs(exponent) * bits > MAX_INT_BITS:
            raise WireError("a power of numbers is too large")
