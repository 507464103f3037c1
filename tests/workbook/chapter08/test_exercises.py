"""Chapter 08: oracles agree with PyTorch, correct variants pass, and saved runs come back as they were."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from autograder.testing import CheckFailed
from workbook.chapter08 import exercises as check
from workbook.chapter08.inputs import NAMES, Request, Task, layer_values, layers_of, table_of
from workbook.chapter08.parameter_shapes import assignments, size_of
from workbook.chapter08.reference.architectures import Variant, forward, layers, steps
from workbook.chapter08.reference.recorded_training import follow, in_tens
from workbook.chapter08.reference.sizes import receptive_field
from workbook.reference.pipeline import LinearTwin


@pytest.mark.parametrize(("name", "count"), zip(NAMES, (98_666, 101_034, 11_394, 13_810, 8_490), strict=True))
def test_the_listing_has_the_agreed_number_of_parameters(name: str, count: int) -> None:
    assert size_of(layers(Request(name))) == count


@pytest.mark.parametrize(("name", "count"), zip(NAMES[2:], (76_194, 77_490, 40_682), strict=True))
def test_padding_and_head_give_the_agreed_numbers(name: str, count: int) -> None:
    assert size_of(layers(Request(name, padding="same", head=64))) == count


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 4)), max_size=4))
def test_the_field_by_differentiation_is_the_span_of_one_output(sizes: list[tuple[int, int]]) -> None:
    # Positions that matter may have gaps where a stride exceeds a kernel; the span counts them.
    sizes = [(max(kernel, stride), stride) for kernel, stride in sizes]
    field, jump = 1, 1
    for kernel, stride in sizes:
        field, jump = field + (kernel - 1) * jump, jump * stride
    assert receptive_field(sizes) == field


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 4))
def test_the_trace_is_what_autograd_does(seed: int, batches: int, epochs: int) -> None:
    task, twin = Task(seed, batches, epochs=epochs), LinearTwin.random(seed + 7)
    weight, bias = (torch.tensor(a, requires_grad=True) for a in (twin.weight, twin.bias))
    optimizer = torch.optim.SGD([weight, bias], lr=task.rate)
    losses = []
    for step in range(task.steps):
        images, labels = task.batch(step)
        optimizer.zero_grad()
        loss = F.cross_entropy(torch.tensor(images).flatten(1) @ weight.T + bias, torch.tensor(labels))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    trace = follow(task, twin)
    np.testing.assert_allclose(trace.losses, losses, rtol=1e-7)
    np.testing.assert_allclose(trace.twins[-1].weight, weight.detach().numpy(), atol=1e-9)
    assert len(in_tens(trace.losses)) == task.steps // 10


class NamedInAnotherOrder(nn.Module):
    """cnn_5 with its layers made last first, functional activations, and pools that are strided maxima.

    Args:
        inactive: the number of a convolution without an activation behind it.
    """

    def __init__(self, inactive: int | None = None) -> None:
        super().__init__()
        self.inactive = inactive
        self.answer = nn.Linear(128, 10)
        sizes = [(16, 8), (16, 16), (8, 16), (16, 8), (8, 16), (3, 8)]
        self.bank = nn.ModuleList(nn.Conv2d(a, b, 3) for a, b in sizes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for number, convolution in enumerate(reversed(self.bank)):
            x = convolution(x)
            x = x if number == self.inactive else F.relu(x)
            if number in (3, 5):
                x = F.max_pool2d(x, kernel_size=2, stride=2)
        return self.answer(x.reshape(x.size(0), -1))


@pytest.mark.parametrize("seed", [1, 75])
def test_names_and_order_of_layers_do_not_matter(seed: int) -> None:
    check.network(lambda name: NamedInAnotherOrder(), Request("cnn_5"), seed)


@pytest.mark.parametrize("inactive", range(6))
def test_a_missing_activation_is_named_whatever_the_order_of_layers(inactive: int) -> None:
    with pytest.raises(CheckFailed) as failure:
        check.network(lambda name: NamedInAnotherOrder(inactive), Request("cnn_5"), seed=75)
    assert failure.value.mistake == "activation-forgotten"


def test_layers_of_one_shape_are_tried_in_the_order_in_which_they_were_made_first() -> None:
    expected = layers(Request("cnn_5"))
    state = {
        f"{number}.{name}": array
        for number, values in enumerate(layer_values(expected, 0))
        for name, array in values.items()
    }
    first, *others = assignments(state, expected, "cnn_5")
    assert first == [f"{number}." for number in range(7)]
    assert len(others) == 3


@pytest.mark.parametrize("name", NAMES)
def test_a_table_of_shapes_holds_all_layers(name: str) -> None:
    expected = layers(Request(name, head=12))
    assert layers_of(table_of(expected)) == expected


@pytest.mark.parametrize("active", [False, True])
def test_both_readings_of_the_listing_pass(active: bool) -> None:
    between = [nn.ReLU()] if active else []

    def build(name: str) -> nn.Module:
        if name == "mlp_2":
            hidden = [nn.Linear(3072, 32), nn.ReLU(), nn.Linear(32, 64, bias=False), *between]
            return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(64, 10))
        first = [nn.Conv2d(3, 16, 3), nn.ReLU(), nn.Conv2d(16, 8, 5), nn.ReLU(), nn.MaxPool2d(2)]
        rest = [nn.Conv2d(8, 16, 7), *between, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(144, 10)]
        return nn.Sequential(*first, *rest)

    check.network(build, Request("mlp_2"), seed=2)
    check.network(build, Request("cnn_3"), seed=3)


def test_every_activation_of_every_network_shows_in_its_logits() -> None:
    images = np.random.default_rng(0).standard_normal((2, 3, 32, 32))
    for name in NAMES:
        request = Request(name)
        parameters = layer_values(layers(request), 1)
        right = forward(request, parameters, images, Variant())
        for skipped in range(steps(request).count("a")):
            assert not np.allclose(right, forward(request, parameters, images, Variant(skipped=skipped)), atol=1e-2)


def split_in_another_style(labels, fraction, rng):
    held_out = [
        rng.choice(np.flatnonzero(labels == c), int(fraction * np.sum(labels == c)), replace=False)
        for c in set(labels.tolist())
    ]
    held_out = np.sort(np.concatenate(held_out))
    return list(set(range(len(labels))) - set(held_out.tolist())), held_out.tolist()


def merge_in_another_style(first, second):
    layer = nn.Linear(first.in_features, second.out_features, bias=False)
    layer.weight = nn.Parameter(second.weight.detach() @ first.weight.detach())
    if first.bias is not None or second.bias is not None:
        with torch.no_grad():
            layer.bias = nn.Parameter(second(first(torch.zeros(1, first.in_features)))[0])
    return layer


def record_in_another_style(name, model, train, val, test, epochs, optimizer, input_noise=0.0):
    @torch.inference_mode()
    def score(loader):
        mode = model.training
        model.eval()
        answers = torch.cat([model(x).argmax(-1) == y for x, y in loader])
        model.train(mode)
        return float(answers.double().mean())

    losses, hits, val_curve, step = [], [], [], 0
    for _ in range(epochs):
        for x, y in train:
            model.train()
            scores = model(x + torch.normal(0.0, input_noise, x.shape) if input_noise else x)
            loss = F.cross_entropy(scores, y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.detach())
            hits.append((scores.max(dim=1).indices == y).double())
            step += 1
            if step % 10 == 0:
                val_curve.append(score(val))
    tens = range(step // 10)
    weights = next(m for m in model.modules() if hasattr(m, "in_features") or hasattr(m, "in_channels")).weight
    return {
        "loss_curve": [torch.stack(losses[10 * i : 10 * i + 10]).mean().item() for i in tens],
        "train_acc_curve": [torch.cat(hits[10 * i : 10 * i + 10]).mean().item() for i in tens],
        "val_acc_curve": val_curve, "test_acc": score(test), "name": name, "weights": weights.detach().cpu().numpy(),
    }  # fmt: skip


def test_correct_answers_in_another_style_pass() -> None:
    check.stratified_split(split_in_another_style)
    check.split(split_in_another_style, [17, 23, 8], 0.25, seed=5)
    check.merge_linear(merge_in_another_style)
    for biases in ((False, False), (True, False), (False, True)):
        check.merged(merge_in_another_style, (4, 6, 3), 6, biases)
    check.train_and_record(record_in_another_style)
    check.train_and_record_modes(record_in_another_style)
    check.input_noise(record_in_another_style)


def test_lazy_layers_are_explained() -> None:
    with pytest.raises(CheckFailed) as failure:
        check.parameters(lambda name: nn.Sequential(nn.Flatten(), nn.LazyLinear(10)), Request("mlp_1"))
    assert failure.value.mistake == "not-a-module"
