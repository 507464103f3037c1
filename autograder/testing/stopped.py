"""Say why a student's function stopped: the error, the line it comes from, and what such an error usually means."""

from __future__ import annotations

import re

from autograder.testing.failure import CheckFailed

# The text of an exception, the name of the mistake, and its likely cause without any number of this case. The first
# that fits counts.
_CAUSES = (
    (
        r"truth value of an array",
        "truth-value-of-array",
        "`if`, `and`, `or`, `max` and `min` take one number at a time. For a whole array use NumPy's elementwise "
        "functions.",
    ),
    (
        r"only (length-1|0-dimensional|size-1) arrays can be converted",
        "one-number-function",
        "a function for one number, such as those of the module math or float(), was given a whole array. NumPy's "
        "functions work on arrays.",
    ),
    (
        r"only integer scalar arrays can be converted|cannot be interpreted as an integer",
        "array-for-count",
        "a whole number was expected, such as an axis, a count or an index, and something else was given. np.max and "
        "np.min take one array, then an axis: the larger of two values, entry by entry, is another function.",
    ),
    (
        r"ufunc 'bitwise_xor'|unsupported operand type\(s\) for \^",
        "xor-for-power",
        "`^` is not a power in Python, but an operation on bits.",
    ),
    (
        r"operands could not be broadcast|must match the size of tensor|shape mismatch",
        "shapes-do-not-fit",
        "an elementwise operation joins arrays whose shapes do not fit. Print both shapes: an axis may have been lost "
        "(a sum without keepdims=True), or a matrix product was meant.",
    ),
    (
        r"matmul: |not aligned|shapes cannot be multiplied",
        "product-shapes",
        "in a matrix product the last axis of the left factor is as long as the first of the right. Print both shapes: "
        "one may have to be transposed, or the factors exchanged.",
    ),
    (
        r"cannot reshape|shape '.*' is invalid for input of size",
        "reshape-size",
        "reshape keeps the number of entries. Print the shape before, and count; a number of the example may be "
        "written into the code.",
    ),
    (
        r"'NoneType'",
        "none-inside",
        "something that this line uses is None. A function of yours may end without a return statement.",
    ),
    (
        r"'generator'",
        "generator",
        "yield in place of return, or round brackets round an expression with for, make a generator. Use a list.",
    ),
    (
        r"for [^:]+: '(function|method|builtin_function_or_method|type)' and|"
        r"and '(function|method|builtin_function_or_method|type)'$|"
        r"'(function|method|builtin_function_or_method)' object (is not subscriptable|has no attribute)",
        "function-not-called",
        "a function is used where its value was meant. To call it, put round brackets after its name.",
    ),
    (
        r"object is not callable",
        "missing-operator",
        "round brackets right after a number or an array call it. An operator such as * may be missing before the "
        "bracket, or a name such as sum or max was given to a value and is not the function any more.",
    ),
    (
        r"'(numpy\.\w+|ndarray|float|int|list|Tensor)' object has no attribute '(exp|log|sum|mean|max|where|maximum|"
        r"zeros|sqrt|abs|array|dot|random|linalg|arange|zeros_like|ones|tanh|nn|optim|no_grad)'",
        "shadowed-module",
        "the object before the dot is not what its name says: np, or another name, was given to a value further up; or "
        "a list or number is used as if it were an array.",
    ),
    (
        r"is not a Module subclass",
        "class-for-layer",
        "a class stands where one of its layers is meant. Put round brackets after its name: nn.ReLU().",
    ),
    (
        r"cannot assign .* as parameter|a leaf Variable that requires grad",
        "parameter-replaced",
        "a parameter of a module keeps its place: change its numbers under torch.no_grad(), with copy_, or put an "
        "nn.Parameter there.",
    ),
    (
        r"name '\w+' is not defined",
        "not-defined",
        "the name is misspelt, or the cell that defines it has not been run.",
    ),
    (
        r"referenced before assignment|cannot access (local|free) variable",
        "used-before-assignment",
        "a name that is assigned anywhere in a function belongs to that function, and this line reads it before it has "
        "a value. Assign it first, or give the new value another name.",
    ),
    (
        r"has no attribute",
        "missing-attribute",
        "the name after the dot is misspelt, or was never set: in a class every attribute is set as self.name = ..., "
        "and every method is indented below the line with class.",
    ),
    (
        r"axis \S+ is out of bounds|Dimension out of range",
        "axis-out-of-range",
        "this array has fewer axes than the line with axis= asks for. Axes count from 0; -1 is the last one, however "
        "many there are.",
    ),
    (
        r"too many indices",
        "too-many-indices",
        "the array has fewer axes than the index has parts. Print its shape.",
    ),
    (
        r"is out of bounds|index out of range",
        "index-out-of-range",
        "an index runs past the end of an axis. Count from 0, and look where the loop ends.",
    ),
    (
        r"takes no arguments",
        "no-init",
        "the class has no method __init__ that takes them. It is spelt with two underscores on either side, and "
        "indented below the line with class.",
    ),
    (
        r"(?<!<locals>)\.\w+\(\) takes (0|1) positional arguments? but",
        "missing-self",
        "a method takes self as its first argument, and a function as many as its first line names.",
    ),
    (
        r"(unexpected keyword argument|positional arguments? but|missing \d+ required)",
        "wrong-arguments",
        "a function is called with other arguments than its first line names. Keep the names and the order of the "
        "stub.",
    ),
    (
        r"maximum recursion depth",
        "endless-recursion",
        "a function calls itself without an end.",
    ),
    (
        r"^KeyError|indices must be integers|not subscriptable",
        "wrong-key",
        "there is no entry of this name. Look at how the dict's keys are spelt, and whether it has this one on the "
        "first call; dict.get takes a default.",
    ),
    (
        r"values to unpack|cannot unpack",
        "wrong-number-of-parts",
        "the names left of = are as many as the values on the right. Print what is on the right.",
    ),
    (
        r"setting an array element with a sequence|inhomogeneous|object arrays|argument 0 of type|"
        r"can't convert np.ndarray of type numpy.object_",
        "object-dtype",
        "a list of arrays of different shapes, or of things that are not numbers, was made into an array.",
    ),
    (
        r"can only concatenate (list|tuple)|can't multiply sequence|for [^:]+: '\w+' and '(list|tuple|dict)'|"
        r"for [^:]+: '(list|tuple|dict)' and",
        "list-for-array",
        "lists and tuples do not calculate: + joins two of them, * repeats one. Make an array of it.",
    ),
    (
        r"could not convert string|'str' and|and 'str'|must be str|can only concatenate str",
        "text-for-number",
        "a text is used where a number was meant.",
    ),
    (
        r"Cannot cast ufunc|result type Float can't be cast",
        "integer-dtype",
        "fractions are written into an array of integers. Make the array with dtype=float.",
    ),
    (
        r"boolean subtract|boolean negative",
        "boolean-arithmetic",
        "the result of a comparison holds True and False, which cannot be subtracted. Make numbers of it first.",
    ),
    (
        r"division by zero",
        "division-by-zero",
        "something is divided by 0. Which count can be 0 here?",
    ),
    (
        r"only integers, slices|must be integers|used as indices must be|expected scalar type Long",
        "index-not-integer",
        "an index is a whole number. `/` gives a fraction; `//` gives a whole number.",
    ),
    (
        r"boolean index did not match",
        "mask-shape",
        "a mask has the shape of the array that it selects from. Print both shapes.",
    ),
    (
        r"stack expects each tensor to be equal size|all input arrays must have the same shape",
        "stacked-not-joined",
        "stacking puts its parts along a new axis, so they must have one shape. torch.cat and np.concatenate join them "
        "along an axis that they have.",
    ),
    (
        r"^SystemExit",
        "exit-in-function",
        "exit(), quit() and sys.exit() end the whole program. A function ends with return.",
    ),
    (
        r"read-only",
        "writes-into-argument",
        "the line writes into an array that belongs to somebody else. Begin with a copy.",
    ),
)

# What Python says when a function is called with arguments that it does not take.
_CALLED = re.compile(r"(?P<function>[\w.<>]+)\(\) (got an unexpected keyword|got multiple values|missing \d+ required)")

EXCEPTIONS = frozenset({"arguments-of-a-call", *(mistake for _, mistake, _ in _CAUSES)})
"""The mistakes that are known by nothing but an exception; whoever knows the exercise may know better."""


def stopped(name: str, error: BaseException, given: str = "") -> CheckFailed:
    """What a check says when the function called ``name`` raised ``error``.

    Args:
        given: completes the sentence, for example " when called with an array of shape (2, 3)".
    """
    notes = [f"{note[:1].upper()}{note[1:]}" for note in getattr(error, "__notes__", [])[-2:]]
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    message = "\n".join([f"{name} stopped with {what}{given}", *notes])
    return CheckFailed(message, *_cause(name, f"{type(error).__name__}: {error}"))


def _cause(name: str, text: str) -> tuple[str | None, str | None]:
    """The likely cause and the mistake's name of an exception with this text in the function called ``name``."""
    called = _CALLED.search(text)
    if (
        called
        and called["function"].split(".")[0] != name
        and called["function"].split(".")[-1] not in (name, "__init__")
    ):
        hint = "this line calls another function with an argument that it does not have, or without one that it needs."
        return f"{hint} Look at the first line of that function, or at its documentation.", "arguments-of-a-call"
    for pattern, mistake, cause in _CAUSES:
        if re.search(pattern, text):
            return cause, mistake
    return None, None
