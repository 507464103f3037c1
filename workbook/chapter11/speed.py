"""Ways to make a convolutional network faster on a CPU, each of which can be switched on and off.

None of them changes what is computed, up to rounding: the layout of feature maps in memory, the number format in
which convolutions and matrix products multiply, and how many images an evaluation takes at once.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

# Names under which torch.cpu.get_capabilities() reports instructions that multiply bfloat16: Intel and AMD, then Arm.
_BFLOAT16_INSTRUCTIONS = ("amx_bf16", "avx512_bf16", "bf16", "sve_bf16")


@dataclass(frozen=True)
class Speed:
    """Which ways to take.

    Attributes:
        channels_last: keep the channels of one pixel side by side in memory, instead of the pixels of one channel.
        bfloat16: multiply in bfloat16, 8 significant bits in place of 24, where the CPU has instructions for it.
            Weights, sums and logits stay in float32.
        evaluation_batch: images in one forward pass of an evaluation.
    """

    channels_last: bool = False
    bfloat16: bool = False
    evaluation_batch: int = 64

    @property
    def autocasts(self) -> bool:
        """True where bfloat16 was asked for and this CPU has instructions for it."""
        return self.bfloat16 and native_bfloat16()

    def path(self) -> str:
        """What is done on this machine, in words."""
        layout = "channels-last" if self.channels_last else "channels first"
        numbers = "bfloat16 products" if self.autocasts else "float32"
        if self.bfloat16 and not self.autocasts:
            numbers += " (this CPU has no bfloat16 instructions)"
        return f"{layout}, {numbers}, {self.evaluation_batch} images at once in evaluation"


def native_bfloat16() -> bool:
    """True if this CPU has instructions that multiply bfloat16; without them autocast is a slow imitation."""
    found: dict[str, Any] = dict(torch.cpu.get_capabilities())
    return any(found.get(name) is True for name in _BFLOAT16_INSTRUCTIONS)


class Accelerated(nn.Module):
    """A network behind the switches of a :class:`Speed`: same parameters, same modes, float32 logits.

    Args:
        model: maps images (N, C, H, W) to logits; with ``channels_last`` its weights are laid out anew, in place.
        speed: which ways to take.
    """

    def __init__(self, model: nn.Module, speed: Speed) -> None:
        super().__init__()
        self.layout = torch.channels_last if speed.channels_last else torch.contiguous_format
        self.model = model.to(memory_format=self.layout)  # type: ignore[call-overload]
        self.autocasts = speed.autocasts
        self.train(model.training)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Logits (N, classes) for images (N, C, H, W), float32."""
        with torch.autocast("cpu", torch.bfloat16, enabled=self.autocasts):
            logits: torch.Tensor = self.model(images.contiguous(memory_format=self.layout))
        return logits.float()


def accelerated(model: nn.Module, speed: Speed) -> nn.Module:
    """The same network, taking the ways that ``speed`` asks for."""
    return Accelerated(model, speed)


def step_seconds(
    build: Callable[[], nn.Module], speeds: list[Speed], images: torch.Tensor, labels: torch.Tensor, steps: int = 5
) -> list[float]:
    """Seconds of one training step with Adam, one number for each of ``speeds``.

    The variants take turns, step by step, and another one begins each turn, so that a busy moment of the machine
    hits all of them alike; the median over the turns counts.

    Args:
        build: makes a network; each variant trains one of its own.
        images, labels: one batch, (N, C, H, W) and (N,).
        steps: measured steps of each variant, after one that is not measured.
    """
    models = [accelerated(build(), speed).train() for speed in speeds]
    optimizers = [torch.optim.Adam(model.parameters(), lr=1e-3, fused=True) for model in models]
    seconds: list[list[float]] = [[] for _ in speeds]
    for turn in range(steps + 1):
        for place in range(len(speeds)):
            number = (turn + place) % len(speeds)
            model, optimizer = models[number], optimizers[number]
            began = time.perf_counter()
            optimizer.zero_grad()
            F.cross_entropy(model(images), labels).backward()
            optimizer.step()
            seconds[number].append(time.perf_counter() - began)
    return [statistics.median(taken[1:]) for taken in seconds]
