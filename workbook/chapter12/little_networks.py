"""Small image networks that chapter 12's checks hand out, and which of their arrays a training step changes.

Students get this module: a new head has weights that the student's own code has drawn, so no value of it can be
recorded. What the exercises ask for, to freeze features and to replace a head, is not in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import softmax

from autograder.testing import compare, student_side
from workbook.chapter12.inputs import Array

FEATURES = 6
_RATE = 0.5
# How three families of networks call their head, the last linear layer.
HEADS = ("fc", "_fc", "classifier.6")


def little_network(head: str, classes: int, seed: int) -> Any:
    """A network with six features whose head is called as in ResNet, EfficientNet or VGG.

    Args:
        head: its full name, one of :data:`HEADS` or another. Before ``"classifier.6"`` there are two more linear layers
            and dropout, as in VGG.
        classes: outputs of its head, at least six.
    """
    torch = student_side.torch
    torch.manual_seed(seed)
    nn = torch.nn
    network = nn.Sequential()
    network.add_module("features", nn.Sequential(nn.Conv2d(3, FEATURES, 3), nn.BatchNorm2d(FEATURES), nn.ReLU()))
    network.add_module("pool", nn.AdaptiveAvgPool2d(1))
    network.add_module("flatten", nn.Flatten())
    if head == "classifier.6":
        first, second = nn.Linear(FEATURES, 9), nn.Linear(9, FEATURES)
        layers = first, nn.ReLU(), nn.Dropout(0.5), second, nn.ReLU(), nn.Dropout(0.5), nn.Linear(FEATURES, classes)
        network.add_module("classifier", nn.Sequential(*layers))
    else:
        *parents, name = head.split(".")
        owner = network
        for parent in parents:
            inner = nn.Sequential()
            owner.add_module(parent, inner)
            owner = inner
        owner.add_module(name, nn.Linear(FEATURES, classes))
    return network


def features(network: Any, head: str, images: Array) -> Array:
    """What reaches the head of a little network in evaluation mode, (N, 6); its head is overwritten for that."""
    classes = len(student_side.state_arrays(network)[f"{head}.bias"])
    identity = {f"{head}.weight": np.eye(classes, FEATURES), f"{head}.bias": np.zeros(classes)}
    student_side.load_arrays(network, identity)
    network.eval()
    return np.asarray(student_side.outputs(network, images)[:, :FEATURES], dtype=np.float64)


def moved_by_a_step(network: Any, head: str, images: Array, reached: Array) -> list[str]:
    """The names of the arrays that one step along the gradient changes: these are trainable.

    Args:
        head: the name of the last layer. If it moves, then to the values that are computed here.
        reached: what reaches the head for these images.

    Raises:
        CheckFailed: if the head has moved to other values.
    """
    before = student_side.state_arrays(network)
    weight, bias = f"{head}.weight", f"{head}.bias"
    labels = np.arange(len(images)) % len(before[bias])
    network.eval()
    student_side.take_step(network, images, labels, _RATE)
    after = student_side.state_arrays(network)
    moved = [name for name in before if not np.array_equal(before[name], after[name])]
    logits = reached @ before[weight].T + before[bias]
    slope = (softmax(logits, axis=1) - np.eye(len(before[bias]))[labels]) / len(images)
    for name, gradient in ((weight, slope.T @ reached), (bias, slope.sum(axis=0))):
        if name in moved:
            right = before[name] - _RATE * gradient
            compare(after[name], right, f"{name} after a step along the gradient", rtol=1e-3, atol=1e-4)
    return moved
