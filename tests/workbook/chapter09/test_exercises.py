"""Chapter 09: the closed forms agree with PyTorch, mistakes can be told apart, and correct variants pass."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from autograder.testing import CheckFailed, student_side
from workbook.chapter09 import comparison_checks
from workbook.chapter09 import exercises as check
from workbook.chapter09.curves import entries, wrong_curves
from workbook.chapter09.inputs import FIRST, coloured_batches, known_parameters, layer, made, random_batch, with_weights
from workbook.chapter09.reference.gradient_flow import TwoLayerTwin, follow
from workbook.chapter09.reference.networks import network, shapes
from workbook.chapter09.reference.norms import norm_of, wrong_norms
from workbook.training_replay import replay


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_the_twins_loss_and_gradients_are_those_of_autograd(seed: int, count: int) -> None:
    twin, (images, labels) = TwoLayerTwin.random(seed), random_batch(count, seed + 1)
    module = twin.module().double()
    loss = F.cross_entropy(module(torch.tensor(images)), torch.tensor(labels))
    loss.backward()
    assert twin.loss(images, labels) == pytest.approx(loss.item(), rel=1e-9)
    for name, gradient in twin.gradients(images, labels).items():
        np.testing.assert_allclose(gradient, module.get_parameter(name).grad.numpy(), rtol=1e-6, atol=1e-12)


@settings(max_examples=10, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from([{}, {"momentum": 0.9}, {"accumulate": True}, {"scale": 3.0}]),
)
def test_a_followed_run_is_that_of_torchs_optimizer(seed: int, how: dict) -> None:
    twin, (images, labels) = TwoLayerTwin.random(seed), random_batch(6, seed + 1)
    module = twin.module().double()
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1, momentum=how.get("momentum", 0.0))
    run = follow(twin, images, labels, 3, 0.1, 2, **how)
    for step in range(4):
        if not how.get("accumulate"):
            optimizer.zero_grad()
        part = slice(0, 3) if step % 2 == 0 else slice(3, 6)
        loss = how.get("scale", 1.0) * F.cross_entropy(module(torch.tensor(images[part])), torch.tensor(labels[part]))
        loss.backward()
        assert run.losses[step] == pytest.approx(loss.item())
        np.testing.assert_allclose(run.gradients[step][FIRST], module[1].weight.grad.numpy(), rtol=1e-6, atol=1e-10)
        optimizer.step()
    np.testing.assert_allclose(run.twin.state[FIRST], module[1].weight.detach().numpy(), rtol=1e-6, atol=1e-10)


def test_no_wrong_curve_equals_an_accepted_one() -> None:
    twin, (images, labels) = TwoLayerTwin.random(90), random_batch(60, 91)
    run = follow(twin, images, labels, 3, 0.3, 2)
    for name, wrong in wrong_curves(run.losses, 20, 3):
        for curve in entries(run.losses):
            assert wrong.shape != curve.shape or not np.allclose(wrong, curve, rtol=1e-3), name


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_every_wrong_norm_differs_from_the_right_one(seed: int) -> None:
    twin, batch = TwoLayerTwin.random(seed), random_batch(4, seed + 1)
    gradients = twin.gradients(*batch)
    right = norm_of(gradients[FIRST])
    assume(abs(right - 1) > 1e-3)  # 1 is its own square
    for name, number in wrong_norms(FIRST, "3.weight"):
        assert number(gradients) != pytest.approx(right, rel=1e-4), name


def first_norm(model):
    return next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))).weight.grad.pow(2).sum().sqrt()


def test_a_norm_that_is_a_tensor_is_accepted() -> None:
    check.first_layer_gradient_norm(first_norm)


@pytest.mark.parametrize("recorded", [lambda step: step % 10 == 9, lambda step: step % 10 == 0])
def test_curves_of_every_tenth_step_and_a_hand_written_update_are_accepted(recorded) -> None:
    def train_with_gradients(model, loader, epochs, learning_rate):
        model.train()
        curves, step = {"loss_curve": [], "grad_curve": []}, 0
        for _ in range(epochs):
            for x, y in loader:
                loss = F.cross_entropy(model(x), y)
                model.zero_grad()
                loss.backward()
                if recorded(step):
                    curves["loss_curve"].append(loss)
                    curves["grad_curve"].append(first_norm(model))
                with torch.no_grad():
                    for p in model.parameters():
                        p -= learning_rate * p.grad
                step += 1
        return curves

    check.train_with_gradients(train_with_gradients)
    check.curves(train_with_gradients, 4905, 14, 2, 0.2, 3)
    check.train_mode(train_with_gradients)


def test_norms_by_functional_differentiation_are_accepted() -> None:
    def gradient_norm_by_layer(model, x, y):
        used = []
        layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
        hooks = [m.register_forward_pre_hook(lambda m, _: used.append(m)) for m in layers]
        loss = F.cross_entropy(model(x), y)
        for hook in hooks:
            hook.remove()
        return torch.stack([g.norm() for g in torch.autograd.grad(loss, [m.weight for m in used])])

    check.gradient_norm_by_layer(gradient_norm_by_layer)


def test_a_step_in_a_measurement_is_noticed() -> None:
    def gradient_norm_by_layer(model, x, y):
        model.zero_grad()
        F.cross_entropy(model(x), y).backward()
        norms = [p.grad.norm().item() for n, p in model.named_parameters() if n.endswith("weight")]
        torch.optim.SGD(model.parameters(), lr=0.1).step()
        return norms

    with pytest.raises(CheckFailed) as failure:
        check.gradient_norm_by_layer(gradient_norm_by_layer)
    assert failure.value.mistake == "weights-changed"


def test_a_rewired_network_applies_its_layers_in_the_order_given() -> None:
    first, second = nn.Linear(3, 4), nn.Linear(4, 2)
    network = student_side.rewired([second, first], [1, 0])
    x = torch.ones(5, 3)
    assert torch.equal(network(x), second(first(x)))
    assert next(iter(student_side.state_arrays(network))) == "layers.0.weight"


def test_passes_through_any_network_are_noted_until_stopped() -> None:
    network = nn.Sequential(nn.Linear(3, 2), nn.Sequential(nn.ReLU()))
    passes = student_side.PassesThroughAnyNetwork([1])
    for _ in range(3):
        network(torch.zeros(1, 3))
    count, noted = passes.stop()
    network(torch.zeros(1, 3))
    assert count == 3
    assert [layer["kind"] for layer in noted[1]] == ["Linear", "ReLU"]
    np.testing.assert_array_equal(noted[1][0]["arrays"][0], network[0].weight.detach().numpy())


def test_known_parameters_are_those_of_the_layers() -> None:
    layers = (layer("Conv2d", 2, 3, 5), layer("BatchNorm2d", 3), layer("Flatten"), layer("Linear", 12, 4, bias=False))
    made_here, known = made(nn, layers), known_parameters(layers)
    assert list(known) == with_weights(layers) == [0, 3]
    for number, arrays in known.items():
        wanted = {name: tuple(parameter.shape) for name, parameter in made_here[number].named_parameters()}
        assert {name: array.shape for name, array in arrays.items()} == wanted


@pytest.mark.parametrize("name", ["mlp_1", "mlp_2", "cnn_3", "cnn_4", "cnn_5"])
def test_the_networks_of_the_reference_start_with_the_shapes_that_it_tells(name: str) -> None:
    found = [tuple(parameter.shape) for parameter in network(name, "sigmoid").parameters()]
    assert [tuple(size for size in row if size) for row in shapes(name).tolist()] == found


def test_two_functions_that_agree_about_any_numbers_do_not_pass() -> None:
    def train(model, loader, epochs, learning_rate):
        for x, _ in loader:
            for _ in range(epochs):
                model(x)
        return {"loss_curve": [1.0], "grad_curve": [1.0]}

    def build(name, activation):
        return network(name, activation)

    def compare_activations(name, loader, epochs, learning_rate):
        first, second = build(name, "relu"), build(name, "sigmoid")
        second.load_state_dict(first.state_dict())
        result = {"name": name}
        for activation, model in (("relu", first), ("sigmoid", second)):
            for curve, values in train(model, loader, epochs, learning_rate).items():
                result[f"{activation}_{curve}"] = values
        return result

    with pytest.raises(CheckFailed, match="is not that of a training from these weights"):
        check.activations(compare_activations, train, build, "mlp_1", seed=1, steps=10, epochs=1, rate=0.05)


def test_a_right_training_is_repeated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each mistake that could explain a curve is a training of its own, which a right answer must not pay for."""
    rates: list[float] = []

    def counted(*args, **options):
        rates.append(args[3])
        return replay(*args, **options)

    monkeypatch.setattr(comparison_checks, "replay", counted)
    batches = coloured_batches(20, 3)
    start = [parameter.detach().numpy() for parameter in network("mlp_1", "relu").parameters()]
    for rate, repeated in ((0.5, [0.5]), (0.0, [0.5, 0.5, 0.0])):
        rates.clear()
        curve = entries(replay(network("mlp_1", "relu"), start, batches, rate).losses)[0]
        known = comparison_checks._known_losses(network("mlp_1", "relu"), start, batches, 0.5, 20)
        comparison_checks._losses_of_a_training(curve, known)
        assert rates == repeated
