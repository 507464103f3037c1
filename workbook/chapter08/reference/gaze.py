"""What the gaze network of chapter 08 is made of, and what it returns for parameters that are given by layer."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.special import softmax

from autograder.testing.answers import Formulas
from workbook.chapter08.inputs import Layer, layer_values, norm_values, pictures, table_of

Array = NDArray[np.float64]
_LAYERS = [
    Layer((6, 1, 3, 3), (6,)),
    Layer((16, 6, 5, 5), (16,)),
    Layer((256, 2592), (256,)),
    Layer((4, 256), (4,)),
]


def shapes() -> NDArray[np.int64]:
    """The table (4, 5) of the convolutions and linear layers in the order of their use."""
    return table_of(_LAYERS)


def outputs(batch_norm: bool, seed: int, count: int) -> Array:
    """What the network returns in evaluation mode, (N, 4), for random images and parameters."""
    return _outputs(seed, count, norm="after pool" if batch_norm else "")


def outputs_mistakes(batch_norm: bool, seed: int, count: int) -> Formulas:
    """Outputs of networks whose layers come in another order; arguments of :func:`outputs`."""
    norm = "after pool" if batch_norm else ""
    right = outputs(batch_norm, seed, count)
    yield "relu-after-prediction-layer", lambda: np.maximum(right, 0)
    yield "softmax-in-model", lambda: np.round(softmax(right, axis=1), 5)
    for skipped in range(3):
        yield "activation-forgotten", partial(_outputs, seed, count, norm=norm, skipped=skipped)
    yield "average-pooling", partial(_outputs, seed, count, norm=norm, pool=F.avg_pool2d)
    if batch_norm:
        yield "batch-norm-before-pool", partial(_outputs, seed, count, norm="before pool")
        yield "batch-norm-before-relu", partial(_outputs, seed, count, norm="before ReLU")
        yield "batch-norm-not-used", partial(_outputs, seed, count, norm="")


def _outputs(seed: int, count: int, norm: str, skipped: int | None = None, pool: Any = F.max_pool2d) -> Array:
    """Outputs for random images and parameters, to five decimals of double precision: checks compare three.

    Args:
        norm: where batch normalisations act: "after pool", "before pool" (and after the ReLU) or "before ReLU".
        skipped: the number of an activation that is left out, from 0.
        pool: PyTorch's function for the pools.
    """
    x = torch.as_tensor(pictures(count, seed, (1, 36, 120)), dtype=torch.float64)
    for i, arrays in enumerate(layer_values(_LAYERS, seed)):
        weight, bias = (torch.as_tensor(arrays[name]).double() for name in ("weight", "bias"))
        if i < 2:
            x = F.conv2d(x, weight, bias)
            x = _normalised(x, seed) if norm == "before ReLU" else x
            x = x if skipped == i else torch.relu(x)
            x = _normalised(x, seed) if norm == "before pool" else x
            x = pool(x, 2)
            x = _normalised(x, seed) if norm == "after pool" else x
        else:
            x = F.linear(x.flatten(1), weight, bias)
            x = torch.relu(x) if i == 2 and skipped != 2 else x
    return np.asarray(np.round(x.numpy(), 5))


def _normalised(x: torch.Tensor, seed: int) -> torch.Tensor:
    """Batch normalisation in evaluation mode, with the parameters for as many channels as ``x`` has."""
    arrays = {name: torch.as_tensor(array).double() for name, array in norm_values(x.shape[1], seed).items()}
    return F.batch_norm(x, arrays["running_mean"], arrays["running_var"], arrays["weight"], arrays["bias"])
