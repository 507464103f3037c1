"""Reach for a method or an attribute of a student's object, and say what may have become of one that is missing."""

from __future__ import annotations

from typing import Any

from autograder.testing.failure import CheckFailed


def method(owner: Any, name: str) -> Any:
    """The method ``name`` of an object or a class that the student wrote.

    Raises:
        CheckFailed: if there is none.
    """
    return _member(
        owner,
        name,
        "method",
        f"a method belongs to its class only if it is indented below the line with class. Is def {name} indented, "
        "spelt as in the stub, and above anything that ends the class?",
    )


def attribute(owner: Any, name: str) -> Any:
    """The attribute ``name`` of an object that the student's code made.

    Raises:
        CheckFailed: if there is none.
    """
    return _member(
        owner,
        name,
        "attribute",
        f"an object keeps only what is assigned to self. Is self.{name} set in __init__, spelt as in the docstring, "
        "and not only a local name?",
    )


def _member(owner: Any, name: str, kind: str, hint: str) -> Any:
    if owner is None:
        raise CheckFailed(f"there is None where an object with {name} was expected.", _NONE, "no-return")
    try:
        return getattr(owner, name)
    except AttributeError:
        label = owner.__name__ if isinstance(owner, type) else type(owner).__name__
        raise CheckFailed(f"{label} has no {kind} {name}.", hint, f"no-{kind}") from None


_NONE = "a function that makes it ends without a return statement, or its cell has not been run."
