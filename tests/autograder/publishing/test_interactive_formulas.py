"""What interactive figures compute, against NumPy, SciPy and PyTorch, and that their drawings stay in their panels."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from scipy.signal import correlate2d

from tests.support.interactive import call, drawn
from workbook.chapter10.reference.optimizers import walk
from workbook.chapter10.reference.schedules import scheduled_rates


@pytest.mark.parametrize("x", [-6, 6])
def test_a_tangent_is_drawn_within_its_panel(x: int) -> None:
    picture = drawn("activation_slope", {"f": "tanh", "x": x})
    (group,) = [group for group in picture.iter("g") if group.get("clip-path")]
    (shape,) = list(group.iter("clipPath"))
    (tangent,) = [path for path in group.iter("path") if "orange" in (path.get("class") or "")]
    assert group.get("clip-path") == f"url(#{shape.get('id')})"
    (panel,) = list(shape)
    left, right = (float(panel.get("x") or 0) + share * float(panel.get("width") or 0) for share in (0, 1))
    ends = [float(end) for end in re.findall(r"[ML](-?[\d.]+)", tangent.get("d") or "")]
    assert min(ends) < left or max(ends) > right, "without the panel's edge the tangent would run out of it"


@pytest.mark.parametrize("classes", [2, 20])
@pytest.mark.parametrize("width", [300, 700])
def test_the_labels_of_the_softmax_are_whole_and_off_the_axis(classes: int, width: int) -> None:
    labels = {
        text.text or "": text for text in drawn("softmax_floor", {"z": 6, "classes": classes}, width).iter("text")
    }
    for words, label in labels.items():
        if words.endswith("%"):
            assert float(label.get("x") or 0) + 7.5 * len(words) <= width
    (floor,) = [label for words, label in labels.items() if words.startswith("floor")]
    assert float(floor.get("y") or 0) <= 250 - 4, "the axis is at 250"


def test_a_curve_that_leaves_its_axis_ends_there_and_a_point_beyond_is_open() -> None:
    products = call("sigmoid_chain", "chain", "sigmoid", 6, 3, 20)["products"]
    made = call("sigmoid_chain", "trace", products)
    layers, values = zip(*made["points"], strict=True)
    assert made["leaves"] == values[-1] == 1e-14
    assert len(layers) < 10 and values[-2] > 1e-14 and layers[-2] < layers[-1] < layers[-2] + 1
    state = {"f": "sigmoid", "weight": 6, "bias": 3, "layers": 20}
    beyond, before = drawn("sigmoid_chain", state), drawn("sigmoid_chain", {**state, "layers": 3})
    assert [c.get("class") for c in beyond.iter("circle") if c.get("r") == "7"] == ["curve orange"]
    assert [c.get("class") for c in before.iter("circle") if c.get("r") == "7"] == ["point fill-orange"]


def test_a_curve_within_its_axis_is_whole() -> None:
    products = call("sigmoid_chain", "chain", "sigmoid", 4, -2, 20)["products"]
    made = call("sigmoid_chain", "trace", products)
    assert made["leaves"] is None and [value for _, value in made["points"]] == products


def test_a_gradient_that_is_switched_off_ends_at_the_lower_edge() -> None:
    made = call("sigmoid_chain", "trace", [1.0, 0.5, 0.0, 0.0])
    assert made == {"points": [[0, 1.0], [1, 0.5], [2, 1e-14]], "leaves": 1e-14}


POINTS = (-700.0, -4.0, -0.3, 0.0, 0.5, 2.0, 700.0)


@pytest.mark.parametrize(("name", "f"), [("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("relu", torch.relu)])
def test_activations_and_slopes_are_those_of_pytorch(name: str, f: Any) -> None:
    x = torch.tensor(POINTS, dtype=torch.float64, requires_grad=True)
    value = f(x)
    (slope,) = torch.autograd.grad(value.sum(), x)
    values = [call("activation_slope", "value", name, point) for point in POINTS]
    slopes = [call("activation_slope", "slope", name, point) for point in POINTS]
    np.testing.assert_allclose(values, value.detach().numpy(), rtol=1e-13, atol=1e-300)
    np.testing.assert_allclose(slopes, slope.numpy(), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_the_chain_has_the_derivative_that_autograd_finds(name: str) -> None:
    weight, bias, layers = 2.5, -1.0, 12
    a = start = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    for _ in range(layers):
        a = getattr(torch, name)(weight * a + bias)
    (slope,) = torch.autograd.grad(a, start)
    made = call("sigmoid_chain", "chain", name, weight, bias, layers)
    assert made["products"][-1] == pytest.approx(float(slope), rel=1e-12)
    assert np.prod(made["factors"]) == pytest.approx(float(slope), rel=1e-12)


def test_a_chain_of_sigmoids_with_weight_4_keeps_its_gradient_only_at_bias_minus_2() -> None:
    assert call("sigmoid_chain", "chain", "sigmoid", 4, -2, 20)["products"][-1] == pytest.approx(1)
    assert call("sigmoid_chain", "chain", "sigmoid", 4, 0, 20)["products"][-1] < 1e-9


@pytest.mark.parametrize(("z", "classes"), [(-5.0, 10), (0.0, 10), (2.0, 10), (6.0, 3), (6.0, 20)])
@pytest.mark.parametrize("squashed", [False, True])
def test_softmax_losses_are_those_of_pytorch(z: float, classes: int, squashed: bool) -> None:
    scores = torch.full((1, classes), -z, dtype=torch.float64)
    scores[0, 0] = z
    expected = torch.nn.functional.cross_entropy(torch.sigmoid(scores) if squashed else scores, torch.tensor([0]))
    assert call("softmax_floor", "loss", z, classes, squashed) == pytest.approx(float(expected), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("classes", [2, 10, 1000])
def test_the_floor_is_approached_and_never_reached(classes: int) -> None:
    floor = call("softmax_floor", "floor", classes)
    assert floor == pytest.approx(np.log(1 + (classes - 1) / np.e))
    assert 0 < call("softmax_floor", "loss", 12, classes, True) - floor < 1e-4


def test_the_sliding_kernel_computes_a_cross_correlation() -> None:
    rng = np.random.default_rng(0)
    image, kernel = rng.standard_normal((5, 6)), rng.standard_normal((3, 2))
    made = call("kernel_slide", "correlate", image.tolist(), kernel.tolist())
    np.testing.assert_allclose(made, correlate2d(image, kernel, mode="valid"), rtol=1e-12)


def test_output_sizes_are_those_of_pytorch() -> None:
    for n in range(5, 15):
        for kernel in range(1, 6):
            for stride in range(1, 5):
                for padding in range(3):
                    image = torch.empty(1, 1, n, device="meta")
                    weight = torch.empty(1, 1, kernel, device="meta")
                    expected = torch.nn.functional.conv1d(image, weight, stride=stride, padding=padding).shape[-1]
                    assert call("output_size", "size", n, kernel, stride, padding) == expected


@pytest.mark.parametrize("leaves", [(0.1, 0.3, -0.2, 0.4, 1.0), (-0.9, 0.7, 0.5, -0.6, 0.0)])
def test_the_graph_has_the_values_and_gradients_of_autograd(leaves: tuple[float, ...]) -> None:
    names = ("w1", "x1", "w2", "x2", "f*")
    tensors = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in leaves]
    w1, x1, w2, x2, target = tensors
    error = torch.exp(-(w1 * x1 + w2 * x2)) - target
    slopes = torch.autograd.grad(error, tensors)
    made = call("graph_steps", "run", dict(zip(names, leaves, strict=True)))
    assert made["values"]["e"] == pytest.approx(error.item(), rel=1e-12)
    for name, slope in zip(names, slopes, strict=True):
        assert made["gradients"][name] == pytest.approx(slope.item(), rel=1e-12)


RULES = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "rmsprop": ("RMSprop", {"alpha": 0.9}),
    "adam": ("Adam", {}),
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("turned", [False, True])
def test_paths_are_those_of_torch_optim(rule: str, turned: bool) -> None:
    made = np.array(call("optimizer_paths", "walk", rule, 0.03, turned, 25))
    turn = np.array([[1.0, -1.0], [1.0, 1.0]]) / np.sqrt(2) if turned else np.eye(2)
    slopes = [(np.array([1.0, 30.0]) * (w @ turn)) @ turn.T for w in made[:-1]]
    optimizer, settings = RULES[rule]
    expected = walk(optimizer, made[0], slopes, [0.03] * 25, **settings).points
    np.testing.assert_allclose(made[0], turn @ [-4.0, 1.0], rtol=1e-12)
    np.testing.assert_allclose(made, expected, rtol=1e-9, atol=1e-12)


def test_a_rate_beyond_the_limit_of_the_valley_diverges_and_the_path_ends() -> None:
    assert len(call("optimizer_paths", "walk", "sgd", 0.066, False, 40)) == 41
    assert len(call("optimizer_paths", "walk", "sgd", 3.0, False, 40)) < 20


@pytest.mark.parametrize("kind", ["step", "cosine", "warmup"])
def test_schedules_are_those_of_pytorch(kind: str) -> None:
    settings = {
        "step": {"milestones": [40, 75], "gamma": 0.1},
        "cosine": {"total": 100},
        "warmup": {"steps": 10},
    }[kind]
    made = [call("schedules", kind, epoch, *([10] if kind == "warmup" else [])) for epoch in range(100)]
    np.testing.assert_allclose(made, scheduled_rates(kind, 100, 0.5, **settings), rtol=1e-9)


@pytest.mark.parametrize("network", ["cnn_3", "cnn_4", "cnn_5"])
def test_receptive_fields_are_where_the_gradient_of_a_unit_is_not_zero(network: str) -> None:
    rows = call("receptive_field", "rows", network)
    signal = torch.zeros(1, 1, 32, dtype=torch.float64, requires_grad=True)
    value = signal
    for depth, row in enumerate(rows[1:], start=1):
        kind, kernel = row["text"].split()
        size = int(kernel)
        # A mean pool depends on each of its values, as a max-pool may.
        weight = torch.ones(1, 1, size, dtype=torch.float64)
        value = torch.nn.functional.conv1d(value, weight, stride=size if kind == "pool" else 1)
        assert value.shape[-1] == row["units"]
        unit = row["units"] // 2
        (slope,) = torch.autograd.grad(value[0, 0, unit], signal, retain_graph=True)
        touched = torch.nonzero(slope[0, 0]).flatten()
        assert call("receptive_field", "cone", network, depth, unit)[0] == [int(touched[0]), int(touched[-1])]
        assert row["field"] == len(touched)
