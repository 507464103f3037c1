"""Read a student's graph and compare it, on numbers, with what it should compute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.testing import Case, CheckFailed, Mistake, Quantity, compare, require, student_side
from autograder.testing.article import class_with_article
from workbook.chapter06.expressions import Leaves, shown
from workbook.chapter06.graph import GraphError, check_structure, evaluate, node_values, sink_of
from workbook.chapter06.programs import VALUE, moved_leaves

NEURON_LEAVES = ("w0", "x0", "w1", "x1", "w2")
_STEP = 1e-5
_WRONG_EDGES = (
    "the operations are well formed, but the graph computes something else: an edge starts at the wrong node."
)


def content_of(graph: Any, what: str) -> dict[str, Any]:
    """A student's graph as plain data, well formed.

    Raises:
        CheckFailed: if it is not a graph, not a MultiDiGraph, or malformed.
    """
    require(graph is not None, f"{what} is None.", "the function ends without a return statement.", "no-return")
    require(
        hasattr(graph, "nodes") and hasattr(graph, "is_multigraph"),
        f"{what} is {class_with_article(graph)}; expected a networkx.MultiDiGraph.",
        "return the graph itself.",
        "not-a-graph",
    )
    content = student_side.graph_content(graph)
    try:
        check_structure(content)
    except GraphError as error:
        raise CheckFailed(f"{what}: {error.message}", error.hint, error.mistake) from None
    require(
        content["multigraph"],
        f"{what} is a graph without parallel edges; expected a networkx.MultiDiGraph.",
        "in a DiGraph x · x would lose one of its two edges.",
        "not-a-multigraph",
    )
    return content


def evaluated(content: Mapping[str, Any], leaves: Leaves, what: str) -> float:
    """Evaluate a graph; a leaf without a value becomes a failed check."""
    try:
        return evaluate(content, leaves)
    except GraphError as error:
        raise CheckFailed(f"{what}: {error.message}", error.hint, error.mistake) from None


# --- the sigmoid neuron ------------------------------------------------------------------------------------------


def neuron_point(rng: np.random.Generator, size: float = 1.5) -> Leaves:
    """Random numbers for the five leaves of the neuron."""
    return {name: float(rng.normal(0, size)) for name in NEURON_LEAVES}


def _neuron_points() -> list[Leaves]:
    rng = np.random.default_rng(60)
    return [
        {"w0": 1.0, "x0": 2.0, "w1": -1.5, "x1": 0.5, "w2": 0.25},
        *(neuron_point(rng, size) for size in (1.5, 1.5, 4.0)),
        {"w0": 0.8, "x0": 0.0, "w1": -1.1, "x1": 0.0, "w2": -0.6},
    ]


NEURON = Quantity(
    "workbook.chapter06.reference.neuron:neuron",
    {
        "missing-minus": "the exponent lacks its minus: follow z from the last sum to exp.",
        "bias-missing": "w2 has no effect on the result.",
        "bias-behind-the-minus": "the minus belongs to the whole sum, w2 included: here w2 is added after the sign has "
        "changed.",
        "one-missing": "the 1 in the denominator is missing: look at what goes into the quotient.",
        "quotient-reversed": "this is 1 / f: the operands of the quotient are exchanged.",
        "bias-times-input": "w2 is added as it is: no input belongs to it.",
        "wrong-edges": f"{_WRONG_EDGES} Here w0 meets x1 and w1 meets x0.",
    },
    [Case("the graph", (point,)) for point in _neuron_points()],
    atol=1e-12,
)
"""What the graph gives, at the points of the visible check."""


def neuron_structure(content: Mapping[str, Any]) -> None:
    """Require the five leaves by name, and one sink, the variable "f"."""
    what = "sigmoid_neuron_graph()"
    fed = {edge["target"] for edge in content["edges"]}
    leaves = {node["name"] for index, node in enumerate(content["nodes"]) if index not in fed}
    missing = [name for name in NEURON_LEAVES if name not in leaves]
    require(
        not missing,
        f"{what} has no leaf {', '.join(missing)}; expected the leaves {', '.join(NEURON_LEAVES)} and constants.",
        "node names are read letter by letter. A leaf has no incoming edge.",
        "leaf-missing",
    )
    sink = content["nodes"][sink_of(content)]
    require(
        sink["kind"] == "variable" and sink["name"] == "f",
        f"the result of {what} is the {sink['kind']} {sink['name']!r}; expected the variable 'f'.",
        "the last operation needs an edge to a variable that holds what it returns.",
        "sink-not-f",
    )


def neuron_value(content: Mapping[str, Any], point: Leaves, what: str = "the graph") -> None:
    """Require that the graph computes the sigmoid neuron at a point."""
    got = evaluated(content, point, "sigmoid_neuron_graph()")
    elsewhere = Mistake("wrong-edges", f"{_WRONG_EDGES} Draw it and follow each leaf to the right.", got)
    at = ", ".join(f"{name} = {value:.3g}" for name, value in point.items())
    NEURON.compare(got, f"{what} evaluated at {at}", point, also=[elsewhere])


# --- the graph with its error ------------------------------------------------------------------------------------


def named_values(content: Mapping[str, Any], leaves: Leaves, names: Sequence[str], what: str) -> dict[str, float]:
    """What a graph computes from these leaves for each variable in ``names``, the last of which is its result.

    Raises:
        CheckFailed: if a variable is missing, is computed although it is a leaf, or something else is the result.
    """
    index = {node["name"]: at for at, node in enumerate(content["nodes"]) if node["kind"] == "variable"}
    missing = [name for name in (*leaves, *names) if name not in index]
    require(
        not missing,
        f"{what} has no variable {', '.join(missing)}; expected {', '.join((*leaves, *names))}.",
        "node names are read letter by letter.",
        "variable-missing",
    )
    fed = {edge["target"] for edge in content["edges"]}
    computed = [name for name in leaves if index[name] in fed]
    require(
        not computed,
        f"{what}: {', '.join(computed)} has an incoming edge; expected a leaf.",
        "a leaf is given, not computed: edges lead from it only.",
        "leaf-computed",
    )
    sink = content["nodes"][sink_of(content)]
    require(
        sink["name"] == names[-1],
        f"the result of {what} is {sink['name']!r}; expected the variable {names[-1]!r}.",
        f"everything leads to {names[-1]}, and no edge leaves it.",
        "another-sink",
    )
    try:
        values = node_values(content, leaves)
    except GraphError as error:
        raise CheckFailed(f"{what}: {error.message}", error.hint, error.mistake) from None
    return {name: float(values[index[name]]) for name in names}


# --- the trace of a Value ----------------------------------------------------------------------------------------


def trace_content(
    content: Mapping[str, Any], program: str, leaves: Leaves, gradients: Leaves, check_inner: bool = True
) -> None:
    """Require that a traced graph is the graph of a program, with right values and gradients.

    Args:
        gradients: what the leaves' own ``grad`` says.
        check_inner: whether to measure the gradients of intermediate results, too.
    """
    what = f"trace(f) for {shown(program, leaves)}"
    known = _values(content, what)
    found = _leaves(content, leaves, what)
    moved = moved_leaves(leaves)
    hint = "with other numbers at the leaves, the graph gives something else than the expression: look at the edges."
    got = _recomputed(content, what, {found[name]: value for name, value in moved.items()})[sink_of(content)]
    compare(
        got,
        VALUE.answers(program, moved).right,
        f"{what}, evaluated at other numbers",
        rtol=1e-6,
        mistakes=[Mistake("wrong-edges", hint, got)],
    )
    computed = _recomputed(content, what)
    for index, value in known.items():
        name = content["nodes"][index]["name"]
        hint = "the number on this node is not what the nodes before it give. Does it come from the right Value?"
        mistake = Mistake("value-on-wrong-node", hint, value)
        compare(value, computed[index], f"{what}: value of node {name!r}", rtol=1e-6, mistakes=[mistake])
    _gradients(content, known, found, gradients, what, check_inner=check_inner)


def _values(content: Mapping[str, Any], what: str) -> dict[int, float]:
    """The attribute ``value`` of every variable, by node index."""
    known = {}
    for index, node in enumerate(content["nodes"]):
        if node["kind"] == "variable":
            value = node.get("value")
            require(
                isinstance(value, (int, float)),
                f"{what}: variable {node['name']!r} has value {value!r}; expected a number.",
                "every variable of a trace carries the number that was computed, and its gradient.",
                "value-missing",
            )
            known[index] = float(node["value"])
    return known


def _leaves(content: Mapping[str, Any], leaves: Leaves, what: str) -> dict[str, int]:
    """The index of each leaf of a program, found by its value: each has to be there once."""
    fed = {edge["target"] for edge in content["edges"]}
    sources = [index for index in range(len(content["nodes"])) if index not in fed]
    found: dict[str, int] = {}
    for name, value in leaves.items():
        here = [index for index in sources if content["nodes"][index]["value"] == value]
        wanted = list(leaves.values()).count(value)
        require(
            len(here) >= wanted,
            f"{what}: {len(here)} leaf node(s) with the value of {name}, {value:g}; expected {wanted}.",
            "two Values may hold the same number and are still two nodes: tell them apart by identity, not by value."
            if wanted > 1
            else "follow the inputs back until there are none. The leaves are nodes as well.",
            "equal-values-merged" if wanted > 1 else "leaf-missing",
        )
        require(
            len(here) == wanted,
            f"{what}: {len(here)} leaf nodes with the value of {name}, {value:g}; expected {wanted}.",
            "a Value that is used twice is one node with two outgoing edges. Remember which Values have one.",
            "shared-node-copied",
        )
        found[name] = next(index for index in here if index not in found.values())
    return found


def _recomputed(content: Mapping[str, Any], what: str, moved: Mapping[int, float] | None = None) -> list[float]:
    try:
        return node_values(content, moved=moved)
    except GraphError as error:
        raise CheckFailed(f"{what}: {error.message}", error.hint, error.mistake) from None


def _gradients(
    content: Mapping[str, Any],
    known: Mapping[int, float],
    found: Mapping[str, int],
    gradients: Leaves,
    what: str,
    *,
    check_inner: bool,
) -> None:
    expected = {found[name]: gradient for name, gradient in gradients.items()}
    if check_inner:
        fed = {edge["target"] for edge in content["edges"]}
        expected |= {index: _slope(content, index, value) for index, value in known.items() if index in fed}
    for index, right in expected.items():
        node = content["nodes"][index]
        grad = node.get("grad")
        require(
            isinstance(grad, (int, float)),
            f"{what}: variable {node['name']!r} has grad {grad!r}; expected a number.",
            "every variable of a trace carries its gradient beside its value.",
            "grad-missing",
        )
        hint = "the gradient on this node belongs to another one, or to a time before backward() was called."
        compare(
            grad,
            right,
            f"{what}: grad of node {node['name']!r}",
            rtol=1e-5,
            atol=1e-7,
            mistakes=[Mistake("grad-on-wrong-node", hint, float(node["grad"]))],
        )


def _slope(content: Mapping[str, Any], index: int, value: float) -> float:
    """The derivative of a graph's result for one node, measured."""
    sink = sink_of(content)
    above, below = (node_values(content, moved={index: value + step})[sink] for step in (_STEP, -_STEP))
    return (above - below) / (2 * _STEP)
