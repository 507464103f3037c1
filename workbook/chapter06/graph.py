"""Computational graphs: read one, say what is wrong with it, evaluate it on numbers.

The vocabulary, as attributes of a ``networkx.MultiDiGraph``:

- a node has ``kind``, "variable" or "operation";
- an operation has ``op``, one of "+", "-", "*", "/", "pow", "neg", "exp", "tanh" and "relu";
- a constant is a variable without incoming edges that has a number as ``value``;
- an edge into an operation has ``position``: 0 for the first operand, 1 for the second.

A variable with an incoming edge takes the value of the node that the edge comes from.
"""

from __future__ import annotations

import graphlib
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.testing.student_side import graph_content

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": np.true_divide,
    "pow": np.float_power,
}
_UNARY: dict[str, Callable[[Any], Any]] = {
    "neg": operator.neg,
    "exp": np.exp,
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0.0),
}
OPERATIONS = (*_BINARY, *_UNARY)


class GraphError(ValueError):
    """Raised when a graph is not a computational graph in the vocabulary of this module.

    Args:
        message: what is wrong, with the node's name, and what was expected.
        hint: where to look.
        mistake: a name for reports, lower-case words and hyphens.
    """

    def __init__(self, message: str, hint: str, mistake: str) -> None:
        self.message, self.hint, self.mistake = message, hint, mistake
        super().__init__(f"{message} {hint[0].upper()}{hint[1:]}")


def evaluate(graph: Any, leaves: Mapping[str, float] | None = None) -> float:
    """Evaluate a computational graph and return the value of its one sink.

    Args:
        graph: a networkx graph, or what :func:`student_side.graph_content` made of one.
        leaves: values of variables without incoming edges, by node name; they go before a ``value`` attribute.

    Raises:
        GraphError: if the graph is malformed, or a leaf has no value.
    """
    content = as_content(graph)
    return float(node_values(content, leaves)[sink_of(content)])


def as_content(graph: Any) -> dict[str, Any]:
    """The plain data of a networkx graph; plain data pass through."""
    return graph if isinstance(graph, dict) else graph_content(graph)


def node_values(
    content: Mapping[str, Any], leaves: Mapping[str, float] | None = None, moved: Mapping[int, float] | None = None
) -> list[float]:
    """The value of every node, in the order of ``content["nodes"]``.

    Args:
        content: plain data of a graph.
        leaves: values of variables without incoming edges, by node name.
        moved: values that replace what a node would compute, by node index; what follows uses them.

    Raises:
        GraphError: as :func:`evaluate`.
    """
    order = check_structure(content)
    given, moved = leaves or {}, moved or {}
    values: list[float] = [float("nan")] * len(order)
    incoming = inputs_of(content)
    with np.errstate(all="ignore"):
        for index in order:
            node = content["nodes"][index]
            operands = [values[source] for source in incoming[index]]
            if index in moved:
                values[index] = moved[index]
            elif node["kind"] == "operation":
                values[index] = _apply(node["op"], operands)
            else:
                values[index] = operands[0] if operands else _leaf_value(node, given)
    return values


def sink_of(content: Mapping[str, Any]) -> int:
    """The index of the one node without outgoing edges.

    Raises:
        GraphError: if there is none, or more than one.
    """
    used = {edge["source"] for edge in content["edges"]}
    sinks = [index for index in range(len(content["nodes"])) if index not in used]
    if not sinks:
        raise GraphError(
            "every node has an outgoing edge; expected one node, the result, without.",
            "follow the edges from any node: somewhere they run in a circle.",
            "cycle",
        )
    if len(sinks) > 1:
        raise GraphError(
            f"{len(sinks)} nodes have no outgoing edge: {_listed(content, sinks)}; expected one, the result.",
            "each of them is computed or given and then not used. Look for a missing edge, or a misspelt node name: "
            "networkx makes a new node for a name that it does not know.",
            "several-sinks",
        )
    return sinks[0]


def inputs_of(content: Mapping[str, Any]) -> list[list[int]]:
    """For each node the indices of the nodes that its incoming edges come from, by position."""
    incoming: list[list[Mapping[str, Any]]] = [[] for _ in content["nodes"]]
    for edge in content["edges"]:
        incoming[edge["target"]].append(edge)
    return [[edge["source"] for edge in sorted(edges, key=_position)] for edges in incoming]


def check_structure(content: Mapping[str, Any]) -> list[int]:
    """Require a well-formed graph and return its node indices in topological order.

    Raises:
        GraphError: for the first fault found: not directed, empty, kinds, operations, positions, a cycle, sinks.
    """
    if not content["directed"]:
        raise GraphError(
            "the graph is undirected; expected a networkx.MultiDiGraph.",
            "an edge goes from an operand to the operation, so it needs a direction.",
            "undirected-graph",
        )
    if not content["nodes"]:
        raise GraphError("the graph has no nodes.", "add nodes and edges before you return it.", "empty-graph")
    for node in content["nodes"]:
        _check_kind(node)
    for index, node in enumerate(content["nodes"]):
        _check_node(node, [edge for edge in content["edges"] if edge["target"] == index])
    before: dict[int, set[int]] = {index: set() for index in range(len(content["nodes"]))}
    for edge in content["edges"]:
        before[edge["target"]].add(edge["source"])
    try:
        order = list(graphlib.TopologicalSorter(before).static_order())
    except graphlib.CycleError as error:
        raise GraphError(
            f"the graph has a cycle: {_listed(content, error.args[1], ' → ')}.",
            "no value on it can be computed first. Give each intermediate result a node of its own.",
            "cycle",
        ) from None
    sink_of(content)
    return order


def _check_kind(node: Mapping[str, Any]) -> None:
    name, kind = node["name"], node.get("kind")
    if kind not in ("variable", "operation"):
        raise GraphError(
            f"node {name!r} has kind {kind!r}; expected 'variable' or 'operation'.",
            "a node without any attribute was often made by add_edge, from a misspelt name.",
            "node-without-kind",
        )


def _check_node(node: Mapping[str, Any], incoming: Sequence[Mapping[str, Any]]) -> None:
    name, kind = node["name"], node["kind"]
    if kind == "variable" and len(incoming) > 1:
        raise GraphError(
            f"variable {name!r} has {len(incoming)} incoming edges; expected at most one.",
            "a variable holds one result. What combines several values is an operation.",
            "variable-with-two-inputs",
        )
    if kind == "operation":
        _check_operation(name, node.get("op"), incoming)


def _check_operation(name: str, op: Any, incoming: Sequence[Mapping[str, Any]]) -> None:
    if op not in OPERATIONS:
        raise GraphError(
            f"operation {name!r} has op {op!r}; expected one of {', '.join(OPERATIONS)}.",
            "compose what you need from these.",
            "unknown-operation",
        )
    count = len(incoming)
    positions: list[Any] = [edge.get("position") for edge in incoming]
    expected = 1 if op in _UNARY else 2
    if count != expected:
        raise GraphError(
            f"operation {name!r} ({op}) has {count} incoming edge(s); expected {expected}.",
            "count the edges that end there. In a DiGraph a second edge between the same two nodes replaces the "
            "first. A change of sign is 'neg', not '-'. A sum of three numbers is two sums.",
            "wrong-number-of-operands",
        )
    if None in positions:
        raise GraphError(
            f"an edge into operation {name!r} ({op}) has no position.",
            "every edge into an operation says which operand it brings: position 0 or 1.",
            "missing-position",
        )
    if any(type(position) is not int for position in positions) or sorted(positions) != list(range(count)):
        raise GraphError(
            f"the edges into operation {name!r} ({op}) have positions {', '.join(map(repr, positions))}; "
            f"expected {' and '.join(map(str, range(count)))}.",
            "a / b is not b / a: number the operands from 0, each once.",
            "wrong-positions",
        )


def _position(edge: Mapping[str, Any]) -> int:
    return int(edge.get("position") or 0)


def _apply(op: str, operands: Sequence[Any]) -> Any:
    if op in _UNARY:
        return _UNARY[op](operands[0])
    return _BINARY[op](*operands)


def _leaf_value(node: Mapping[str, Any], leaves: Mapping[str, float]) -> Any:
    value: Any = leaves.get(node["name"], node.get("value"))
    if type(value) not in (int, float) and not isinstance(value, np.number):
        raise GraphError(
            f"variable {node['name']!r} has no incoming edge and no number as its value (it is {value!r}).",
            f"known leaves here: {', '.join(leaves) or 'none'}. A constant needs the attribute value.",
            "leaf-without-value",
        )
    return np.float64(value)


def _listed(content: Mapping[str, Any], indices: Sequence[int], separator: str = ", ") -> str:
    return separator.join(str(content["nodes"][index]["name"]) for index in indices)
