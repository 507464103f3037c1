"""Wrong answers that nobody wrote: the author's own, each with one small change.

An operator, a comparison, a constant, the order of two operands or arguments, a keyword argument, a function's name, or
a statement that is left out. Some changes make no difference; what loses nothing is for a person to look at.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any

from nbformat import NotebookNode

from autograder.notebook.cells import SOLUTION_BEGIN, SOLUTION_END, cell_info
from autograder.wrong_answers import WrongAnswer

Change = Callable[[Any], None]

_OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
}  # fmt: skip
_COMPARISONS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq}
_FUNCTIONS = {
    "max": "min", "min": "max", "mean": "sum", "sum": "mean", "zeros": "ones", "ones": "zeros", "maximum": "minimum",
    "minimum": "maximum", "argmax": "argmin", "exp": "expm1", "log": "log1p", "relu": "tanh", "train": "eval",
    "sqrt": "abs",
}  # fmt: skip
_IN_ORDER = (ast.Sub, ast.Div, ast.MatMult)


def mutants(notebook: NotebookNode) -> list[WrongAnswer]:
    """Every changed answer of a chapter, with the change and its line in place of a mistake's name."""
    found = []
    for cell in notebook.cells:
        about = cell_info(cell)
        if cell.cell_type == "code" and about.kind == "solution" and about.grade_id is not None:
            lines = (
                line for line in cell.source.splitlines() if SOLUTION_BEGIN not in line and SOLUTION_END not in line
            )
            changed = changed_sources("\n".join(lines))
            found += [WrongAnswer(about.grade_id, name, (), source) for name, source in changed]
    return found


def changed_sources(source: str) -> Iterator[tuple[str, str]]:
    """Each change, as a name with the line that it is in, and the source with it."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    seen = {ast.unparse(tree)}
    for place, node in enumerate(nodes):
        for name, change in _changes(node):
            other = copy.deepcopy(tree)
            change(list(ast.walk(other))[place])
            text = ast.unparse(other)
            if text not in seen:
                seen.add(text)
                yield f"{name}-line-{getattr(node, 'lineno', 0)}", text


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.BinOp):
        if (operator := _OPERATORS.get(type(node.op))) is not None:
            yield f"{type(node.op).__name__.lower()}-to-{operator.__name__.lower()}", _with(op=operator())
        if isinstance(node.op, _IN_ORDER):
            yield "operands-swapped", _with(left=node.right, right=node.left)
    elif isinstance(node, ast.Compare) and (comparison := _COMPARISONS.get(type(node.ops[0]))) is not None:
        yield "comparison", _with(ops=[comparison(), *node.ops[1:]])
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "truth-value", _with(value=not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield "one-more", _with(value=node.value + 1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, float):
        yield "twice", _with(value=2 * node.value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign", _with(op=ast.UAdd())
    elif isinstance(node, ast.Call):
        yield from _changes_of_a_call(node)
    yield from _left_out(node)


def _changes_of_a_call(node: ast.Call) -> Iterator[tuple[str, Change]]:
    for at, keyword in enumerate(node.keywords):
        yield f"without-{keyword.arg}", _with(keywords=node.keywords[:at] + node.keywords[at + 1 :])
    if len(node.args) == 2:
        yield "arguments-swapped", _with(args=node.args[::-1])
    if isinstance(node.func, ast.Attribute) and node.func.attr in _FUNCTIONS:
        other = _FUNCTIONS[node.func.attr]
        yield f"{node.func.attr}-to-{other}", _with(func=ast.Attribute(node.func.value, other, ast.Load()))


def _left_out(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """A block without one of its statements, where what is left can run."""
    for block in ("body", "orelse"):
        statements = getattr(node, block, None)
        if isinstance(node, ast.Module) or not isinstance(statements, list) or len(statements) < 2:
            continue
        for at, statement in enumerate(statements):
            if _has_an_effect(statement):
                yield f"left-out-{statement.lineno}", _with(**{block: statements[:at] + statements[at + 1 :]})


def _has_an_effect(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return not isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Assign):
        return isinstance(statement.targets[0], ast.Subscript | ast.Attribute)
    return isinstance(statement, ast.AugAssign | ast.If)


def _with(**parts: Any) -> Change:
    """Put copies of other parts into a node."""

    def change(node: Any) -> None:
        for name, part in parts.items():
            setattr(node, name, copy.deepcopy(part))

    return change
