"""What the checks of chapter 06 call wrong answers that a student may well write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch

from autograder.testing import CheckFailed
from workbook.chapter06 import exercises as check
from workbook.chapter06.expressions import build

Values = dict[str, float]
V1, V2 = torch.tensor([[1.0], [2.0]]), torch.tensor([[-2.0], [-1.0]])


def _graph(steps: Sequence[tuple[str, Sequence[str], str]]) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    for op, operands, result in steps:
        for name in (*operands, result):
            graph.add_node(name, kind="variable")
        graph.add_node(f"{op} for {result}", kind="operation", op=op)
        for position, operand in enumerate(operands):
            graph.add_edge(operand, f"{op} for {result}", position=position)
        graph.add_edge(f"{op} for {result}", result)
    return graph


def test_exchanged_columns_are_named() -> None:
    A = torch.tensor([[1.0, -1.0], [0.0, 1.0]])
    with pytest.raises(CheckFailed) as caught:
        check.tensors(V1, V2, A, torch.cat([V2, V1], dim=1))
    assert caught.value.mistake == "columns-exchanged"


@pytest.mark.parametrize(
    ("distance", "mistake"),
    [
        (lambda a, b: (a**2 - b**2).sum(), "squares-subtracted"),
        (lambda a, b: (a**2 - a * b + b**2).sum(), "middle-term-without-two"),
    ],
)
def test_a_wrong_square_of_a_difference_is_named(distance: Callable[..., Any], mistake: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        check.squared_distance(distance)
    assert caught.value.mistake == mistake


def test_a_bias_that_is_added_after_the_minus_is_named() -> None:
    def neuron() -> nx.MultiDiGraph:
        graph = _graph(
            (
                ("*", ("w0", "x0"), "z1"), ("*", ("w1", "x1"), "z2"), ("+", ("z1", "z2"), "z3"),
                ("neg", ("z3",), "z4"), ("+", ("z4", "w2"), "z5"), ("exp", ("z5",), "z6"),
                ("+", ("one", "z6"), "z7"), ("/", ("top", "z7"), "f"),
            )
        )  # fmt: skip
        for name in ("one", "top"):
            graph.nodes[name]["value"] = 1
        return graph

    with pytest.raises(CheckFailed) as caught:
        check.sigmoid_neuron_graph(neuron)
    assert caught.value.mistake == "bias-behind-the-minus"


def _forward(point: tuple[float, ...], **other: Callable[..., float]) -> Values:
    """The values of the text, some of them computed in another way from those before."""
    w1, x1, w2, x2, target = point
    values: Values = {}
    right: dict[str, Callable[..., float]] = {
        "z1": lambda v: w1 * x1,
        "z2": lambda v: w2 * x2,
        "z3": lambda v: v["z1"] + v["z2"],
        "z4": lambda v: -v["z3"],
        "f": lambda v: float(np.exp(v["z4"])),
        "e": lambda v: v["f"] - target,
    }
    for key, formula in (right | other).items():
        values[key] = formula(values)
    return values


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (lambda *p: _forward(p, z1=lambda v: p[0] * p[3]), "inputs-exchanged"),
        (lambda *p: _forward(p, z4=lambda v: -v["z1"] + v["z2"]), "minus-for-one-term"),
        (lambda *p: _forward(p, f=lambda v: 1 / (1 + np.exp(-v["z4"]))), "sigmoid-for-exp"),
        (lambda *p: _forward(p, f=lambda v: 1 / (1 + np.exp(v["z4"]))), "sigmoid-for-exp"),
        (lambda *p: _forward(p, e=lambda v: v["f"] - 1), "target-one"),
        (lambda *p: _forward(p, e=lambda v: abs(v["f"] - p[4])), "error-without-sign"),
        (lambda *p: _forward(p, e=lambda v: p[4] - v["f"]), "error-sign"),
        (lambda *p: tuple(_forward(p).values()), "not-a-dict"),
    ],
)
def test_a_wrong_step_forward_is_named(function: Callable[..., Any], mistake: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        check.forward_values(function)
    assert caught.value.mistake == mistake


def _backward(point: tuple[float, ...], slope: Callable[[float], float], exchanged: bool = False) -> Values:
    w1, x1, w2, x2, _ = point
    if exchanged:
        w1, x1, w2, x2 = w2, x2, w1, x1
    factor = slope(_forward(point)["f"])
    return {"f": 1.0, "w1": factor * x1, "x1": factor * w1, "w2": factor * x2, "x2": factor * w2}


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (lambda *p: _backward(p, lambda f: -(f - p[4])), "error-for-slope"),
        (lambda *p: _backward(p, lambda f: -f, exchanged=True), "inputs-exchanged"),
        (lambda *p: _backward(p, lambda f: -f * f), "factor-f-twice"),
        (lambda *p: _backward(p, lambda f: -1 / f), "divided-by-f"),
        (lambda *p: _backward(p, lambda f: -f * (1 - f)), "sigmoid-for-exp"),
        (lambda *p: _backward(p, lambda f: -np.exp(f)), "exp-of-f"),
    ],
)
def test_a_wrong_step_back_is_named(function: Callable[..., Any], mistake: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        check.backward_values(function)
    assert caught.value.mistake == mistake


def test_a_value_inside_a_value_is_named() -> None:
    class Nested:
        def __init__(self, data: float) -> None:
            self.data, self.grad = float(data), 0.0

        def exp(self) -> Nested:
            return Nested(Value(np.exp(self.data)))  # type: ignore[arg-type]

    class Value(Nested):
        pass

    with pytest.raises(CheckFailed) as caught:
        build(Value, "f = a.exp()", {"a": 0.5})
    assert caught.value.mistake == "value-for-number"


def test_an_operation_that_calls_itself_without_an_end_is_named_as_anywhere_else() -> None:
    class Endless:
        def __init__(self, data: float) -> None:
            self.data, self.grad = float(data), 0.0

        def __neg__(self) -> Endless:
            return -self

    with pytest.raises(CheckFailed) as caught:
        build(Endless, "f = -a", {"a": 0.5})
    assert caught.value.mistake == "endless-recursion"


SMALL = (
    ("*", ("w1", "x1"), "z1"), ("*", ("w2", "x2"), "z2"), ("+", ("z1", "z2"), "z3"), ("neg", ("z3",), "z4"),
    ("exp", ("z4",), "f"), ("-", ("f", "f*"), "e"),
)  # fmt: skip


def test_the_graph_with_its_error_passes() -> None:
    check.small_graph(lambda: _graph(SMALL))


@pytest.mark.parametrize(
    ("steps", "mistake"),
    [
        ((*SMALL[:-1], ("-", ("f*", "f"), "e")), "error-sign"),
        ((*SMALL[:3], ("neg", ("z1",), "z4"), *SMALL[4:]), "several-sinks"),
        ((("*", ("w1", "x2"), "z1"), ("*", ("w2", "x1"), "z2"), *SMALL[2:]), "inputs-exchanged"),
        ((*SMALL[:-1], ("-", ("f", "f_star"), "e")), "variable-missing"),
        ((*SMALL, ("neg", ("e",), "E")), "another-sink"),
        ((*SMALL, ("exp", ("f",), "f*")), "leaf-computed"),
    ],
)
def test_a_wrong_graph_with_its_error_is_named(steps: Any, mistake: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        check.small_graph(lambda: _graph(steps))
    assert caught.value.mistake == mistake
