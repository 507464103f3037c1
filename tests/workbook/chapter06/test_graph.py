"""Computational graphs: evaluation against Python, what a malformed graph is told, layout and drawing."""

from __future__ import annotations

import itertools
from typing import Any

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.chapter06.graph import GraphError, as_content, evaluate, node_values, sink_of
from workbook.chapter06.graph_drawing import draw_graph, draw_steps, layout_of
from workbook.chapter06.graph_layout import crossings, layered_layout
from workbook.chapter06.graph_shapes import LAYER_GAP, number_text, variable_label

BINARY = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.true_divide}
UNARY = {"neg": np.negative, "exp": np.exp, "tanh": np.tanh, "relu": lambda x: np.maximum(x, 0.0)}


def add(graph: nx.MultiDiGraph, op: str, operands: list[str], result: str) -> None:
    graph.add_node(f"op {result}", kind="operation", op=op)
    for position, operand in enumerate(operands):
        graph.add_edge(operand, f"op {result}", position=position)
    graph.add_node(result, kind="variable")
    graph.add_edge(f"op {result}", result)


def product(multi: type = nx.MultiDiGraph) -> Any:
    graph = multi()
    graph.add_node("x", kind="variable")
    graph.add_node("two", kind="variable", value=2)
    add(graph, "*", ["x", "two"], "f")
    return graph


@st.composite
def graph_and_value(draw: st.DrawFn, most: int = 12) -> tuple[Any, dict[str, float], float]:
    """A random graph, numbers for its leaves, and its value computed directly."""
    numbers = st.floats(-2, 2, allow_nan=False).map(lambda x: round(x, 3))
    leaves = {f"x{i}": draw(numbers) for i in range(draw(st.integers(1, 4)))}
    graph, known = nx.MultiDiGraph(), dict(leaves)
    for name in leaves:
        graph.add_node(name, kind="variable")
    unused = list(leaves)
    for i in range(draw(st.integers(1, most))):
        op = draw(st.sampled_from([*BINARY, *UNARY]))
        first = unused[0] if unused else draw(st.sampled_from(list(known)))
        operands = [first] if op in UNARY else [first, draw(st.sampled_from(list(known)))]
        with np.errstate(all="ignore"):
            value = float((UNARY.get(op) or BINARY[op])(*[np.float64(known[name]) for name in operands]))
        if not np.isfinite(value) or abs(value) > 1e6:
            continue
        name = f"z{i}"
        add(graph, op, operands, name)
        known[name] = value
        unused = [other for other in unused if other not in operands] + [name]
    while len(unused) > 1:
        name = f"s{len(unused)}"
        add(graph, "+", unused[:2], name)
        known[name] = known[unused[0]] + known[unused[1]]
        unused = [*unused[2:], name]
    return graph, leaves, known[unused[0]]


@settings(deadline=None, max_examples=40)
@given(graph_and_value())
def test_a_graph_evaluates_like_python(case: tuple[Any, dict[str, float], float]) -> None:
    graph, leaves, expected = case
    assert evaluate(graph, leaves) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=20)
@given(graph_and_value(16))
def test_boxes_do_not_overlap_and_edges_go_right(case: tuple[Any, dict[str, float], float]) -> None:
    content = as_content(case[0])
    tall = [0.62 if node["kind"] == "variable" else 0.28 for node in content["nodes"]]
    layout = layout_of(content)
    for i, j in itertools.combinations(range(len(tall)), 2):
        across, up = np.abs(layout.positions[i] - layout.positions[j])
        assert across > 0.99 * LAYER_GAP or up >= (tall[i] + tall[j]) / 2
    assert all((np.diff(route[:, 0]) > 0).all() for route in layout.routes)


@settings(deadline=None, max_examples=8)
@given(graph_and_value(9))
def test_no_two_texts_of_a_drawing_overlap(case: tuple[Any, dict[str, float], float]) -> None:
    graph, leaves, _ = case
    content = as_content(graph)
    for node, value in zip(content["nodes"], node_values(content, leaves), strict=True):
        if node["kind"] == "variable":
            node.update(value=value, grad=-value / 3)
    at_a_desk = draw_graph(content, "title")
    own = getattr(at_a_desk, "on_a_phone", None)
    for figure in [at_a_desk] + ([own(3.4)] if own else []):
        figure.canvas.draw()
        texts = [text for text in figure.axes[0].texts if len(text.get_text()) > 1 or not text.get_text().isdigit()]
        boxes = [text.get_window_extent() for text in texts]
        for (a, first), (b, second) in itertools.combinations(zip(texts, boxes, strict=True), 2):
            assert not first.shrunk(0.95, 0.9).overlaps(second.shrunk(0.95, 0.9)), (a.get_text(), b.get_text())
    plt.close("all")


def test_a_long_graph_goes_down_on_a_phone_and_fits_its_width() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("x", kind="variable", value=0.1, grad=0.2)
    name = "x"
    for number in range(6):
        add(graph, "tanh", [name], f"z{number}")
        name = f"z{number}"
    figure = draw_graph(graph, "six times the hyperbolic tangent")
    assert figure.get_figwidth() > 6
    narrow = figure.on_a_phone(3.4)  # type: ignore[attr-defined]
    assert narrow.get_figwidth() == pytest.approx(3.4)
    assert narrow.get_figheight() > 5
    plt.close("all")


def test_crossings_of_a_twisted_pair_are_undone() -> None:
    assert crossings([[0, 1], [3, 2]], [(0, 2), (1, 3)]) == 1
    heights = layered_layout([0.3] * 4, [(0, 3), (1, 2)], 1.0, 0.1).positions[:, 1]
    assert (heights[0] - heights[1]) * (heights[3] - heights[2]) > 0


def test_both_edges_of_a_square_count() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("x", kind="variable")
    add(graph, "*", ["x", "x"], "f")
    assert evaluate(graph, {"x": 3.0}) == 9


def test_operands_are_taken_by_position_not_by_order_of_insertion() -> None:
    graph = nx.MultiDiGraph()
    for name in "ab":
        graph.add_node(name, kind="variable")
    graph.add_node("minus", kind="operation", op="-")
    graph.add_edge("b", "minus", position=1)
    graph.add_edge("a", "minus", position=0)
    graph.add_node("f", kind="variable")
    graph.add_edge("minus", "f")
    assert evaluate(graph, {"a": 5.0, "b": 2.0}) == 3


def test_a_moved_node_changes_what_follows() -> None:
    content = as_content(product())
    index = [node["name"] for node in content["nodes"]].index("x")
    assert node_values(content, {"x": 1.0}, {index: 4.0})[sink_of(content)] == 8


def _cycle(graph: Any) -> None:
    add(graph, "neg", ["f"], "g")
    graph.add_edge("g", "back")
    graph.add_node("back", kind="operation", op="neg")
    graph.remove_edge("x", "op f")
    graph.remove_node("x")
    graph.edges["g", "back", 0]["position"] = 0
    graph.add_edge("back", "op f", position=0)
    add(graph, "exp", ["g"], "result")


def _misspelt(graph: Any) -> None:
    graph.add_edge("y", "op f", position=2)


def _without_position(graph: Any) -> None:
    del graph.edges["x", "op f", 0]["position"]


def _twice_position_0(graph: Any) -> None:
    graph.edges["two", "op f", 0]["position"] = 0


def _second_result(graph: Any) -> None:
    add(graph, "exp", ["x"], "g")


def _unknown(graph: Any) -> None:
    graph.nodes["op f"]["op"] = "log"


def _one_operand(graph: Any) -> None:
    graph.remove_node("two")


def _three_operands(graph: Any) -> None:
    graph.add_edge("two", "op f", position=2)


def _two_inputs(graph: Any) -> None:
    graph.add_edge("x", "f")


def _no_value(graph: Any) -> None:
    del graph.nodes["two"]["value"]


@pytest.mark.parametrize(
    ("spoil", "mistake", "named"),
    [
        (_cycle, "cycle", "→"),
        (_misspelt, "node-without-kind", "'y'"),
        (_without_position, "missing-position", "'op f'"),
        (_twice_position_0, "wrong-positions", "0, 0"),
        (_second_result, "several-sinks", "g"),
        (_unknown, "unknown-operation", "'log'"),
        (_one_operand, "wrong-number-of-operands", "1 incoming"),
        (_three_operands, "wrong-number-of-operands", "3 incoming"),
        (_two_inputs, "variable-with-two-inputs", "'f'"),
        (_no_value, "leaf-without-value", "'two'"),
        (lambda graph: graph.clear(), "empty-graph", "no nodes"),
    ],
)
def test_a_malformed_graph_is_told_what_is_wrong(spoil: Any, mistake: str, named: str) -> None:
    graph = product()
    spoil(graph)
    with pytest.raises(GraphError) as caught:
        evaluate(graph, {"x": 1.0})
    assert caught.value.mistake == mistake
    assert named in caught.value.message


def test_an_undirected_graph_is_refused() -> None:
    with pytest.raises(GraphError, match="undirected"):
        evaluate(product(nx.MultiGraph), {"x": 1.0})


def test_a_drawing_shows_names_values_and_gradients() -> None:
    graph = product()
    graph.nodes["x"].update(value=1.25, grad=2.0)
    graph.nodes["f"].update(value=2.5, grad=1.0)
    figure = draw_graph(graph, "a product", names={"y": 1.25})
    shown = [text.get_text() for text in figure.axes[0].texts]
    plt.close(figure)
    assert {"$y$", "$f$", "2", "×", "1.25", "2.5", "1"} <= set(shown)


def test_steps_are_drawn_one_below_the_other() -> None:
    figure = draw_steps(product(), [("first", {"x": 1.0}, {}), ("second", {"x": 1.0, "f": 2.0}, {"f": 1.0})])
    titles = [axes.get_title() for axes in figure.axes]
    heights = [axes.get_position().y0 for axes in figure.axes]
    plt.close(figure)
    assert titles == ["first", "second"]
    assert heights[0] > heights[1]


def test_on_a_phone_one_drawing_says_at_each_number_which_step_found_it() -> None:
    steps = [
        ("first", {"x": 1.0}, {}),
        ("second", {"x": 1.0, "f": 2.0}, {"f": 4.0}),
        ("third", {"x": 1.0, "f": 2.0}, {"f": 4.0, "x": 7.0}),
    ]
    figure = draw_steps(product(), steps)
    phone = figure.on_a_phone(3.4)  # type: ignore[attr-defined]
    (axes,) = phone.axes
    shown = {text.get_text() for text in axes.texts}
    below = [text.get_text() for text in phone.texts]
    plt.close("all")
    assert {"1", "7", "② 2", "② 4"} <= shown, "leaves are given, and what else is found has its step"
    assert {"① first", "② second", "③ third"} <= set(below)


def test_labels() -> None:
    assert [variable_label(name) for name in ("w0", "f", "f*", "one")] == ["$w_{0}$", "$f$", "$f^*$", "one"]
    texts = [number_text(value) for value in (-0.31538, 0.1, 3.0, 1.6e-5, 123.456)]
    assert texts == ["−0.3154", "0.1", "3", "1.6e−05", "123.5"]
