"""Steps of ``torch.optim.SGD`` on a network with hidden layers, whose weights have to be known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from autograder.testing import call, compare
from workbook.chapter03.inputs import images, some_labels
from workbook.chapter03.models import evaluated, new_model, train_on
from workbook.chapter03.reference.parts import Array, Labels
from workbook.chapter03.reference.twin import Twin
from workbook.chapter03.steps import step_mistakes


def after_steps(
    batch: Array, labels: Labels, weights: Sequence[Array], learning_rate: float, scales: Sequence[float]
) -> list[Array]:
    """The weights after one step of torch.optim.SGD on the whole batch for each scale of the learning rate."""
    tensors = [torch.tensor(w, requires_grad=True) for w in weights]
    optimizer = torch.optim.SGD(tensors, lr=learning_rate)
    x, target = torch.from_numpy(batch), torch.from_numpy(labels)
    for scale in scales:
        h = x
        for weight in tensors[:-1]:
            h = torch.sigmoid(torch.mm(h, weight))
        optimizer.zero_grad()
        loss = scale * functional.cross_entropy(torch.mm(h, tensors[-1]), target)
        loss.backward()
        optimizer.step()
    return [np.array(tensor.detach().numpy()) for tensor in tensors]


def hidden_step(
    MLP: Callable[..., Any], init: Callable[..., Any], layer_sizes: Sequence[int], rate: float, seed: int
) -> None:
    """Compare one step of a deeper network with PyTorch's, if the model starts from ``init_weights``' own draw."""
    X, y = images(9, layer_sizes[0] - 1, seed), some_labels(9, layer_sizes[-1], seed)
    model = new_model(MLP, layer_sizes, seed)
    weights = [np.asarray(w) for w in call(init, list(layer_sizes), np.random.default_rng(seed))]
    before = evaluated(model, X, y)[0]
    ones = np.ones((len(X), 1))
    for batch in (np.hstack([X, ones]), np.hstack([ones, X])):
        if np.isclose(Twin.of(batch, weights).loss(y), before):
            train_on(model, X, y, batch_size=len(y), epochs=1, rate=rate)

            def loss(scales: Sequence[float], batch: Array = batch) -> Array:
                return np.array(Twin.of(batch, after_steps(batch, y, weights, rate, scales)).loss(y))

            got = evaluated(model, X, y)[0]
            compare(got, loss([1.0]), "loss after one step", rtol=1e-6, mistakes=step_mistakes(loss, rate, len(y)))
            return
