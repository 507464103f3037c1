# %% grade_id="conv2d-output-shape" mistake="plus-one-forgotten" fails=["test-conv2d-output-shape", "test-conv2d-loops"]
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    if c != kc:
        raise ValueError(f"input has {c} channels, kernel has {kc}")
    return b, o, (h + 2 * padding - kh) // stride, (w + 2 * padding - kw) // stride

# %% grade_id="conv2d-output-shape" mistake="padding-once" fails=["test-conv2d-output-shape"]
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    if c != kc:
        raise ValueError(f"input has {c} channels, kernel has {kc}")
    return b, o, (h + padding - kh) // stride + 1, (w + padding - kw) // stride + 1

# %% grade_id="conv2d-output-shape" mistake="rounded-up" fails=["test-conv2d-output-shape"]
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    if c != kc:
        raise ValueError(f"input has {c} channels, kernel has {kc}")
    rows = int(np.ceil((h + 2 * padding - kh) / stride)) + 1
    return b, o, rows, int(np.ceil((w + 2 * padding - kw) / stride)) + 1

# %% grade_id="conv2d-output-shape" mistake="input-channels-kept" fails=["test-conv2d-output-shape", "test-conv2d-loops"]
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    if c != kc:
        raise ValueError(f"input has {c} channels, kernel has {kc}")
    return b, c, (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1

# %% grade_id="conv2d-output-shape" mistake="sizes-not-integer" fails=["test-conv2d-output-shape", "test-conv2d-loops"]
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    if c != kc:
        raise ValueError(f"input has {c} channels, kernel has {kc}")
    return b, o, (h + 2 * padding - kh) / stride + 1, (w + 2 * padding - kw) / stride + 1

# %% grade_id="conv2d-output-shape" mistake="height-and-width-exchanged" fails=["test-conv2d-output-shape", "test-conv2d-loops"]
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kw, kh = kernel_shape
    if c != kc:
        raise ValueError(f"input has {c} channels, kernel has {kc}")
    return b, o, (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1

# %% grade_id="conv2d-output-shape" mistake="channels-not-checked" fails=["test-conv2d-output-shape", "test-conv2d-loops", "test-conv2d-1"]
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    return b, o, (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1

# %% grade_id="conv2d-output-shape" mistake="unclear-channel-error" fails=["test-conv2d-output-shape", "test-conv2d-loops", "test-conv2d-1"]
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    if c != kc:
        raise ValueError("channels do not match")
    return b, o, (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1

# %% grade_id="conv2d-loops" mistake="kernel-flipped" fails=["test-conv2d-loops"]
def conv2d_loops(input, kernel):
    output = np.zeros(conv2d_output_shape(input.shape, kernel.shape))
    kh, kw = kernel.shape[2:]
    for b, o, r, c in np.ndindex(output.shape):
        for i in range(input.shape[1]):
            for p in range(kh):
                for q in range(kw):
                    output[b, o, r, c] += input[b, i, r + kh - 1 - p, c + kw - 1 - q] * kernel[o, i, p, q]
    return output

# %% grade_id="conv2d-loops" mistake="kernel-transposed" fails=["test-conv2d-loops"]
def conv2d_loops(input, kernel):
    output = np.zeros(conv2d_output_shape(input.shape, kernel.shape))
    kh, kw = kernel.shape[2:]
    for b, o, r, c in np.ndindex(output.shape):
        for p in range(kh):
            for q in range(kw):
                output[b, o, r, c] += np.sum(input[b, :, r + p, c + q] * kernel[o, :, q, p])
    return output

# %% grade_id="conv2d-loops" mistake="one-channel-only" fails=["test-conv2d-loops"]
def conv2d_loops(input, kernel):
    output = np.zeros(conv2d_output_shape(input.shape, kernel.shape))
    kh, kw = kernel.shape[2:]
    for b, o, r, c in np.ndindex(output.shape):
        for i in range(input.shape[1]):
            output[b, o, r, c] = np.sum(input[b, i, r : r + kh, c : c + kw] * kernel[o, i])
    return output

# %% grade_id="conv2d-loops" mistake="channels-averaged" fails=["test-conv2d-loops"]
def conv2d_loops(input, kernel):
    output = np.zeros(conv2d_output_shape(input.shape, kernel.shape))
    kh, kw = kernel.shape[2:]
    for b, o, r, c in np.ndindex(output.shape):
        products = input[b, :, r : r + kh, c : c + kw] * kernel[o]
        output[b, o, r, c] = products.sum(axis=(1, 2)).mean()
    return output

# %% grade_id="conv2d" mistake="kernel-flipped" fails=["test-conv2d-1", "test-conv2d-2", "test-true-convolution"]
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("bircpq,oipq->borc", windows, kernel[:, :, ::-1, ::-1])

# %% grade_id="conv2d" mistake="channels-not-checked" fails=["test-conv2d-1"]
def conv2d(input, kernel, stride=1, padding=0):
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.tensordot(windows, kernel, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)

# %% grade_id="conv2d" mistake="stride-ignored" fails=["test-conv2d-2"]
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))
    return np.einsum("bircpq,oipq->borc", windows, kernel)

# %% grade_id="conv2d" mistake="stride-before-window" fails=["test-conv2d-2"]
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded[:, :, ::stride, ::stride], kernel.shape[2:], axis=(2, 3))
    return np.einsum("bircpq,oipq->borc", windows, kernel)

# %% grade_id="conv2d" mistake="padding-ignored" fails=["test-conv2d-2"]
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    windows = sliding_window_view(input, kernel.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("bircpq,oipq->borc", windows, kernel)

# %% grade_id="conv2d" mistake="padding-not-zero" fails=["test-conv2d-2"]
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="edge")
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("bircpq,oipq->borc", windows, kernel)

# %% grade_id="conv2d" mistake="padding-one-side" fails=["test-conv2d-2"]
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    padded = np.pad(input, ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding)))
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("bircpq,oipq->borc", windows, kernel)

# %% grade_id="conv2d" mistake="loop-over-pixels" fails=["test-conv2d-3"]
def conv2d(input, kernel, stride=1, padding=0):
    output = np.zeros(conv2d_output_shape(input.shape, kernel.shape, stride, padding))
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kh, kw = kernel.shape[2:]
    for r in range(output.shape[2]):
        for c in range(output.shape[3]):
            top, left = r * stride, c * stride
            window = padded[:, :, top : top + kh, left : left + kw]
            output[:, :, r, c] = np.einsum("bipq,oipq->bo", window, kernel)
    return output

# %% grade_id="conv2d" mistake="loop-over-samples" fails=["test-conv2d-3"]
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.stack([np.einsum("ircpq,oipq->orc", sample, kernel) for sample in windows])

# %% grade_id="true-convolution" mistake="not-flipped" fails=["test-true-convolution"]
def true_convolution(input, kernel):
    return conv2d(input, kernel)

# %% grade_id="true-convolution" mistake="one-axis-flipped" fails=["test-true-convolution"]
def true_convolution(input, kernel):
    return conv2d(input, kernel[..., ::-1])

# %% grade_id="true-convolution" mistake="transposed-not-flipped" fails=["test-true-convolution"]
def true_convolution(input, kernel):
    return conv2d(input, kernel.transpose(0, 1, 3, 2))

# %% grade_id="true-convolution" mistake="everything-flipped" fails=["test-true-convolution"]
def true_convolution(input, kernel):
    return conv2d(input, np.flip(kernel))

# %% grade_id="true-convolution" mistake="channels-flipped" fails=["test-true-convolution"]
def true_convolution(input, kernel):
    return conv2d(input, np.flip(kernel, axis=(1, 2, 3)))

# %% grade_id="max-pool2d" mistake="starts-at-zero" fails=["test-max-pool2d"]
def max_pool2d(input, size, stride):
    b, c, h, w = input.shape
    output = np.zeros((b, c, (h - size) // stride + 1, (w - size) // stride + 1))
    rows, columns = output.shape[2:]
    for p in range(size):
        for q in range(size):
            piece = input[:, :, p : p + rows * stride : stride, q : q + columns * stride : stride]
            output = np.maximum(output, piece[:, :, :rows, :columns])
    return output

# %% grade_id="max-pool2d" mistake="mean-instead-of-max" fails=["test-max-pool2d"]
def max_pool2d(input, size, stride):
    windows = sliding_window_view(input, (size, size), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].mean(axis=(4, 5))

# %% grade_id="max-pool2d" mistake="stride-ignored" fails=["test-max-pool2d"]
def max_pool2d(input, size, stride):
    windows = sliding_window_view(input, (size, size), axis=(2, 3))
    return windows[:, :, ::size, ::size].max(axis=(4, 5))

# %% grade_id="max-pool2d" mistake="incomplete-windows" fails=["test-max-pool2d"]
def max_pool2d(input, size, stride):
    rows = -(-(input.shape[2] - size) // stride) + 1
    columns = -(-(input.shape[3] - size) // stride) + 1
    output = np.zeros((*input.shape[:2], rows, columns))
    for r in range(rows):
        for c in range(columns):
            top, left = r * stride, c * stride
            output[:, :, r, c] = input[:, :, top : top + size, left : left + size].max(axis=(2, 3))
    return output

# %% grade_id="max-pool2d" mistake="channels-mixed" fails=["test-max-pool2d"]
def max_pool2d(input, size, stride):
    windows = sliding_window_view(input, (size, size), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(1, 4, 5))[:, None]

# %% grade_id="conv2d-backward" mistake="backward-kernel-not-rotated" fails=["test-conv2d-backward-2"]
def conv2d_backward(dout, input, kernel):
    windows = sliding_window_view(input, kernel.shape[2:], axis=(2, 3))
    kh, kw = kernel.shape[2:]
    padded = np.pad(dout, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
    backward = sliding_window_view(padded, (kh, kw), axis=(2, 3))
    d_input = np.einsum("boxypq,oipq->bixy", backward, kernel)
    return d_input, np.einsum("borc,bircpq->oipq", dout, windows)

# %% grade_id="conv2d-backward" mistake="shares-overwritten" fails=["test-conv2d-backward-2"]
def conv2d_backward(dout, input, kernel):
    d_input, d_kernel = np.zeros(input.shape), np.zeros(kernel.shape)
    rows, columns = dout.shape[2:]
    for p, q in np.ndindex(kernel.shape[2:]):
        piece = (slice(None), slice(None), slice(p, p + rows), slice(q, q + columns))
        d_kernel[:, :, p, q] = np.einsum("borc,birc->oi", dout, input[piece])
        d_input[piece] = np.einsum("borc,oi->birc", dout, kernel[:, :, p, q])
    return d_input, d_kernel

# %% grade_id="conv2d-backward" mistake="dout-ignored" fails=["test-conv2d-backward-1", "test-conv2d-backward-2"]
def conv2d_backward(dout, input, kernel):
    d_input, d_kernel = np.zeros(input.shape), np.zeros(kernel.shape)
    kh, kw = kernel.shape[2:]
    for r, c in np.ndindex(dout.shape[2:]):
        d_input[:, :, r : r + kh, c : c + kw] += kernel.sum(axis=0)
        d_kernel += input[:, :, r : r + kh, c : c + kw].sum(axis=0)
    return d_input, d_kernel

# %% grade_id="conv2d-backward" mistake="one-sample-only" fails=["test-conv2d-backward-1"]
def conv2d_backward(dout, input, kernel):
    d_input, d_kernel = np.zeros(input.shape), np.zeros(kernel.shape)
    rows, columns = dout.shape[2:]
    for p, q in np.ndindex(kernel.shape[2:]):
        piece = (slice(None), slice(None), slice(p, p + rows), slice(q, q + columns))
        for b in range(len(input)):
            d_kernel[:, :, p, q] = np.einsum("orc,irc->oi", dout[b], input[piece][b])
        d_input[piece] += np.einsum("borc,oi->birc", dout, kernel[:, :, p, q])
    return d_input, d_kernel

# %% grade_id="conv2d-backward" mistake="averaged-over-batch" fails=["test-conv2d-backward-1"]
def conv2d_backward(dout, input, kernel):
    d_input, d_kernel = np.zeros(input.shape), np.zeros(kernel.shape)
    rows, columns = dout.shape[2:]
    for p, q in np.ndindex(kernel.shape[2:]):
        piece = (slice(None), slice(None), slice(p, p + rows), slice(q, q + columns))
        d_kernel[:, :, p, q] = np.einsum("borc,birc->oi", dout, input[piece]) / len(input)
        d_input[piece] += np.einsum("borc,oi->birc", dout, kernel[:, :, p, q])
    return d_input, d_kernel

# %% grade_id="conv2d-backward" mistake="gradients-exchanged" fails=["test-conv2d-backward-1", "test-conv2d-backward-2"]
def conv2d_backward(dout, input, kernel):
    d_input, d_kernel = np.zeros(input.shape), np.zeros(kernel.shape)
    rows, columns = dout.shape[2:]
    for p, q in np.ndindex(kernel.shape[2:]):
        piece = (slice(None), slice(None), slice(p, p + rows), slice(q, q + columns))
        d_kernel[:, :, p, q] = np.einsum("borc,birc->oi", dout, input[piece])
        d_input[piece] += np.einsum("borc,oi->birc", dout, kernel[:, :, p, q])
    return d_kernel, d_input

# %% grade_id="conv2d-output-shape" mistake="channels-not-checked" fails=["test-conv2d-output-shape", "test-conv2d-loops", "test-conv2d-1"]
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    """Return the shape of a convolution's output as a tuple of four ints, (B, O, H', W').

    input_shape: (B, C, H, W). kernel_shape: (O, C, kh, kw).
    stride, padding: pixels, the same along both axes.

    Raises ValueError if the input and the kernel have different numbers of channels. The message
    contains the word "channels" and both numbers.
    """
    batch, channels, height, width = input_shape
    kernels, expected_channels, kernel_height, kernel_width = kernel_shape
    if channels > expected_channels:
        raise ValueError(f"the input has {channels} channels, the kernel {expected_channels}.")
    rows = (height + 2 * padding - kernel_height) // stride + 1
    columns = (width + 2 * padding - kernel_width) // stride + 1
    return batch, kernels, rows, columns

# %% grade_id="conv2d-loops" mistake="library-does-the-work" fails=["test-conv2d-loops"]
def conv2d_loops(input, kernel):
    """Return the valid convolution of a CNN, written with loops; stride 1, no padding.

    input: float array (B, C, H, W). kernel: float array (O, C, kh, kw).
    Returns a float array (B, O, H - kh + 1, W - kw + 1).

    Raises ValueError, like conv2d_output_shape, if the numbers of channels differ.
    """
    output = np.zeros(conv2d_output_shape(input.shape, kernel.shape))
    kernel_height, kernel_width = kernel.shape[2:]
    for b, o, r, c in np.ndindex(output.shape):
        window = input[b, :, r : r + kernel_height, c : c + kernel_width]
        pass
    for b in range(len(input)):
        for o in range(len(kernel)):
            output[b, o] = sum(signal.correlate2d(input[b, i], kernel[o, i], mode="valid") for i in range(input.shape[1]))
    return output

# %% grade_id="conv2d" mistake="library-does-the-work" fails=["test-conv2d-1"]
def conv2d(input, kernel, stride=1, padding=0):
    """Return the convolution of a CNN, without a Python loop over pixels or samples.

    input: float array (B, C, H, W). kernel: float array (O, C, kh, kw).
    stride: pixels between windows. padding: width of the frame of zeros. Both hold for both axes.
    Returns a float array (B, O, H', W'), the shape of conv2d_output_shape.

    Raises ValueError, like conv2d_output_shape, if the numbers of channels differ.
    """
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    full = signal.correlate(x[:, None], kernel[None], mode="valid")[:, :, 0] if len(kernel) == 1 else np.concatenate([signal.correlate(x, k[None], mode="valid") for k in kernel], axis=1)
    return full[:, :, ::stride, ::stride]

# %% grade_id="true-convolution" mistake="library-does-the-work" fails=["test-true-convolution"]
def true_convolution(input, kernel):
    """Return the valid true convolution: each kernel is turned by 180 degrees before it is laid on.

    input: float array (B, C, H, W). kernel: float array (O, C, kh, kw).
    Returns a float array (B, O, H - kh + 1, W - kw + 1), summed over channels.
    """
    return np.array([[sum(signal.convolve2d(x[i], k[i], mode="valid") for i in range(len(x))) for k in kernel] for x in input])

# %% grade_id="max-pool2d" mistake="library-does-the-work" fails=["test-max-pool2d"]
def max_pool2d(input, size, stride):
    """Return the largest value of each size × size window; only complete windows count.

    input: float array (B, C, H, W). size, stride: pixels, the same along both axes.
    Returns a float array (B, C, (H - size) // stride + 1, (W - size) // stride + 1).
    """
    import torch
    import torch.nn.functional as F

    return F.max_pool2d(torch.tensor(input), size, stride).numpy()

# %% grade_id="conv2d-backward" mistake="library-does-the-work" fails=["test-conv2d-backward-1", "test-conv2d-backward-2"]
def conv2d_backward(dout, input, kernel):
    """Return the gradients of a loss for the input and the kernel of conv2d(input, kernel).

    dout: gradient of the loss for the output, (B, O, H - kh + 1, W - kw + 1).
    input: (B, C, H, W). kernel: (O, C, kh, kw). Stride 1, no padding.
    Returns (d_input, d_kernel), with the shapes of input and kernel.
    """
    import torch
    import torch.nn.functional as F

    x, k = torch.tensor(input, requires_grad=True), torch.tensor(kernel, requires_grad=True)
    F.conv2d(x, k).backward(torch.tensor(dout))
    return x.grad.numpy(), k.grad.numpy()
