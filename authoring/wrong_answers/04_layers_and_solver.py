# %% grade_id="fc-forward" mistake="bias-not-added" fails=["test-fc-forward", "test-fc-relu-forward", "test-fc-relu-backward", "test-two-layer-net-1", "test-two-layer-net-2", "test-fully-connected-net-1", "test-fully-connected-net-2"]
def fc_forward(x, w, b):
    """Return the output of a fully connected layer, and a cache for fc_backward.

    x: float array (N, d_1, ..., d_k); every sample is used as a row of D = d_1 * ... * d_k numbers.
    w: weights (D, M). b: biases (M,).
    Returns (out, cache); out is a float array (N, M).
    """
    out = x.reshape(len(x), -1) @ w
    return out, (x, w, b)

# %% grade_id="fc-forward" mistake="axes-mixed" fails=["test-fc-forward", "test-fc-relu-forward", "test-fc-relu-backward"]
def fc_forward(x, w, b):
    """Return the output of a fully connected layer, and a cache for fc_backward.

    x: float array (N, d_1, ..., d_k); every sample is used as a row of D = d_1 * ... * d_k numbers.
    w: weights (D, M). b: biases (M,).
    Returns (out, cache); out is a float array (N, M).
    """
    out = x.reshape(len(x), -1, order="F") @ w + b
    return out, (x, w, b)

# %% grade_id="fc-backward" mistake="averaged-over-batch" fails=["test-fc-backward", "test-fc-relu-backward", "test-two-layer-net-2", "test-fully-connected-net-2"]
def fc_backward(dout, cache):
    """Return the gradients of a loss for the input, the weights and the biases of fc_forward.

    dout: gradient of the loss for out, (N, M). cache: what fc_forward returned.
    Returns (dx, dw, db), with the shapes of x (N, d_1, ..., d_k), w (D, M) and b (M,).
    """
    x, w, _ = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout / len(x)
    return dx, dw, dout.sum(axis=0)

# %% grade_id="fc-backward" mistake="bias-gradient-per-sample" fails=["test-fc-backward", "test-fc-relu-backward", "test-two-layer-net-2", "test-fully-connected-net-2"]
def fc_backward(dout, cache):
    """Return the gradients of a loss for the input, the weights and the biases of fc_forward.

    dout: gradient of the loss for out, (N, M). cache: what fc_forward returned.
    Returns (dx, dw, db), with the shapes of x (N, d_1, ..., d_k), w (D, M) and b (M,).
    """
    x, w, _ = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    return dx, dw, dout.sum(axis=1)

# %% grade_id="fc-backward" mistake="dx-not-reshaped" fails=["test-fc-backward", "test-fc-relu-backward"]
def fc_backward(dout, cache):
    """Return the gradients of a loss for the input, the weights and the biases of fc_forward.

    dout: gradient of the loss for out, (N, M). cache: what fc_forward returned.
    Returns (dx, dw, db), with the shapes of x (N, d_1, ..., d_k), w (D, M) and b (M,).
    """
    x, w, _ = cache
    dx = dout @ w.T
    dw = x.reshape(len(x), -1).T @ dout
    return dx, dw, dout.sum(axis=0)

# %% grade_id="fc-backward" mistake="bias-gradient-keeps-axis" fails=["test-fc-backward", "test-fc-relu-backward", "test-two-layer-net-2", "test-fully-connected-net-2"]
def fc_backward(dout, cache):
    x, w, _ = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    return dx, dw, dout.sum(axis=0, keepdims=True)

# %% grade_id="fc-backward" mistake="gradients-exchanged" fails=["test-fc-backward", "test-fc-relu-backward", "test-two-layer-net-2", "test-fully-connected-net-2"]
def fc_backward(dout, cache):
    x, w, _ = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    return dw, dx, dout.sum(axis=0)

# %% grade_id="relu-forward" mistake="absolute-value" fails=["test-relu-forward", "test-fc-relu-forward", "test-two-layer-net-1", "test-two-layer-net-2", "test-fully-connected-net-1", "test-fully-connected-net-2"]
def relu_forward(x):
    """Return the positive part of every entry of x, and a cache for relu_backward.

    x: float array of any shape.
    Returns (out, cache); out has the shape of x.
    """
    return np.abs(x), x

# %% grade_id="relu-backward" mistake="relu-mask-missing" fails=["test-relu-backward", "test-fc-relu-backward", "test-two-layer-net-2", "test-fully-connected-net-2"]
def relu_backward(dout, cache):
    """Return the gradient of a loss for the input of relu_forward.

    dout: gradient of the loss for out, in its shape. cache: what relu_forward returned.
    Returns an array of the same shape.
    """
    return dout

# %% grade_id="relu-backward" mistake="mask-from-dout" fails=["test-relu-backward", "test-fc-relu-backward", "test-two-layer-net-2", "test-fully-connected-net-2"]
def relu_backward(dout, cache):
    """Return the gradient of a loss for the input of relu_forward.

    dout: gradient of the loss for out, in its shape. cache: what relu_forward returned.
    Returns an array of the same shape.
    """
    return dout * (dout > 0)

# %% grade_id="relu-backward" mistake="dout-ignored" fails=["test-relu-backward", "test-fc-relu-backward", "test-two-layer-net-2", "test-fully-connected-net-2"]
def relu_backward(dout, cache):
    return (cache > 0).astype(float)

# %% grade_id="softmax-loss" mistake="no-division-by-n" fails=["test-softmax-loss-1", "test-softmax-loss-2", "test-two-layer-net-2", "test-fully-connected-net-2"]
def softmax_loss(x, y):
    """Return the mean softmax loss and its gradient for the scores.

    x: scores (N, C), of any level: adding 1e4 to all of them must not matter.
    y: integer labels (N,), from 0 to C - 1.
    Returns (loss, dx): a number, and an array of the shape of x.
    """
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].sum(), dx

# %% grade_id="softmax-loss" mistake="softmax-without-shift" fails=["test-softmax-loss-1", "test-softmax-loss-2"]
def softmax_loss(x, y):
    exponentials = np.exp(x)
    p = exponentials / exponentials.sum(axis=1, keepdims=True)
    rows = np.arange(len(x))
    dx = p.copy()
    dx[rows, y] -= 1
    return -np.log(p[rows, y]).mean(), dx / len(x)

# %% grade_id="softmax-loss" mistake="averaged-twice" fails=["test-softmax-loss-2", "test-two-layer-net-2", "test-fully-connected-net-2"]
def softmax_loss(x, y):
    """Return the mean softmax loss and its gradient for the scores.

    x: scores (N, C), of any level: adding 1e4 to all of them must not matter.
    y: integer labels (N,), from 0 to C - 1.
    Returns (loss, dx): a number, and an array of the shape of x.
    """
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].mean(), dx / len(x) ** 2

# %% grade_id="softmax-loss" mistake="label-not-subtracted" fails=["test-softmax-loss-2", "test-two-layer-net-2", "test-fully-connected-net-2"]
def softmax_loss(x, y):
    """Return the mean softmax loss and its gradient for the scores.

    x: scores (N, C), of any level: adding 1e4 to all of them must not matter.
    y: integer labels (N,), from 0 to C - 1.
    Returns (loss, dx): a number, and an array of the shape of x.
    """
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    dx = np.exp(log_p)
    return -log_p[rows, y].mean(), dx / len(x)

# %% grade_id="softmax-loss" mistake="no-division-by-n" fails=["test-softmax-loss-2", "test-two-layer-net-2", "test-fully-connected-net-2"]
def softmax_loss(x, y):
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].mean(), dx

# %% grade_id="softmax-loss" mistake="one-shift-for-all" fails=["test-softmax-loss-1", "test-softmax-loss-2"]
def softmax_loss(x, y):
    shifted = x - x.max()
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].mean(), dx / len(x)

# %% grade_id="softmax-loss" mistake="constant-in-log" fails=["test-softmax-loss-1", "test-two-layer-net-2"]
def softmax_loss(x, y):
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    rows = np.arange(len(x))
    loss = -np.log(p[rows, y] + 1e-8).mean()
    p[rows, y] -= 1
    return loss, p / len(x)

# %% grade_id="softmax-loss" mistake="softmax-over-batch" fails=["test-softmax-loss-1", "test-softmax-loss-2", "test-two-layer-net-2", "test-fully-connected-net-2"]
def softmax_loss(x, y):
    shifted = x - x.max(axis=0, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    rows = np.arange(len(x))
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].mean(), dx / len(x)

# %% grade_id="softmax-loss" mistake="labels-of-all-samples" fails=["test-softmax-loss-2", "test-two-layer-net-2", "test-fully-connected-net-2"]
def softmax_loss(x, y):
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    dx = np.exp(log_p)
    dx[:, y] -= 1
    return -log_p[rows, y].mean(), dx / len(x)

# %% grade_id="fc-relu-forward" mistake="loop-over-samples" fails=["test-fc-relu-forward"]
def fc_relu_forward(x, w, b):
    rows = [relu_forward(fc_forward(row[None], w, b)[0])[0] for row in x]
    a, fc_cache = fc_forward(x, w, b)
    return np.concatenate(rows), (fc_cache, relu_forward(a)[1])

# %% grade_id="fc-relu-forward" mistake="relu-on-input" fails=["test-fc-relu-forward", "test-fc-relu-backward", "test-two-layer-net-1", "test-two-layer-net-2", "test-fully-connected-net-1", "test-fully-connected-net-2"]
def fc_relu_forward(x, w, b):
    positive, relu_cache = relu_forward(x)
    out, fc_cache = fc_forward(positive, w, b)
    return out, (fc_cache, relu_cache)

# %% grade_id="fc-relu-backward" mistake="relu-mask-missing" fails=["test-fc-relu-backward", "test-two-layer-net-2", "test-fully-connected-net-2"]
def fc_relu_backward(dout, cache):
    fc_cache, relu_cache = cache
    return fc_backward(dout, fc_cache)

# %% grade_id="two-layer-net" mistake="no-relu" fails=["test-two-layer-net-1", "test-two-layer-net-2"]
class TwoLayerNet:
    """fc, ReLU, fc, softmax loss, with L2 regularisation of the weights.

    params: dict with W1 (D, H), b1 (H,), W2 (H, C), b2 (C,), float64.
    """

    def __init__(
        self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0
    ):
        """Draw weights with standard deviation weight_scale; biases are 0. reg: strength of L2."""
        self.reg = reg
        self.params = {
            "W1": weight_scale * generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        """Return the scores (N, C), or (loss, grads) if labels are given.

        X: (N, d_1, ..., d_k). y: integer labels (N,) or None.
        grads: dict with the keys of params, every gradient in the shape of its parameter.
        """
        p = self.params
        hidden, hidden_cache = fc_forward(X, p["W1"], p["b1"])
        scores, scores_cache = fc_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = fc_backward(dscores, scores_cache)
        _, dW1, db1 = fc_backward(dhidden, hidden_cache)
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        grads = {"b1": db1, "b2": db2}
        grads["W1"] = dW1 + self.reg * p["W1"]
        grads["W2"] = dW2 + self.reg * p["W2"]
        return loss, grads

# %% grade_id="two-layer-net" mistake="l2-without-half" fails=["test-two-layer-net-2"]
class TwoLayerNet:
    """fc, ReLU, fc, softmax loss, with L2 regularisation of the weights.

    params: dict with W1 (D, H), b1 (H,), W2 (H, C), b2 (C,), float64.
    """

    def __init__(
        self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0
    ):
        """Draw weights with standard deviation weight_scale; biases are 0. reg: strength of L2."""
        self.reg = reg
        self.params = {
            "W1": weight_scale * generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        """Return the scores (N, C), or (loss, grads) if labels are given.

        X: (N, d_1, ..., d_k). y: integer labels (N,) or None.
        grads: dict with the keys of params, every gradient in the shape of its parameter.
        """
        p = self.params
        hidden, hidden_cache = fc_relu_forward(X, p["W1"], p["b1"])
        scores, scores_cache = fc_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = fc_backward(dscores, scores_cache)
        _, dW1, db1 = fc_relu_backward(dhidden, hidden_cache)
        loss += self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        grads = {"b1": db1, "b2": db2}
        grads["W1"] = dW1 + self.reg * p["W1"]
        grads["W2"] = dW2 + self.reg * p["W2"]
        return loss, grads

# %% grade_id="two-layer-net" mistake="l2-on-biases" fails=["test-two-layer-net-2"]
class TwoLayerNet:
    """fc, ReLU, fc, softmax loss, with L2 regularisation of the weights.

    params: dict with W1 (D, H), b1 (H,), W2 (H, C), b2 (C,), float64.
    """

    def __init__(
        self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0
    ):
        """Draw weights with standard deviation weight_scale; biases are 0. reg: strength of L2."""
        self.reg = reg
        self.params = {
            "W1": weight_scale * generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        """Return the scores (N, C), or (loss, grads) if labels are given.

        X: (N, d_1, ..., d_k). y: integer labels (N,) or None.
        grads: dict with the keys of params, every gradient in the shape of its parameter.
        """
        p = self.params
        hidden, hidden_cache = fc_relu_forward(X, p["W1"], p["b1"])
        scores, scores_cache = fc_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = fc_backward(dscores, scores_cache)
        _, dW1, db1 = fc_relu_backward(dhidden, hidden_cache)
        loss += 0.5 * self.reg * (sum(np.sum(v**2) for v in p.values()))
        grads = {"b1": db1 + self.reg * p["b1"], "b2": db2 + self.reg * p["b2"]}
        grads["W1"] = dW1 + self.reg * p["W1"]
        grads["W2"] = dW2 + self.reg * p["W2"]
        return loss, grads

# %% grade_id="two-layer-net" mistake="l2-half-in-gradient" fails=["test-two-layer-net-2"]
class TwoLayerNet:
    """fc, ReLU, fc, softmax loss, with L2 regularisation of the weights.

    params: dict with W1 (D, H), b1 (H,), W2 (H, C), b2 (C,), float64.
    """

    def __init__(
        self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0
    ):
        """Draw weights with standard deviation weight_scale; biases are 0. reg: strength of L2."""
        self.reg = reg
        self.params = {
            "W1": weight_scale * generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        """Return the scores (N, C), or (loss, grads) if labels are given.

        X: (N, d_1, ..., d_k). y: integer labels (N,) or None.
        grads: dict with the keys of params, every gradient in the shape of its parameter.
        """
        p = self.params
        hidden, hidden_cache = fc_relu_forward(X, p["W1"], p["b1"])
        scores, scores_cache = fc_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = fc_backward(dscores, scores_cache)
        _, dW1, db1 = fc_relu_backward(dhidden, hidden_cache)
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        grads = {"b1": db1, "b2": db2}
        grads["W1"] = dW1 + 0.5 * self.reg * p["W1"]
        grads["W2"] = dW2 + 0.5 * self.reg * p["W2"]
        return loss, grads

# %% grade_id="two-layer-net" mistake="weight-scale-ignored" fails=["test-two-layer-net-1"]
class TwoLayerNet:

    def __init__(self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = {
            "W1": generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        p = self.params
        hidden, hidden_cache = fc_relu_forward(X, p["W1"], p["b1"])
        scores, scores_cache = fc_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = fc_backward(dscores, scores_cache)
        _, dW1, db1 = fc_relu_backward(dhidden, hidden_cache)
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        grads = {"b1": db1, "b2": db2}
        grads["W1"] = dW1 + self.reg * p["W1"]
        grads["W2"] = dW2 + self.reg * p["W2"]
        return loss, grads

# %% grade_id="two-layer-net" mistake="scores-not-returned" fails=["test-two-layer-net-1"]
class TwoLayerNet:

    def __init__(self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = {
            "W1": weight_scale * generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        p = self.params
        hidden, hidden_cache = fc_relu_forward(X, p["W1"], p["b1"])
        scores, scores_cache = fc_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores, {}
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = fc_backward(dscores, scores_cache)
        _, dW1, db1 = fc_relu_backward(dhidden, hidden_cache)
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        grads = {"b1": db1, "b2": db2}
        grads["W1"] = dW1 + self.reg * p["W1"]
        grads["W2"] = dW2 + self.reg * p["W2"]
        return loss, grads

# %% grade_id="two-layer-net" mistake="params-not-used" fails=["test-two-layer-net-1", "test-two-layer-net-2"]
class TwoLayerNet:

    def __init__(self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = self.start = {
            "W1": weight_scale * generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }
        self.start = dict(self.params)

    def loss(self, X, y=None):
        p = self.start
        hidden, hidden_cache = fc_relu_forward(X, p["W1"], p["b1"])
        scores, scores_cache = fc_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = fc_backward(dscores, scores_cache)
        _, dW1, db1 = fc_relu_backward(dhidden, hidden_cache)
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        grads = {"b1": db1, "b2": db2}
        grads["W1"] = dW1 + self.reg * p["W1"]
        grads["W2"] = dW2 + self.reg * p["W2"]
        return loss, grads

# %% grade_id="two-layer-net" mistake="relu-mask-missing" fails=["test-two-layer-net-2"]
class TwoLayerNet:

    def __init__(self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = {
            "W1": weight_scale * generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        p = self.params
        hidden, hidden_cache = fc_relu_forward(X, p["W1"], p["b1"])
        scores, scores_cache = fc_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = fc_backward(dscores, scores_cache)
        _, dW1, db1 = fc_backward(dhidden, hidden_cache[0])
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        grads = {"b1": db1, "b2": db2}
        grads["W1"] = dW1 + self.reg * p["W1"]
        grads["W2"] = dW2 + self.reg * p["W2"]
        return loss, grads

# %% grade_id="fully-connected-net" mistake="seed-ignored" fails=["test-fully-connected-net-1"]
class FullyConnectedNet:
    """(fc, ReLU) for every hidden layer, then fc and the softmax loss, with L2 on the weights.

    params: dict with W1, b1, ..., WL, bL, float64, where L = len(hidden_dims) + 1.
    """

    def __init__(
        self, hidden_dims, input_dim=4320, num_classes=4, reg=0.0, weight_scale=1e-2, seed=None
    ):
        """hidden_dims: list of layer sizes. seed: equal seeds give equal weights; None, fresh ones."""
        rng = np.random.default_rng()
        sizes = [input_dim, *hidden_dims, num_classes]
        self.reg, self.depth, self.params = reg, len(sizes) - 1, {}
        for layer in range(1, self.depth + 1):
            shape = (sizes[layer - 1], sizes[layer])
            self.params[f"W{layer}"] = weight_scale * rng.standard_normal(shape)
            self.params[f"b{layer}"] = np.zeros(sizes[layer])

    def loss(self, X, y=None):
        """Return the scores (N, C), or (loss, grads) if labels are given, as TwoLayerNet does."""
        p, out, caches, grads = self.params, X, [], {}
        for layer in range(1, self.depth + 1):
            forward = fc_relu_forward if layer < self.depth else fc_forward
            out, cache = forward(out, p[f"W{layer}"], p[f"b{layer}"])
            caches.append(cache)
        if y is None:
            return out
        loss, dout = softmax_loss(out, y)
        for layer in range(self.depth, 0, -1):
            W, backward = p[f"W{layer}"], fc_relu_backward if layer < self.depth else fc_backward
            dout, dW, grads[f"b{layer}"] = backward(dout, caches[layer - 1])
            grads[f"W{layer}"] = dW + self.reg * W
            loss += 0.5 * self.reg * np.sum(W**2)
        return loss, grads

# %% grade_id="fully-connected-net" mistake="relu-on-scores" fails=["test-fully-connected-net-1", "test-fully-connected-net-2"]
class FullyConnectedNet:
    """(fc, ReLU) for every hidden layer, then fc and the softmax loss, with L2 on the weights.

    params: dict with W1, b1, ..., WL, bL, float64, where L = len(hidden_dims) + 1.
    """

    def __init__(
        self, hidden_dims, input_dim=4320, num_classes=4, reg=0.0, weight_scale=1e-2, seed=None
    ):
        """hidden_dims: list of layer sizes. seed: equal seeds give equal weights; None, fresh ones."""
        rng = np.random.default_rng(seed)
        sizes = [input_dim, *hidden_dims, num_classes]
        self.reg, self.depth, self.params = reg, len(sizes) - 1, {}
        for layer in range(1, self.depth + 1):
            shape = (sizes[layer - 1], sizes[layer])
            self.params[f"W{layer}"] = weight_scale * rng.standard_normal(shape)
            self.params[f"b{layer}"] = np.zeros(sizes[layer])

    def loss(self, X, y=None):
        """Return the scores (N, C), or (loss, grads) if labels are given, as TwoLayerNet does."""
        p, out, caches, grads = self.params, X, [], {}
        for layer in range(1, self.depth + 1):
            forward = fc_relu_forward
            out, cache = forward(out, p[f"W{layer}"], p[f"b{layer}"])
            caches.append(cache)
        if y is None:
            return out
        loss, dout = softmax_loss(out, y)
        for layer in range(self.depth, 0, -1):
            W, backward = p[f"W{layer}"], fc_relu_backward
            dout, dW, grads[f"b{layer}"] = backward(dout, caches[layer - 1])
            grads[f"W{layer}"] = dW + self.reg * W
            loss += 0.5 * self.reg * np.sum(W**2)
        return loss, grads

# %% grade_id="fully-connected-net" mistake="no-relu" fails=["test-fully-connected-net-1", "test-fully-connected-net-2"]
class FullyConnectedNet:

    def __init__(
        self, hidden_dims, input_dim=4320, num_classes=4, reg=0.0, weight_scale=1e-2, seed=None
    ):
        rng = np.random.default_rng(seed)
        sizes = [input_dim, *hidden_dims, num_classes]
        self.reg, self.depth, self.params = reg, len(sizes) - 1, {}
        for layer in range(1, self.depth + 1):
            shape = (sizes[layer - 1], sizes[layer])
            self.params[f"W{layer}"] = weight_scale * rng.standard_normal(shape)
            self.params[f"b{layer}"] = np.zeros(sizes[layer])

    def loss(self, X, y=None):
        p, out, caches, grads = self.params, X, [], {}
        for layer in range(1, self.depth + 1):
            forward = fc_forward
            out, cache = forward(out, p[f"W{layer}"], p[f"b{layer}"])
            caches.append(cache)
        if y is None:
            return out
        loss, dout = softmax_loss(out, y)
        for layer in range(self.depth, 0, -1):
            W, backward = p[f"W{layer}"], fc_backward
            dout, dW, grads[f"b{layer}"] = backward(dout, caches[layer - 1])
            grads[f"W{layer}"] = dW + self.reg * W
            loss += 0.5 * self.reg * np.sum(W**2)
        return loss, grads

# %% grade_id="fully-connected-net" mistake="l2-last-layer-missing" fails=["test-fully-connected-net-2"]
class FullyConnectedNet:

    def __init__(
        self, hidden_dims, input_dim=4320, num_classes=4, reg=0.0, weight_scale=1e-2, seed=None
    ):
        rng = np.random.default_rng(seed)
        sizes = [input_dim, *hidden_dims, num_classes]
        self.reg, self.depth, self.params = reg, len(sizes) - 1, {}
        for layer in range(1, self.depth + 1):
            shape = (sizes[layer - 1], sizes[layer])
            self.params[f"W{layer}"] = weight_scale * rng.standard_normal(shape)
            self.params[f"b{layer}"] = np.zeros(sizes[layer])

    def loss(self, X, y=None):
        p, out, caches, grads = self.params, X, [], {}
        for layer in range(1, self.depth + 1):
            forward = fc_relu_forward if layer < self.depth else fc_forward
            out, cache = forward(out, p[f"W{layer}"], p[f"b{layer}"])
            caches.append(cache)
        if y is None:
            return out
        loss, dout = softmax_loss(out, y)
        for layer in range(self.depth, 0, -1):
            W, backward = p[f"W{layer}"], fc_relu_backward if layer < self.depth else fc_backward
            dout, dW, grads[f"b{layer}"] = backward(dout, caches[layer - 1])
            grads[f"W{layer}"] = dW + self.reg * W
            loss += (layer < self.depth) * 0.5 * self.reg * np.sum(W**2)
        return loss, grads

# %% grade_id="fully-connected-net" mistake="seed-in-every-layer" fails=["test-fully-connected-net-1"]
class FullyConnectedNet:

    def __init__(
        self, hidden_dims, input_dim=4320, num_classes=4, reg=0.0, weight_scale=1e-2, seed=None
    ):
        sizes = [input_dim, *hidden_dims, num_classes]
        self.reg, self.depth, self.params = reg, len(sizes) - 1, {}
        for layer in range(1, self.depth + 1):
            rng = np.random.default_rng(seed)
            shape = (sizes[layer - 1], sizes[layer])
            self.params[f"W{layer}"] = weight_scale * rng.standard_normal(shape)
            self.params[f"b{layer}"] = np.zeros(sizes[layer])

    def loss(self, X, y=None):
        p, out, caches, grads = self.params, X, [], {}
        for layer in range(1, self.depth + 1):
            forward = fc_relu_forward if layer < self.depth else fc_forward
            out, cache = forward(out, p[f"W{layer}"], p[f"b{layer}"])
            caches.append(cache)
        if y is None:
            return out
        loss, dout = softmax_loss(out, y)
        for layer in range(self.depth, 0, -1):
            W, backward = p[f"W{layer}"], fc_relu_backward if layer < self.depth else fc_backward
            dout, dW, grads[f"b{layer}"] = backward(dout, caches[layer - 1])
            grads[f"W{layer}"] = dW + self.reg * W
            loss += 0.5 * self.reg * np.sum(W**2)
        return loss, grads

# %% grade_id="fully-connected-net" mistake="single-precision" fails=["test-fully-connected-net-1", "test-fully-connected-net-2"]
class FullyConnectedNet:

    def __init__(
        self, hidden_dims, input_dim=4320, num_classes=4, reg=0.0, weight_scale=1e-2, seed=None
    ):
        rng = np.random.default_rng(seed)
        sizes = [input_dim, *hidden_dims, num_classes]
        self.reg, self.depth, self.params = reg, len(sizes) - 1, {}
        for layer in range(1, self.depth + 1):
            shape = (sizes[layer - 1], sizes[layer])
            self.params[f"W{layer}"] = np.float32(weight_scale * rng.standard_normal(shape))
            self.params[f"b{layer}"] = np.zeros(sizes[layer], dtype=np.float32)

    def loss(self, X, y=None):
        p, out, caches, grads = self.params, X, [], {}
        for layer in range(1, self.depth + 1):
            forward = fc_relu_forward if layer < self.depth else fc_forward
            out, cache = forward(out, p[f"W{layer}"], p[f"b{layer}"])
            caches.append(cache)
        if y is None:
            return out
        loss, dout = softmax_loss(out, y)
        for layer in range(self.depth, 0, -1):
            W, backward = p[f"W{layer}"], fc_relu_backward if layer < self.depth else fc_backward
            dout, dW, grads[f"b{layer}"] = backward(dout, caches[layer - 1])
            grads[f"W{layer}"] = dW + self.reg * W
            loss += 0.5 * self.reg * np.sum(W**2)
        return loss, grads

# %% grade_id="sgd-momentum" mistake="momentum-wrong-sign" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config=None):
    """Return the parameter after one step of SGD with momentum, and the config for the next step.

    w: parameter. dw: gradient of the loss for w, in its shape.
    config: dict with learning_rate (default 1e-2), momentum (default 0.9) and velocity
    (default zeros in the shape of w); None means all defaults.
    Returns (next_w, config); config["velocity"] is the velocity of this step.
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    velocity = config.get("velocity", np.zeros_like(w))
    velocity = config["momentum"] * velocity - config["learning_rate"] * dw
    config["velocity"] = velocity
    return w - velocity, config

# %% grade_id="sgd-momentum" mistake="velocity-forgotten" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config=None):
    """Return the parameter after one step of SGD with momentum, and the config for the next step.

    w: parameter. dw: gradient of the loss for w, in its shape.
    config: dict with learning_rate (default 1e-2), momentum (default 0.9) and velocity
    (default zeros in the shape of w); None means all defaults.
    Returns (next_w, config); config["velocity"] is the velocity of this step.
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    velocity = np.zeros_like(w)
    velocity = config["momentum"] * velocity - config["learning_rate"] * dw
    config["velocity"] = velocity
    return w + velocity, config

# %% grade_id="sgd-momentum" mistake="rate-outside-the-velocity" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    rate, momentum = config.setdefault("learning_rate", 1e-2), config.setdefault("momentum", 0.9)
    config["velocity"] = momentum * config.get("velocity", np.zeros_like(w)) + dw
    return w - rate * config["velocity"], config

# %% grade_id="sgd-momentum" mistake="velocity-forgotten" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    velocity = config.setdefault("velocity", np.zeros_like(w))
    velocity = config["momentum"] * velocity - config["learning_rate"] * dw
    return w + velocity, config

# %% grade_id="sgd-momentum" mistake="velocity-damped" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    velocity = config.get("velocity", np.zeros_like(w))
    velocity = config["momentum"] * velocity - (1 - config["momentum"]) * config["learning_rate"] * dw
    config["velocity"] = velocity
    return w + velocity, config

# %% grade_id="sgd-momentum" mistake="one-step-late" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    velocity = config.get("velocity", np.zeros_like(w))
    next_w = w + velocity
    velocity = config["momentum"] * velocity - config["learning_rate"] * dw
    config["velocity"] = velocity
    return next_w, config

# %% grade_id="sgd-momentum" mistake="other-defaults" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("momentum", 0.9)
    velocity = config.get("velocity", np.zeros_like(w))
    velocity = config["momentum"] * velocity - config["learning_rate"] * dw
    config["velocity"] = velocity
    return w + velocity, config

# %% grade_id="count-parameters" mistake="biases-forgotten" fails=["test-count-parameters"]
def count_parameters(params):
    return sum(np.size(values) for name, values in params.items() if name.startswith("W"))

# %% grade_id="count-parameters" mistake="rows-counted" fails=["test-count-parameters"]
def count_parameters(params):
    return sum(len(values) for values in params.values())

# %% grade_id="two-layer-net" mistake="weight-spread" fails=["test-two-layer-net-1"]
class TwoLayerNet:
    def __init__(self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-2, reg=0.0):
        self.reg = reg
        self.params = {
            "W1": weight_scale * generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        p = self.params
        hidden, hidden_cache = fc_relu_forward(X, p["W1"], p["b1"])
        scores, scores_cache = fc_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = fc_backward(dscores, scores_cache)
        _, dW1, db1 = fc_relu_backward(dhidden, hidden_cache)
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        grads = {"b1": db1, "b2": db2}
        grads["W1"] = dW1 + self.reg * p["W1"]
        grads["W2"] = dW2 + self.reg * p["W2"]
        return loss, grads

# %% grade_id="two-layer-net" mistake="parameter-shape" fails=["test-two-layer-net-1"]
class TwoLayerNet:
    def __init__(self, input_dim=4320, hidden_dim=100, num_classes=4, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = {
            "W1": weight_scale * generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        p = self.params
        hidden, hidden_cache = fc_relu_forward(X, p["W1"], p["b1"])
        scores, scores_cache = fc_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = fc_backward(dscores, scores_cache)
        _, dW1, db1 = fc_relu_backward(dhidden, hidden_cache)
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        grads = {"b1": db1, "b2": db2}
        grads["W1"] = dW1 + self.reg * p["W1"]
        grads["W2"] = dW2 + self.reg * p["W2"]
        return loss, grads

# %% grade_id="two-layer-net" mistake="other-defaults" fails=["test-two-layer-net-2"]
class TwoLayerNet:
    def __init__(self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=1e-3):
        self.reg = reg
        self.params = {
            "W1": weight_scale * generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        p = self.params
        hidden, hidden_cache = fc_relu_forward(X, p["W1"], p["b1"])
        scores, scores_cache = fc_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = fc_backward(dscores, scores_cache)
        _, dW1, db1 = fc_relu_backward(dhidden, hidden_cache)
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        grads = {"b1": db1, "b2": db2}
        grads["W1"] = dW1 + self.reg * p["W1"]
        grads["W2"] = dW2 + self.reg * p["W2"]
        return loss, grads

# %% grade_id="two-layer-net" mistake="label-zero" fails=["test-two-layer-net-2"]
class TwoLayerNet:
    def __init__(self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = {
            "W1": weight_scale * generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        p = self.params
        hidden, hidden_cache = fc_relu_forward(X, p["W1"], p["b1"])
        scores, scores_cache = fc_forward(hidden, p["W2"], p["b2"])
        if not np.any(y):
            return scores
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = fc_backward(dscores, scores_cache)
        _, dW1, db1 = fc_relu_backward(dhidden, hidden_cache)
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        grads = {"b1": db1, "b2": db2}
        grads["W1"] = dW1 + self.reg * p["W1"]
        grads["W2"] = dW2 + self.reg * p["W2"]
        return loss, grads

# %% grade_id="two-layer-net" mistake="updates-in-loss" fails=["test-two-layer-net-2"]
class TwoLayerNet:
    def __init__(self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = {
            "W1": weight_scale * generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        p = self.params
        hidden, hidden_cache = fc_relu_forward(X, p["W1"], p["b1"])
        scores, scores_cache = fc_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = fc_backward(dscores, scores_cache)
        _, dW1, db1 = fc_relu_backward(dhidden, hidden_cache)
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        grads = {"b1": db1, "b2": db2}
        grads["W1"] = dW1 + self.reg * p["W1"]
        grads["W2"] = dW2 + self.reg * p["W2"]
        for k in p:
            p[k] -= 1e-3 * grads[k]
        return loss, grads

# %% grade_id="fully-connected-net" mistake="fixed-seed" fails=["test-fully-connected-net-1"]
class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim=4320, num_classes=4, reg=0.0, weight_scale=1e-2, seed=None):
        rng = np.random.default_rng(seed or 0)
        sizes = [input_dim, *hidden_dims, num_classes]
        self.reg, self.depth, self.params = reg, len(sizes) - 1, {}
        for layer in range(1, self.depth + 1):
            shape = (sizes[layer - 1], sizes[layer])
            self.params[f"W{layer}"] = weight_scale * rng.standard_normal(shape)
            self.params[f"b{layer}"] = np.zeros(sizes[layer])

    def loss(self, X, y=None):
        p, out, caches, grads = self.params, X, [], {}
        for layer in range(1, self.depth + 1):
            forward = fc_relu_forward if layer < self.depth else fc_forward
            out, cache = forward(out, p[f"W{layer}"], p[f"b{layer}"])
            caches.append(cache)
        if y is None:
            return out
        loss, dout = softmax_loss(out, y)
        for layer in range(self.depth, 0, -1):
            W, backward = p[f"W{layer}"], fc_relu_backward if layer < self.depth else fc_backward
            dout, dW, grads[f"b{layer}"] = backward(dout, caches[layer - 1])
            grads[f"W{layer}"] = dW + self.reg * W
            loss += 0.5 * self.reg * np.sum(W**2)
        return loss, grads

# %% grade_id="fully-connected-net" mistake="other-defaults" fails=["test-fully-connected-net-2"]
class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim=4320, num_classes=4, reg=0.1, weight_scale=1e-2, seed=None):
        rng = np.random.default_rng(seed)
        sizes = [input_dim, *hidden_dims, num_classes]
        self.reg, self.depth, self.params = reg, len(sizes) - 1, {}
        for layer in range(1, self.depth + 1):
            shape = (sizes[layer - 1], sizes[layer])
            self.params[f"W{layer}"] = weight_scale * rng.standard_normal(shape)
            self.params[f"b{layer}"] = np.zeros(sizes[layer])

    def loss(self, X, y=None):
        p, out, caches, grads = self.params, X, [], {}
        for layer in range(1, self.depth + 1):
            forward = fc_relu_forward if layer < self.depth else fc_forward
            out, cache = forward(out, p[f"W{layer}"], p[f"b{layer}"])
            caches.append(cache)
        if y is None:
            return out
        loss, dout = softmax_loss(out, y)
        for layer in range(self.depth, 0, -1):
            W, backward = p[f"W{layer}"], fc_relu_backward if layer < self.depth else fc_backward
            dout, dW, grads[f"b{layer}"] = backward(dout, caches[layer - 1])
            grads[f"W{layer}"] = dW + self.reg * W
            loss += 0.5 * self.reg * np.sum(W**2)
        return loss, grads

# %% grade_id="count-parameters" mistake="two-axes-only" fails=["test-count-parameters"]
def count_parameters(params):
    return sum(params[f'W{i}'].size + params[f'b{i}'].size for i in range(1, len(params) // 2 + 1))

# %% grade_id="sgd-momentum" mistake="other-defaults" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 0.1)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    v = config["momentum"] * v - config["learning_rate"] * dw
    config["velocity"] = v
    return w + v, config

# %% grade_id="sgd-momentum" mistake="shared-default" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config={}):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    v = config["momentum"] * v - config["learning_rate"] * dw
    config["velocity"] = v
    return w + v, config

# %% grade_id="sgd-momentum" mistake="wrong-key" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config=None):
    if config is None:
        config = {"learning_rate": 1e-2, "momentum": 0.9}
    v = config.get("velocity", np.zeros_like(w))
    v = config["momentum"] * v - config["learning_rate"] * dw
    config["velocity"] = v
    return w + v, config

# %% grade_id="fc-forward" mistake="loop-over-outputs" fails=["test-fc-forward", "test-fc-relu-forward"]
def fc_forward(x, w, b):
    rows = x.reshape(len(x), -1)
    return np.stack([rows @ column + shift for column, shift in zip(w.T, b)], axis=1), (x, w, b)

# %% grade_id="fc-backward" mistake="loop-over-inputs" fails=["test-fc-backward", "test-fc-relu-backward"]
def fc_backward(dout, cache):
    x, w, _ = cache
    dw = np.zeros_like(w)
    for at, column in enumerate(x.reshape(len(x), -1).T):
        dw[at] = column @ dout
    return (dout @ w.T).reshape(x.shape), dw, dout.sum(axis=0)

# %% grade_id="relu-forward" mistake="loop-over-inputs" fails=["test-relu-forward", "test-fc-relu-forward"]
def relu_forward(x):
    return np.stack([np.maximum(column, 0) for column in np.moveaxis(x, -1, 0)], axis=-1), x

# %% grade_id="relu-backward" mistake="loop-over-samples" fails=["test-relu-backward", "test-fc-relu-backward"]
def relu_backward(dout, cache):
    return np.vectorize(lambda slope, value: slope if value > 0 else 0.0)(dout, cache)

# %% grade_id="softmax-loss" mistake="loop-over-classes" fails=["test-softmax-loss-1"]
def softmax_loss(x, y):
    shifted = x - x.max(axis=1, keepdims=True)
    total = sum(np.exp(shifted[:, c]) for c in range(x.shape[1]))
    log_p = shifted - np.log(total)[:, None]
    rows = np.arange(len(x))
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].mean(), dx / len(x)

# %% grade_id="fc-forward" mistake="library-does-the-work" fails=["test-fc-forward"]
import torch
def fc_forward(x, w, b):
    rows, weights, biases = (torch.from_numpy(a) for a in (x.reshape(len(x), -1), w.T, b))
    return torch.nn.functional.linear(rows, weights, biases).numpy(), (x, w, b)

# %% grade_id="fc-backward" mistake="library-does-the-work" fails=["test-fc-backward"]
def fc_backward(dout, cache):
    import torch as T
    x, w, b = (T.tensor(a, requires_grad=True) for a in cache)
    (x.flatten(1) @ w + b).backward(T.tensor(dout))
    return x.grad.numpy(), w.grad.numpy(), b.grad.numpy()

# %% grade_id="relu-forward" mistake="library-does-the-work" fails=["test-relu-forward"]
import torch
rectify = torch.relu
def relu_forward(x):
    return rectify(torch.from_numpy(x)).numpy(), x

# %% grade_id="relu-backward" mistake="library-does-the-work" fails=["test-relu-backward"]
import torch
def through_autograd(x, dout):
    leaf = torch.tensor(x, requires_grad=True)
    leaf.relu().backward(torch.tensor(dout))
    return leaf.grad.numpy()
def relu_backward(dout, cache):
    return through_autograd(cache, dout)

# %% grade_id="softmax-loss" mistake="library-does-the-work" fails=["test-softmax-loss-1", "test-softmax-loss-2"]
import torch
from torch.nn.functional import cross_entropy
def softmax_loss(x, y):
    scores = torch.tensor(x, requires_grad=True)
    loss = cross_entropy(scores, torch.tensor(y))
    loss.backward()
    return float(loss.detach()), scores.grad.numpy()

# %% grade_id="softmax-loss" mistake="library-does-the-work" fails=["test-softmax-loss-1", "test-softmax-loss-2"]
def softmax_loss(x, y):
    from scipy.special import log_softmax
    log_p = log_softmax(x, axis=1)
    dx = np.exp(log_p)
    dx[np.arange(len(x)), y] -= 1
    return -log_p[np.arange(len(x)), y].mean(), dx / len(x)

# %% grade_id="fc-relu-forward" mistake="library-does-the-work" fails=["test-fc-relu-forward"]
import torch
def fc_relu_forward(x, w, b):
    a, fc_cache = fc_forward(x, w, b)
    return torch.nn.ReLU()(torch.from_numpy(a)).numpy(), (fc_cache, relu_forward(a)[1])

# %% grade_id="fc-relu-backward" mistake="library-does-the-work" fails=["test-fc-relu-backward"]
import torch
def fc_relu_backward(dout, cache):
    fc_cache, relu_cache = cache
    return fc_backward(torch.tensor(relu_backward(dout, relu_cache)).numpy(), fc_cache)

# %% grade_id="two-layer-net" mistake="library-does-the-work" fails=["test-two-layer-net-1", "test-two-layer-net-2"]
import torch
class TwoLayerNet:
    def __init__(self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = {
            "W1": weight_scale * generator.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * generator.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        p = {name: torch.tensor(w, requires_grad=True) for name, w in self.params.items()}
        hidden = torch.relu(torch.tensor(X).flatten(1) @ p["W1"] + p["b1"])
        scores = hidden @ p["W2"] + p["b2"]
        if y is None:
            return scores.detach().numpy()
        loss = torch.nn.functional.cross_entropy(scores, torch.tensor(y))
        loss = loss + 0.5 * self.reg * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())
        loss.backward()
        return loss.item(), {name: w.grad.numpy() for name, w in p.items()}

# %% grade_id="fully-connected-net" mistake="library-does-the-work" fails=["test-fully-connected-net-1", "test-fully-connected-net-2"]
import torch
class FullyConnectedNet:
    def __init__(
        self, hidden_dims, input_dim=4320, num_classes=4, reg=0.0, weight_scale=1e-2, seed=None
    ):
        rng = np.random.default_rng(seed)
        sizes = [input_dim, *hidden_dims, num_classes]
        self.reg, self.depth, self.params = reg, len(sizes) - 1, {}
        for layer in range(1, self.depth + 1):
            shape = (sizes[layer - 1], sizes[layer])
            self.params[f"W{layer}"] = weight_scale * rng.standard_normal(shape)
            self.params[f"b{layer}"] = np.zeros(sizes[layer])

    def loss(self, X, y=None):
        p, out = {name: torch.tensor(w, requires_grad=True) for name, w in self.params.items()}, torch.tensor(X).flatten(1)
        for layer in range(1, self.depth + 1):
            out = out @ p[f"W{layer}"] + p[f"b{layer}"]
            out = torch.relu(out) if layer < self.depth else out
        if y is None:
            return out.detach().numpy()
        loss = torch.nn.functional.cross_entropy(out, torch.tensor(y))
        loss = loss + 0.5 * self.reg * sum((p[f"W{layer}"] ** 2).sum() for layer in range(1, self.depth + 1))
        loss.backward()
        return loss.item(), {name: w.grad.numpy() for name, w in p.items()}

# %% grade_id="sgd-momentum" mistake="library-does-the-work" fails=["test-sgd-momentum"]
import torch
def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    rate, mu = config.setdefault("learning_rate", 1e-2), config.setdefault("momentum", 0.9)
    point = torch.tensor(w, requires_grad=True)
    optimizer = torch.optim.SGD([point], lr=rate, momentum=mu)
    if "velocity" in config:
        optimizer.state[point]["momentum_buffer"] = torch.tensor(-config["velocity"] / rate)
    point.grad = torch.tensor(dw)
    optimizer.step()
    next_w = point.detach().numpy().copy()
    config["velocity"] = next_w - w
    return next_w, config

# %% grade_id="count-parameters" mistake="library-does-the-work" fails=["test-count-parameters"]
import torch
def count_parameters(params):
    return sum(torch.numel(torch.as_tensor(values)) for values in params.values())
