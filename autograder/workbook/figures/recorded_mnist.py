"""Training runs on the whole of MNIST, recorded because they take minutes.

Chapter 03's network, 785-16-10, was trained on 48 000 images of MNIST's training set for 25 epochs with batches of 8
and learning rate 1.0 from seeds 0, 1 and 2: once as it should be, and once with a sigmoid between the output layer and
the softmax (and that sigmoid's derivative in the gradient). The validation accuracies on the other 12 000 images after
the last epoch were 0.937, 0.933, 0.934 and 0.932, 0.931, 0.928.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_EPOCHS = 25
_PLAIN = """
    3.044 0.308 0.275 0.250 0.229 0.240 0.215 0.214 0.197 0.195 0.187 0.180 0.195 0.187 0.197 0.188 0.167 0.173
    0.173 0.173 0.188 0.167 0.160 0.169 0.160 0.148
    3.503 0.341 0.305 0.285 0.255 0.240 0.250 0.247 0.213 0.210 0.221 0.217 0.197 0.201 0.208 0.188 0.199 0.198
    0.180 0.185 0.193 0.194 0.178 0.173 0.181 0.185
    3.157 0.282 0.306 0.247 0.237 0.259 0.212 0.227 0.220 0.199 0.199 0.186 0.181 0.187 0.178 0.178 0.167 0.186
    0.190 0.160 0.163 0.170 0.157 0.155 0.151 0.155
"""
_SQUASHED = """
    2.332 1.568 1.545 1.537 1.533 1.531 1.528 1.523 1.522 1.521 1.517 1.517 1.516 1.516 1.514 1.513 1.511 1.510
    1.511 1.510 1.508 1.511 1.513 1.507 1.505 1.508
    2.353 1.575 1.552 1.540 1.534 1.529 1.527 1.524 1.520 1.520 1.522 1.517 1.520 1.515 1.513 1.513 1.514 1.510
    1.511 1.511 1.509 1.507 1.508 1.508 1.508 1.508
    2.323 1.571 1.547 1.545 1.533 1.527 1.528 1.523 1.523 1.522 1.518 1.518 1.517 1.515 1.515 1.512 1.511 1.510
    1.513 1.509 1.511 1.510 1.508 1.510 1.507 1.506
"""


def mnist_losses(sigmoid_before_softmax: bool) -> NDArray[np.float64]:
    """Mean training loss before training and after each of the 25 epochs, (3, 26): one row for each seed."""
    text = _SQUASHED if sigmoid_before_softmax else _PLAIN
    return np.array(text.split(), dtype=np.float64).reshape(-1, _EPOCHS + 1)
