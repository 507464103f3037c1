"""The references behind chapter 05, and what its checks accept and refuse."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.lib.stride_tricks import sliding_window_view

from autograder.testing import CheckFailed
from workbook import gradcheck
from workbook.chapter05 import exercises as check
from workbook.chapter05 import reference
from workbook.chapter05.figures import digit_kernels, draw_numbers, median_seconds, sliding_window

sizes = st.integers(1, 3)
values = st.floats(-4, 4, allow_nan=False, width=32)


def by_taps(input: Any, kernel: Any, stride: int = 1, padding: int = 0) -> Any:
    """A right answer that differs from the chapter's: one turn of the loop for each tap."""
    if input.shape[1] != kernel.shape[1]:
        raise ValueError(f"channels: {input.shape[1]} in the input, {kernel.shape[1]} in the kernel")
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kh, kw = kernel.shape[2:]
    rows, columns = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    output = 0
    for p in range(kh):
        for q in range(kw):
            piece = x[:, :, p : p + stride * rows : stride, q : q + stride * columns : stride][:, :, :rows, :columns]
            output = output + np.einsum("birc,oi->borc", piece, kernel[:, :, p, q])
    return output


@st.composite
def image_and_kernel(draw: st.DrawFn) -> tuple[Any, Any]:
    b, c, o, kh, kw = (draw(sizes) for _ in range(5))
    image = draw(arrays(np.float64, (b, c, kh + draw(sizes), kw + draw(sizes)), elements=values))
    return image, draw(arrays(np.float64, (o, c, kh, kw), elements=values))


@settings(deadline=None, max_examples=30)
@given(image_and_kernel())
def test_scipys_convolution_is_torchs_with_the_kernel_turned_round(case: tuple[Any, Any]) -> None:
    image, kernel = case
    turned = reference.conv2d(image, kernel[..., ::-1, ::-1])
    np.testing.assert_allclose(reference.true_convolution(image, kernel), turned, atol=1e-10)


@settings(deadline=None, max_examples=30)
@given(image_and_kernel(), st.integers(1, 3), st.integers(0, 2))
def test_torchs_convolution_agrees_with_a_sum_over_taps(case: tuple[Any, Any], stride: int, padding: int) -> None:
    expected = reference.conv2d(*case, stride, padding)
    np.testing.assert_allclose(by_taps(*case, stride, padding), expected, atol=1e-10)
    assert expected.shape == reference.output_shape(case[0].shape, case[1].shape, stride, padding)


def test_autograd_agrees_with_central_differences() -> None:
    rng = np.random.default_rng(0)
    image, kernel = rng.standard_normal((2, 2, 4, 5)), rng.standard_normal((2, 2, 3, 2))
    dout = rng.standard_normal((2, 2, 2, 4))
    d_image, d_kernel = reference.gradients(dout, image, kernel)
    for gradient, loss, at in (
        (d_image, lambda z: float(np.sum(dout * by_taps(z, kernel))), image),
        (d_kernel, lambda z: float(np.sum(dout * by_taps(image, z))), kernel),
    ):
        np.testing.assert_allclose(gradient, gradcheck.numerical_gradient(loss, at), atol=1e-8)


def test_a_loop_over_taps_passes_every_conv2d_check() -> None:
    check.conv2d(by_taps)
    check.conv2d_stride_and_padding(by_taps)
    check.conv2d_without_loops(by_taps)


@pytest.mark.parametrize(
    "loop",
    [
        lambda x, k, r: np.stack([np.einsum("bipq,oipq->bo", x[:, :, i : i + 3, :3], k) for i in r]),
        lambda x, k, r: sum(float(np.sum(x[:, :, i : i + 3, :3])) for i in r) * k,
        lambda x, k, r: list(map(lambda i: x[:, :, i : i + 3], r)),  # noqa: C417
        lambda x, k, r: np.vectorize(lambda i: i + 1.0)(np.asarray(r)),
    ],
    ids=["list comprehension", "generator", "map", "np.vectorize"],
)
def test_hidden_loops_over_pixels_are_counted(loop: Any) -> None:
    def conv2d(input: Any, kernel: Any, stride: int = 1, padding: int = 0) -> Any:
        return loop(input, kernel, range(input.shape[2] - 2))

    with pytest.raises(CheckFailed) as failure:
        check.conv2d_without_loops(conv2d)
    assert failure.value.mistake == "loop-over-pixels"


def test_output_shape_may_be_a_list() -> None:
    def output_shape(input_shape: Any, kernel_shape: Any, stride: int = 1, padding: int = 0) -> list[int]:
        if input_shape[1] != kernel_shape[1]:
            raise ValueError(f"Channels differ: {input_shape[1]} != {kernel_shape[1]}")
        return list(reference.output_shape(input_shape, kernel_shape, stride, padding))

    check.conv2d_output_shape(output_shape)


def test_broadcasting_over_channels_is_refused() -> None:
    def broadcasts(input: Any, kernel: Any) -> Any:
        windows = sliding_window_view(input, kernel.shape[2:], axis=(2, 3))
        return (windows[:, None] * kernel[None, :, :, None, None]).sum(axis=(2, 5, 6))

    with pytest.raises(CheckFailed) as failure:
        check.refuses_channels(broadcasts, "conv2d", (1, 7, 4, 4), (2, 1, 3, 3))
    assert failure.value.mistake == "channels-not-checked"


def test_an_unfilled_stub_is_called_unfilled() -> None:
    def conv2d(input: Any, kernel: Any, stride: int = 1, padding: int = 0) -> Any:
        raise NotImplementedError

    for one in (check.conv2d, check.conv2d_without_loops, check.kernel_gradient):
        with pytest.raises(CheckFailed) as failure:
            one(conv2d)
        assert failure.value.mistake == "not-written"
    with pytest.raises(CheckFailed, match="not written"):
        check.refuses_channels(conv2d, "conv2d", (1, 7, 4, 4), (2, 5, 3, 3))


def test_digit_kernels_have_unit_absolute_sum_and_differ() -> None:
    names, kernels = digit_kernels()
    assert kernels.shape == (8, 1, 4, 4) and len(set(names)) == 8
    np.testing.assert_allclose(np.abs(kernels).sum(axis=(1, 2, 3)), 1)
    assert len({kernel.tobytes() for kernel in kernels}) == 8


def test_drawings_show_the_numbers_they_are_given() -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    image, kernel = np.arange(16.0).reshape(4, 4), np.array([[1.0, 0.0], [0.0, -1.0]])
    figure = sliding_window(image, kernel, reference.conv2d(image[None, None], kernel[None, None])[0, 0], (1, 2), "t")
    assert "=  \N{MINUS SIGN}5" in figure.get_supxlabel()
    _, axes = plt.subplots()
    draw_numbers(axes, np.zeros((2, 3)))
    assert [text.get_text() for text in axes.texts] == ["0"] * 6
    plt.close("all")


def test_median_seconds_ignores_one_slow_call(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    taken = iter([7.0, 0.25, 30.0, 0.5])

    def call() -> None:
        nonlocal now
        now += next(taken)

    monkeypatch.setattr(time, "perf_counter", lambda: now)
    assert median_seconds(call, repeats=3, at_least=0.0) == 0.5
