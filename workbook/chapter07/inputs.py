"""What chapter 07's checks give to students' functions: parameters for the network of the text."""

from __future__ import annotations

from itertools import chain

import numpy as np
from numpy.typing import NDArray

# Shapes of the six parameters of the network of the text; no two are equal, so a name is not needed.
CNN_SHAPES = {
    "first convolution": ((16, 1, 3, 3), (16,)),
    "second convolution": ((32, 16, 3, 3), (32,)),
    "linear layer": ((10, 512), (10,)),
}


def cnn_parameters(seed: int) -> dict[tuple[int, ...], NDArray[np.float32]]:
    """Random parameters of the network of the text, by their shapes; each layer keeps the scale of its inputs."""
    rng = np.random.default_rng(seed)
    scales = [2 / np.sqrt(np.prod(weight[1:])) for weight, _ in CNN_SHAPES.values() for _ in range(2)]
    shapes = chain.from_iterable(CNN_SHAPES.values())
    return {
        shape: rng.uniform(-scale, scale, shape).astype(np.float32) for shape, scale in zip(shapes, scales, strict=True)
    }
