"""The oracles behind chapter 06, and what its checks accept."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import CheckFailed, student_side
from workbook import gradcheck
from workbook.chapter06 import exercises as check
from workbook.chapter06.expressions import build
from workbook.chapter06.reference.expressions import torch_values


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_the_gradients_of_random_programs_agree_with_central_differences(seed: int) -> None:
    program, leaves = check.random_program(seed), check.random_leaves(seed)
    names = list(leaves)

    def value(x: np.ndarray) -> float:
        return torch_values(program, dict(zip(names, x.tolist(), strict=True)))[0]

    measured = gradcheck.numerical_gradient(value, np.array(list(leaves.values())))
    expected = np.array([torch_values(program, leaves)[1][name] for name in names])
    np.testing.assert_allclose(measured, expected, rtol=1e-4, atol=1e-5)


def test_random_programs_depend_on_the_seed_only() -> None:
    assert check.random_program(3) == check.random_program(3)
    assert len({check.random_program(seed) for seed in range(20)}) == 20


def test_a_number_on_the_left_of_a_class_without_reflected_operators_is_named() -> None:
    class Bare:
        def __init__(self, data: float) -> None:
            self.data, self.grad = data, 0.0

        def __sub__(self, other: float) -> Bare:
            return Bare(self.data - other)

    with pytest.raises(CheckFailed) as caught:
        build(Bare, "f = 2 - a", {"a": 1.0})
    assert caught.value.mistake == "number-on-the-left"


@pytest.mark.filterwarnings("ignore:The .grad attribute")
def test_a_tensor_stands_in_for_value() -> None:
    """PyTorch's own scalars pass the checks that do not look at a fresh Value."""

    class Scalar:
        """A tensor under the names of the exercise."""

        def __new__(cls, data: float) -> torch.Tensor:
            return torch.tensor(float(data), dtype=torch.float64, requires_grad=True)

    check.gradients_of(Scalar, "t = a * b\nf = 3 - t.tanh()", {"a": 0.5, "b": -2.0})
    check.value_of(Scalar, "f = 2 / a - a ** 3", {"a": 0.5})


def engine(seed: float = 1.0, backwards: bool = True, slopes: int = 2, grad: str = "grad") -> type:
    """A class of values with products, whose backward pass can be spoilt.

    Args:
        seed: the output's own gradient. backwards: whether the order is reversed.
        slopes: how many operands get a gradient. grad: the attribute that a result sets.
    """

    class Value:
        def __init__(self, data: float) -> None:
            self.data, self.grad, self.operands = float(data), 0.0, ()

        def __mul__(self, other: Value) -> Value:
            result = Value(self.data * other.data)
            if grad != "grad":
                del result.grad
                setattr(result, grad, 0.0)
            result.operands = (self, other)
            return result

        def __rmul__(self, number: float) -> Value:
            return Value(number) * self

        def order(self) -> list[Value]:
            return [node for operand in self.operands for node in operand.order()] + [self]

        def backward(self) -> None:
            self.grad = seed
            for node in self.order()[:: -1 if backwards else 1]:
                for operand, other in list(zip(node.operands, node.operands[::-1], strict=True))[:slopes]:
                    operand.grad += node.grad * other.data

    return Value


@pytest.mark.parametrize(
    ("spoilt", "program", "mistake"),
    [
        ({"seed": 0.0}, "f = a * b", "output-gradient-not-one"),
        ({"seed": 2.5}, "f = a * b", "output-gradient-not-one"),
        ({"backwards": False}, "t = a * b\nf = 3 * t", "no-topological-order"),
        ({"slopes": 1}, "f = a * b", "operand-without-gradient"),
        ({"grad": "gard"}, "f = a * b", "attribute-missing"),
    ],
)
def test_a_gradient_that_stays_0_is_explained_by_what_the_others_are(spoilt, program, mistake) -> None:
    leaves = {"a": 0.5, "b": -2.0}
    check.gradients_of(engine(), program, leaves)
    with pytest.raises(CheckFailed) as caught:
        check.gradients_of(engine(**spoilt), program, leaves)
    assert caught.value.mistake == mistake


def test_integers_are_asked_to_be_floats_of_any_precision() -> None:
    numbers = [[[1.0], [2.0]], [[-2.0], [-1.0]], [[1.0, -1.0], [0.0, 1.0]], [[1.0, -2.0], [2.0, -1.0]]]
    for dtype in (torch.float32, torch.float64):
        check.tensors(*(torch.tensor(values, dtype=dtype) for values in numbers))
    with pytest.raises(CheckFailed, match="v1 has dtype int64; expected floating point"):
        check.tensors(*(torch.tensor(values).long() for values in numbers))


@pytest.mark.parametrize(
    "distance",
    [
        lambda a, b: torch.norm(a - b) ** 2,
        lambda a, b: torch.dist(a, b) ** 2,
        lambda a, b: (torch.cdist(a.T, b.T) ** 2).sum(),
    ],
)
def test_a_ready_made_norm_or_distance_is_named(distance) -> None:
    with pytest.raises(CheckFailed) as caught:
        check.squared_distance(distance)
    assert caught.value.mistake == "norm-used"


def test_graph_content_is_plain_data() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node(7, kind="variable", value=np.float64(1.5), grad=torch.tensor(2.0), extra=object())
    graph.add_node("op", kind="operation", op="neg")
    graph.add_edge(7, "op", position=np.int64(0))
    content = student_side.graph_content(graph)
    first = content["nodes"][0]
    assert (first["name"], first["value"], first["grad"]) == ("7", 1.5, 2.0)
    assert isinstance(first["extra"], str)
    assert content["edges"] == [{"position": 0, "source": 0, "target": 1}]
    assert type(content["edges"][0]["position"]) is int
    assert content["directed"] and content["multigraph"]


def test_a_norm_leaves_its_name_in_the_recorded_operations() -> None:
    with_norm = student_side.differentiated(lambda x: torch.norm(x) ** 2, [[[1.0], [2.0]]])
    without = student_side.differentiated(lambda x: (x**2).sum(), [[[1.0], [2.0]]])
    assert any("Norm" in name for name in with_norm["operations"])
    assert not any("Norm" in name for name in without["operations"])
