"""Gradients flow through a student's network, which stays in its own process."""

import pytest

from tests.autograder.referee.test_test_cells import outcomes

pytest.importorskip("torch")
GIVEN = "import torch"
SOLUTION = """
import torch
model = torch.nn.Linear(2, 1)
def loss_of(x, y): return ((model(x) - y) ** 2).mean()
def cube(x): return x ** 3
"""
CASES = {
    "a parameter's gradient": "out = model(torch.zeros(4, 2))\nout.sum().backward()\nassert model.bias.grad.item() == 4",
    "the input's gradient": (
        "x = torch.tensor([2.0], requires_grad=True)\ny = cube(x)\ny.backward()\nassert torch.allclose(x.grad, torch.tensor([12.0]))"
    ),
    "through a loss": "loss = loss_of(torch.ones(3, 2), torch.zeros(3, 1))\nloss.backward()\nassert model.weight.grad.shape == (1, 2)",
    "a module is one": "assert isinstance(model, torch.nn.Module) and isinstance(model, torch.nn.Linear)\nassert sum(p.numel() for p in model.parameters()) == 3",
    "a seed": "torch.manual_seed(0)\na = torch.nn.functional.dropout(torch.ones(9))\ntorch.manual_seed(0)\nassert torch.equal(a, torch.nn.functional.dropout(torch.ones(9)))",
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_network_can_be_differentiated(case):
    assert outcomes(SOLUTION, CASES[case], given=GIVEN) == [None]


def test_a_wrong_derivative_is_caught():
    wrong = SOLUTION.replace("x ** 3", "x.detach() ** 3 + 0 * x")
    assert outcomes(SOLUTION, CASES["the input's gradient"], answer=wrong, given=GIVEN) != [None]
