"""Chapter 04: right answers in other styles pass every test."""

from __future__ import annotations

import pytest

from tests.support.inprocess import read_chapter, run_chapter
from tests.workbook.chapter04.layers_answers import course, in_place, keywords


@pytest.mark.parametrize(
    "answers", [course.ANSWERS, in_place.ANSWERS, keywords.ANSWERS], ids=["course", "in place", "keywords"]
)
def test_right_answers_in_another_style_pass_every_test(answers: dict[str, str]) -> None:
    outcome = run_chapter(read_chapter("04_layers_and_solver"), answers, training=False)
    assert len(outcome) == 14
    assert {test: str(error) for test, error in outcome.items() if error is not None} == {}


SINGLE = {
    "relu-forward, by the absolute value": (
        "relu-forward",
        "def relu_forward(x):\n    return (x + np.abs(x)) / 2, x\n",
    ),
    "relu-forward, in place": (
        "relu-forward",
        "def relu_forward(x):\n    return np.maximum(x, 0, out=x), x\n",
    ),
    "relu-backward, in place": (
        "relu-backward",
        "def relu_backward(dout, cache):\n    dout[cache <= 0] = 0\n    return dout\n",
    ),
    "softmax-loss, a tiny constant in the logarithm": (
        "softmax-loss",
        in_place.ANSWERS["softmax-loss"].replace("np.log(probs[range(N), y])", "np.log(probs[range(N), y] + 1e-12)"),
    ),
    "sgd-momentum, all in place": (
        "sgd-momentum",
        """
def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    v = config.setdefault("velocity", np.zeros_like(w))
    v *= config.setdefault("momentum", 0.9)
    v -= config.setdefault("learning_rate", 1e-2) * dw
    w += v
    return w, config
""",
    ),
    "count-parameters, from shapes": (
        "count-parameters",
        "def count_parameters(params):\n    return sum(np.prod(p.shape) for p in params.values())\n",
    ),
}


@pytest.mark.parametrize(("grade_id", "source"), SINGLE.values(), ids=list(SINGLE))
def test_a_single_answer_in_another_style_passes_every_test(grade_id: str, source: str) -> None:
    outcome = run_chapter(read_chapter("04_layers_and_solver"), {grade_id: source}, training=False)
    assert {test: str(error) for test, error in outcome.items() if error is not None} == {}
