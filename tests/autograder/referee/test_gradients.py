"""Gradients flow through a student's network, which stays in its own process."""

import pytest

from tests.support.idioms import outcomes, read_idioms

pytest.importorskip("torch")
GIVEN = "import torch"
ANSWERS, CASES = read_idioms("gradients.txt")


@pytest.mark.parametrize("case", CASES)
def test_a_network_can_be_differentiated(case):
    assert outcomes(*CASES[case], given=GIVEN) == [None]


def test_a_wrong_derivative_is_caught():
    wrong = ANSWERS["network"].replace("x ** 3", "x.detach() ** 3 + 0 * x")
    assert outcomes(*CASES["the input's gradient"], answer=wrong, given=GIVEN) != [None]
