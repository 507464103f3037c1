"""What the checks of chapter 08 call wrong answers that a student may well write."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from autograder.testing import CheckFailed
from workbook.chapter08 import exercises as check

Layers = Sequence[tuple[int, int]]
Given = dict[str, Any]


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (lambda size, kernel, stride=1, padding=0: (size - 2 * padding - kernel) // stride + 1, "padding-subtracted"),
        (lambda size, kernel, stride=2, padding=0: (size + 2 * padding - kernel) // stride + 1, "another-default"),
        (lambda size, kernel, stride=1, padding=0: -(-size // stride), "size-kept"),
    ],
)
def test_a_wrong_size_is_named(function: Callable[..., int], mistake: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        check.conv_output_size(function)
    assert caught.value.mistake == mistake


def _field(
    layers: Layers, step: Callable[[int, int], int] = lambda k, s: k - 1, jump: Callable[[int, int], int] | None = None
) -> int:
    field, distance = 1, 1
    for kernel, stride in layers:
        field += step(kernel, stride) * distance
        distance = (jump or (lambda d, s: d * s))(distance, stride)
    return field


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (lambda layers: math.prod(kernel for kernel, _ in layers), "kernels-multiplied"),
        (lambda layers: _field(layers, lambda k, s: k), "whole-kernel-added"),
        (lambda layers: _field([(s, k) for k, s in layers]), "kernel-and-stride-exchanged"),
        (lambda layers: _field(layers, lambda k, s: k - 1 if s == 1 else 0), "pools-left-out"),
        (lambda layers: _field([(k, 1) for k, s in layers if s == 1]), "pools-left-out"),
        (lambda layers: _field(layers, jump=lambda d, s: d + s), "strides-added"),
        (lambda layers: _field(layers) ** 2, "area-of-the-field"),
    ],
)
def test_a_wrong_receptive_field_is_named(function: Callable[[Layers], int], mistake: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        check.receptive_field(function)
    assert caught.value.mistake == mistake


def _trained(parameters: Any) -> int:
    return sum(p.numel() for p in parameters if p.requires_grad)


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (lambda model: sum(_trained(m.parameters()) for m in model.modules()), "counted-twice"),
        (
            lambda model: sum(_trained(m.parameters(recurse=False)) for m in model.children()),
            "inner-modules-missed",
        ),
        (lambda model: sum(len(p) for p in model.parameters() if p.requires_grad), "first-axes-counted"),
    ],
)
def test_a_wrong_count_of_parameters_is_named(function: Callable[[nn.Module], int], mistake: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        check.count_parameters(function)
    assert caught.value.mistake == mistake


def test_a_bias_that_was_not_written_is_named() -> None:
    def merged(first: nn.Linear, second: nn.Linear) -> nn.Linear:
        layer = nn.Linear(first.in_features, second.out_features)
        with torch.no_grad():
            layer.weight.copy_(second.weight @ first.weight)
            layer.bias += 1
        return layer

    with pytest.raises(CheckFailed) as caught:
        check.merge_linear(merged)
    assert caught.value.mistake == "another-bias"


def _gaze(pool: type[nn.Module] = nn.MaxPool2d, rate: float = 0.0) -> nn.Sequential:
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 3), nn.ReLU(), pool(2), nn.Conv2d(6, 16, 5), nn.ReLU(), pool(2)),
        *(nn.Flatten(), nn.Linear(2592, 256), nn.ReLU(), nn.Dropout(rate), nn.Linear(256, 4)),
    )


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (lambda batch_norm=False: _gaze(nn.AvgPool2d), "average-pooling"),
        (lambda batch_norm=False: _gaze(rate=0.5), "acts-in-training"),
    ],
)
def test_a_layer_that_the_gaze_network_has_not_is_named(function: Callable[..., nn.Module], mistake: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        check.gaze_cnn(function)
    assert caught.value.mistake == mistake


def test_dropout_in_a_network_of_the_listing_is_named() -> None:
    def build(name: str, num_classes: int = 10, **_: Any) -> nn.Module:
        return nn.Sequential(nn.Flatten(), nn.Linear(3072, 32), nn.ReLU(), nn.Dropout(), nn.Linear(32, num_classes))

    with pytest.raises(CheckFailed) as caught:
        check.network(build, check.Request("mlp_1"), seed=80)
    assert caught.value.mistake == "acts-in-training"


def training(
    loss: Callable[..., torch.Tensor] = F.cross_entropy,
    share: Callable[[int, int, int], float] = lambda right, images, batches: right / images,
    of_ten: Callable[[list[torch.Tensor]], float] = lambda hits: torch.cat(hits).float().mean().item(),
    noisy: Callable[[torch.Tensor, float], torch.Tensor] = lambda x, size: x + size * torch.randn_like(x),
    **changed: Any,
) -> Callable[..., Given]:
    """A right loop, or one with some part put in another way.

    Args:
        changed: ``epochs``, a number that takes the argument's place; ``early``, True to record the first weights.
    """

    def train_and_record(name, model, train, val, test, epochs, optimizer, input_noise=0.0):
        def accuracy(loader) -> float:
            model.eval()
            with torch.no_grad():
                hits = [(model(x).argmax(1) == y).sum().item() for x, y in loader]
            model.train()
            return share(sum(hits), len(loader.dataset), len(hits))

        record: Given = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
        layer = next(m for m in model.modules() if isinstance(m, nn.Linear | nn.Conv2d))
        first, losses, hits = layer.weight.detach().numpy().copy(), [], []
        model.train()
        for _ in range(changed.get("epochs", epochs)):
            for x, y in train:
                logits = model(noisy(x, input_noise) if input_noise else x)
                optimizer.zero_grad()
                value = loss(logits, y)
                value.backward()
                optimizer.step()
                losses.append(value.item())
                hits.append(logits.argmax(1) == y)
                if len(losses) == 10:
                    record["loss_curve"].append(np.mean(losses))
                    record["train_acc_curve"].append(of_ten(hits))
                    record["val_acc_curve"].append(accuracy(val))
                    losses, hits = [], []
        weights = first if changed.get("early") else layer.weight.detach().numpy().copy()
        return {**record, "test_acc": accuracy(test), "weights": weights}

    return train_and_record


def test_the_loop_is_right_where_nothing_is_changed() -> None:
    check.train_and_record(training())
    check.train_and_record_modes(training())
    check.input_noise(training())


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (training(loss=lambda z, y: F.cross_entropy(z, y, reduction="sum")), "loss-summed"),
        (training(loss=lambda z, y: F.cross_entropy(z.softmax(1), y)), "softmax-before-loss"),
        (training(loss=F.nll_loss), "loss-below-zero"),
        (training(epochs=1), "one-epoch-only"),
        (training(early=True), "weights-before-training"),
        (training(share=lambda right, images, batches: right / batches), "divided-by-batches"),
        (training(of_ten=lambda hits: float(np.mean([h.float().mean() for h in hits]))), "mean-of-batch-means"),
    ],
)
def test_a_wrong_record_is_named(function: Callable[..., Given], mistake: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        check.train_and_record(function)
    assert caught.value.mistake == mistake


@pytest.mark.parametrize(
    ("noisy", "mistake"),
    [
        (lambda x, size: x * (1 + size * torch.randn_like(x)), "noise-times-image"),
        (lambda x, size: x + size * torch.randn(1), "one-number-for-all"),
    ],
)
def test_noise_of_another_kind_is_named(noisy: Callable[..., torch.Tensor], mistake: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        check.input_noise(training(noisy=noisy))
    assert caught.value.mistake == mistake
