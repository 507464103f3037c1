# %% conv2d-output-shape | plus-one-forgotten | test-conv2d-output-shape, test-conv2d-loops
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    if c != kc:
        raise ValueError(f"input has {c} channels, kernel has {kc}")
    return b, o, (h + 2 * padding - kh) // stride, (w + 2 * padding - kw) // stride


# %% conv2d-output-shape | padding-once | test-conv2d-output-shape
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    if c != kc:
        raise ValueError(f"input has {c} channels, kernel has {kc}")
    return b, o, (h + padding - kh) // stride + 1, (w + padding - kw) // stride + 1


# %% conv2d-output-shape | rounded-up | test-conv2d-output-shape
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    if c != kc:
        raise ValueError(f"input has {c} channels, kernel has {kc}")
    rows = int(np.ceil((h + 2 * padding - kh) / stride)) + 1
    return b, o, rows, int(np.ceil((w + 2 * padding - kw) / stride)) + 1


# %% conv2d-output-shape | input-channels-kept | test-conv2d-output-shape, test-conv2d-loops
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    if c != kc:
        raise ValueError(f"input has {c} channels, kernel has {kc}")
    return b, c, (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1


# %% conv2d-output-shape | sizes-not-integer | test-conv2d-output-shape, test-conv2d-loops
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    if c != kc:
        raise ValueError(f"input has {c} channels, kernel has {kc}")
    return b, o, (h + 2 * padding - kh) / stride + 1, (w + 2 * padding - kw) / stride + 1


# %% conv2d-output-shape | height-and-width-exchanged | test-conv2d-output-shape, test-conv2d-loops
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kw, kh = kernel_shape
    if c != kc:
        raise ValueError(f"input has {c} channels, kernel has {kc}")
    return b, o, (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1


# %% conv2d-output-shape | channels-not-checked | test-conv2d-output-shape, test-conv2d-loops, test-conv2d-1
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    return b, o, (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1


# %% conv2d-output-shape | unclear-channel-error | test-conv2d-output-shape, test-conv2d-loops, test-conv2d-1
def conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0):
    b, c, h, w = input_shape
    o, kc, kh, kw = kernel_shape
    if c != kc:
        raise ValueError("channels do not match")
    return b, o, (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1


# %% conv2d-loops | kernel-flipped | test-conv2d-loops
def conv2d_loops(input, kernel):
    output = np.zeros(conv2d_output_shape(input.shape, kernel.shape))
    kh, kw = kernel.shape[2:]
    for b, o, r, c in np.ndindex(output.shape):
        for i in range(input.shape[1]):
            for p in range(kh):
                for q in range(kw):
                    output[b, o, r, c] += input[b, i, r + kh - 1 - p, c + kw - 1 - q] * kernel[o, i, p, q]
    return output


# %% conv2d-loops | kernel-transposed | test-conv2d-loops
def conv2d_loops(input, kernel):
    output = np.zeros(conv2d_output_shape(input.shape, kernel.shape))
    kh, kw = kernel.shape[2:]
    for b, o, r, c in np.ndindex(output.shape):
        for p in range(kh):
            for q in range(kw):
                output[b, o, r, c] += np.sum(input[b, :, r + p, c + q] * kernel[o, :, q, p])
    return output


# %% conv2d-loops | one-channel-only | test-conv2d-loops
def conv2d_loops(input, kernel):
    output = np.zeros(conv2d_output_shape(input.shape, kernel.shape))
    kh, kw = kernel.shape[2:]
    for b, o, r, c in np.ndindex(output.shape):
        for i in range(input.shape[1]):
            output[b, o, r, c] = np.sum(input[b, i, r : r + kh, c : c + kw] * kernel[o, i])
    return output


# %% conv2d-loops | channels-averaged | test-conv2d-loops
def conv2d_loops(input, kernel):
    output = np.zeros(conv2d_output_shape(input.shape, kernel.shape))
    kh, kw = kernel.shape[2:]
    for b, o, r, c in np.ndindex(output.shape):
        products = input[b, :, r : r + kh, c : c + kw] * kernel[o]
        output[b, o, r, c] = products.sum(axis=(1, 2)).mean()
    return output


# %% conv2d | kernel-flipped | test-conv2d-1, test-conv2d-2, test-true-convolution
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("bircpq,oipq->borc", windows, kernel[:, :, ::-1, ::-1])


# %% conv2d | channels-not-checked | test-conv2d-1
def conv2d(input, kernel, stride=1, padding=0):
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.tensordot(windows, kernel, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)


# %% conv2d | stride-ignored | test-conv2d-2
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))
    return np.einsum("bircpq,oipq->borc", windows, kernel)


# %% conv2d | stride-before-window | test-conv2d-2
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded[:, :, ::stride, ::stride], kernel.shape[2:], axis=(2, 3))
    return np.einsum("bircpq,oipq->borc", windows, kernel)


# %% conv2d | padding-ignored | test-conv2d-2
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    windows = sliding_window_view(input, kernel.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("bircpq,oipq->borc", windows, kernel)


# %% conv2d | padding-not-zero | test-conv2d-2
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="edge")
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("bircpq,oipq->borc", windows, kernel)


# %% conv2d | padding-one-side | test-conv2d-2
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    padded = np.pad(input, ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding)))
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("bircpq,oipq->borc", windows, kernel)


# %% conv2d | loop-over-pixels | test-conv2d-3
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


# %% conv2d | loop-over-samples | test-conv2d-3
def conv2d(input, kernel, stride=1, padding=0):
    conv2d_output_shape(input.shape, kernel.shape, stride, padding)
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.stack([np.einsum("ircpq,oipq->orc", sample, kernel) for sample in windows])


# %% true-convolution | not-flipped | test-true-convolution
def true_convolution(input, kernel):
    return conv2d(input, kernel)


# %% true-convolution | one-axis-flipped | test-true-convolution
def true_convolution(input, kernel):
    return conv2d(input, kernel[..., ::-1])


# %% true-convolution | transposed-not-flipped | test-true-convolution
def true_convolution(input, kernel):
    return conv2d(input, kernel.transpose(0, 1, 3, 2))


# %% true-convolution | everything-flipped | test-true-convolution
def true_convolution(input, kernel):
    return conv2d(input, np.flip(kernel))


# %% true-convolution | channels-flipped | test-true-convolution
def true_convolution(input, kernel):
    return conv2d(input, np.flip(kernel, axis=(1, 2, 3)))


# %% max-pool2d | starts-at-zero | test-max-pool2d
def max_pool2d(input, size, stride):
    b, c, h, w = input.shape
    output = np.zeros((b, c, (h - size) // stride + 1, (w - size) // stride + 1))
    rows, columns = output.shape[2:]
    for p in range(size):
        for q in range(size):
            piece = input[:, :, p : p + rows * stride : stride, q : q + columns * stride : stride]
            output = np.maximum(output, piece[:, :, :rows, :columns])
    return output


# %% max-pool2d | mean-instead-of-max | test-max-pool2d
def max_pool2d(input, size, stride):
    windows = sliding_window_view(input, (size, size), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].mean(axis=(4, 5))


# %% max-pool2d | stride-ignored | test-max-pool2d
def max_pool2d(input, size, stride):
    windows = sliding_window_view(input, (size, size), axis=(2, 3))
    return windows[:, :, ::size, ::size].max(axis=(4, 5))


# %% max-pool2d | incomplete-windows | test-max-pool2d
def max_pool2d(input, size, stride):
    rows = -(-(input.shape[2] - size) // stride) + 1
    columns = -(-(input.shape[3] - size) // stride) + 1
    output = np.zeros((*input.shape[:2], rows, columns))
    for r in range(rows):
        for c in range(columns):
            top, left = r * stride, c * stride
            output[:, :, r, c] = input[:, :, top : top + size, left : left + size].max(axis=(2, 3))
    return output


# %% max-pool2d | channels-mixed | test-max-pool2d
def max_pool2d(input, size, stride):
    windows = sliding_window_view(input, (size, size), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(1, 4, 5))[:, None]


# %% conv2d-backward | backward-kernel-not-rotated | test-conv2d-backward-2
def conv2d_backward(dout, input, kernel):
    windows = sliding_window_view(input, kernel.shape[2:], axis=(2, 3))
    kh, kw = kernel.shape[2:]
    padded = np.pad(dout, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
    backward = sliding_window_view(padded, (kh, kw), axis=(2, 3))
    d_input = np.einsum("boxypq,oipq->bixy", backward, kernel)
    return d_input, np.einsum("borc,bircpq->oipq", dout, windows)


# %% conv2d-backward | shares-overwritten | test-conv2d-backward-2
def conv2d_backward(dout, input, kernel):
    d_input, d_kernel = np.zeros(input.shape), np.zeros(kernel.shape)
    rows, columns = dout.shape[2:]
    for p, q in np.ndindex(kernel.shape[2:]):
        piece = (slice(None), slice(None), slice(p, p + rows), slice(q, q + columns))
        d_kernel[:, :, p, q] = np.einsum("borc,birc->oi", dout, input[piece])
        d_input[piece] = np.einsum("borc,oi->birc", dout, kernel[:, :, p, q])
    return d_input, d_kernel


# %% conv2d-backward | dout-ignored | test-conv2d-backward-1, test-conv2d-backward-2
def conv2d_backward(dout, input, kernel):
    d_input, d_kernel = np.zeros(input.shape), np.zeros(kernel.shape)
    kh, kw = kernel.shape[2:]
    for r, c in np.ndindex(dout.shape[2:]):
        d_input[:, :, r : r + kh, c : c + kw] += kernel.sum(axis=0)
        d_kernel += input[:, :, r : r + kh, c : c + kw].sum(axis=0)
    return d_input, d_kernel


# %% conv2d-backward | one-sample-only | test-conv2d-backward-1
def conv2d_backward(dout, input, kernel):
    d_input, d_kernel = np.zeros(input.shape), np.zeros(kernel.shape)
    rows, columns = dout.shape[2:]
    for p, q in np.ndindex(kernel.shape[2:]):
        piece = (slice(None), slice(None), slice(p, p + rows), slice(q, q + columns))
        for b in range(len(input)):
            d_kernel[:, :, p, q] = np.einsum("orc,irc->oi", dout[b], input[piece][b])
        d_input[piece] += np.einsum("borc,oi->birc", dout, kernel[:, :, p, q])
    return d_input, d_kernel


# %% conv2d-backward | averaged-over-batch | test-conv2d-backward-1
def conv2d_backward(dout, input, kernel):
    d_input, d_kernel = np.zeros(input.shape), np.zeros(kernel.shape)
    rows, columns = dout.shape[2:]
    for p, q in np.ndindex(kernel.shape[2:]):
        piece = (slice(None), slice(None), slice(p, p + rows), slice(q, q + columns))
        d_kernel[:, :, p, q] = np.einsum("borc,birc->oi", dout, input[piece]) / len(input)
        d_input[piece] += np.einsum("borc,oi->birc", dout, kernel[:, :, p, q])
    return d_input, d_kernel


# %% conv2d-backward | gradients-exchanged | test-conv2d-backward-1, test-conv2d-backward-2
def conv2d_backward(dout, input, kernel):
    d_input, d_kernel = np.zeros(input.shape), np.zeros(kernel.shape)
    rows, columns = dout.shape[2:]
    for p, q in np.ndindex(kernel.shape[2:]):
        piece = (slice(None), slice(None), slice(p, p + rows), slice(q, q + columns))
        d_kernel[:, :, p, q] = np.einsum("borc,birc->oi", dout, input[piece])
        d_input[piece] += np.einsum("borc,oi->birc", dout, kernel[:, :, p, q])
    return d_kernel, d_input
