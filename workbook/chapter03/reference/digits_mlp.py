"""A twin in PyTorch of chapter 03's network, and what its inputs look like in the checks.

Any number of sigmoid layers, a softmax at the end, no bias vectors: the batch carries a column of ones. Wrong gradients
that students hand in are vector-Jacobian products of the same twin with another factor in the chain rule.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor
from torch.nn import functional

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Activation = Callable[[Tensor], Tensor]


def batch_of(count: int, width: int, seed: int = 0) -> Array:
    """Random inputs (count, width) in [0, 1) whose last column is ones."""
    batch = np.random.default_rng(seed).random((count, width))
    batch[:, -1] = 1.0
    return batch


def some_weights(layer_sizes: Sequence[int], seed: int = 0, scale: float = 1.5) -> list[Array]:
    """Random weight matrices for these layers, uniform between -scale and scale."""
    rng = np.random.default_rng(seed)
    return [rng.uniform(-scale, scale, shape) for shape in itertools.pairwise(layer_sizes)]


def some_labels(count: int, num_classes: int, seed: int = 0) -> Labels:
    """Random labels (count,); the highest class occurs."""
    labels = np.random.default_rng(seed).integers(0, num_classes, count)
    labels[0] = num_classes - 1
    return labels


def indicator(labels: Labels, num_classes: int) -> Array:
    """PyTorch's one-hot rows, float64 of shape (N, C)."""
    return _numpy(functional.one_hot(torch.from_numpy(np.asarray(labels, dtype=np.int64)), num_classes))


def mean_loss(probabilities: ArrayLike, labels: Labels) -> float:
    """PyTorch's mean negative log likelihood of the labels (N,) under the rows of ``probabilities`` (N, C)."""
    logs = torch.log(torch.tensor(np.asarray(probabilities, dtype=np.float64)))
    return float(functional.nll_loss(logs, torch.from_numpy(labels)))


@dataclass(frozen=True)
class Twin:
    """One forward pass in PyTorch, with every intermediate result kept for differentiation.

    Attributes:
        weights: one tensor (n_in, n_out) for each layer.
        layers: the batch, then the activations of each hidden layer.
        logits: (N, C), what goes into the softmax.
    """

    weights: list[Tensor]
    layers: list[Tensor]
    logits: Tensor

    @classmethod
    def of(cls, batch: ArrayLike, weights: Sequence[ArrayLike], activation: Activation = torch.sigmoid) -> Twin:
        """Run a batch (N, n_in), ones included, through the network."""
        tensors = [torch.tensor(np.asarray(w, dtype=np.float64), requires_grad=True) for w in weights]
        layers = [torch.tensor(np.asarray(batch, dtype=np.float64))]
        for weight in tensors[:-1]:
            layers.append(activation(torch.mm(layers[-1], weight)))
        return cls(tensors, layers, torch.mm(layers[-1], tensors[-1]))

    def probabilities(self) -> Array:
        """The softmax of the logits, (N, C)."""
        return _numpy(torch.softmax(self.logits, dim=1))

    def hidden_layers(self) -> list[Array]:
        """The batch and the activations of the hidden layers."""
        return [_numpy(layer) for layer in self.layers]

    def loss(self, labels: Labels) -> float:
        """Mean cross-entropy."""
        return float(functional.cross_entropy(self.logits, torch.from_numpy(labels)).detach())

    def gradients(self, labels: Labels) -> list[Array]:
        """Autograd's gradient of the loss for each weight matrix."""
        loss = functional.cross_entropy(self.logits, torch.from_numpy(labels))
        return [_numpy(g) for g in torch.autograd.grad(loss, self.weights, retain_graph=True)]

    def chain(
        self,
        labels: Labels,
        factor: Callable[[Tensor], Tensor] | None = None,
        sent_back: Sequence[ArrayLike] | None = None,
        at_output: Callable[[Tensor], Tensor] | None = None,
    ) -> list[Array]:
        """The gradients that come out when a factor of the chain rule is replaced.

        Args:
            factor: stands in for the derivative of a hidden layer, computed from its activations.
            sent_back: stand in for the weight matrices through which deltas go back.
            at_output: an additional factor of the output's delta, computed from the probabilities.
        """
        loss = functional.cross_entropy(self.logits, torch.from_numpy(labels))
        (delta,) = torch.autograd.grad(loss, self.logits, retain_graph=True)
        if at_output is not None:
            delta = delta * at_output(torch.softmax(self.logits.detach(), dim=1))
        back = self.weights if sent_back is None else [torch.tensor(np.asarray(w)) for w in sent_back]
        found: list[Array] = []
        for layer, weight in zip(reversed(self.layers), reversed(back), strict=True):
            h = layer.detach()
            found.append(_numpy(torch.einsum("ni,nj->ij", h, delta)))
            slope = torch.autograd.functional.vjp(torch.sigmoid, torch.logit(h), torch.ones_like(h))[1]
            delta = torch.einsum("nj,ij->ni", delta, weight.detach()) * (factor(h) if factor else slope)
        return found[::-1]


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
    return [_numpy(tensor) for tensor in tensors]


def _numpy(tensor: Tensor) -> Array:
    return np.array(tensor.detach().numpy(), dtype=np.float64)
