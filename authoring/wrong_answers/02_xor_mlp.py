# %% grade_id="line-accuracy" mistake="boundary-counted" fails=["test-line-accuracy"]
def line_accuracy(X, y, weights, bias):
    return np.mean((X @ weights + bias >= 0) == (np.ravel(y) > 0.5))

# %% grade_id="line-accuracy" mistake="broadcast-targets" fails=["test-line-accuracy", "test-best-line-accuracy"]
def line_accuracy(X, y, weights, bias):
    return np.mean((X @ weights + bias > 0) == y)

# %% grade_id="line-accuracy" mistake="broadcast-targets" fails=["test-line-accuracy", "test-best-line-accuracy"]
def line_accuracy(X, y, weights, bias):
    return np.mean((X @ weights[:, None] + bias > 0) == y)

# %% grade_id="line-accuracy" mistake="bias-sign" fails=["test-line-accuracy", "test-best-line-accuracy"]
def line_accuracy(X, y, weights, bias):
    return np.mean((X @ weights > bias) == (np.ravel(y) > 0.5))

# %% grade_id="line-accuracy" mistake="bias-ignored" fails=["test-line-accuracy", "test-best-line-accuracy"]
def line_accuracy(X, y, weights, bias):
    return np.mean((X @ weights > 0) == (np.ravel(y) > 0.5))

# %% grade_id="line-accuracy" mistake="coordinates-exchanged" fails=["test-line-accuracy", "test-best-line-accuracy"]
def line_accuracy(X, y, weights, bias):
    return np.mean((X[:, 0] * weights[1] + X[:, 1] * weights[0] + bias > 0) == (np.ravel(y) > 0.5))

# %% grade_id="line-accuracy" mistake="labels-ignored" fails=["test-line-accuracy", "test-best-line-accuracy"]
def line_accuracy(X, y, weights, bias):
    return np.mean(X @ weights + bias > 0)

# %% grade_id="line-accuracy" mistake="percent" fails=["test-line-accuracy", "test-best-line-accuracy"]
def line_accuracy(X, y, weights, bias):
    return 100 * np.mean((X @ weights + bias > 0) == (np.ravel(y) > 0.5))

# %% grade_id="line-accuracy" mistake="count-not-fraction" fails=["test-line-accuracy", "test-best-line-accuracy"]
def line_accuracy(X, y, weights, bias):
    return np.sum((X @ weights + bias > 0) == (np.ravel(y) > 0.5))

# %% grade_id="line-accuracy" mistake="error-not-accuracy" fails=["test-line-accuracy"]
def line_accuracy(X, y, weights, bias):
    return np.mean((X @ weights + bias > 0) != (np.ravel(y) > 0.5))

# %% grade_id="line-accuracy" mistake="error-not-accuracy" fails=["test-line-accuracy"]
def line_accuracy(X, y, weights, bias):
    return np.mean((X @ weights + bias < 0) == (np.ravel(y) > 0.5))

# %% grade_id="line-accuracy" mistake="either-side" fails=["test-line-accuracy"]
def line_accuracy(X, y, weights, bias):
    share = np.mean((X @ weights + bias > 0) == (np.ravel(y) > 0.5))
    return max(share, 1 - share)

# %% grade_id="line-accuracy" mistake="library-does-the-work" fails=["test-line-accuracy"]
def line_accuracy(X, y, weights, bias):
    from scipy.spatial.distance import hamming

    return 1 - hamming(np.ravel(y) > 0.5, X @ weights + bias > 0)

# %% grade_id="best-line-accuracy" mistake="line-through-origin" fails=["test-best-line-accuracy"]
def best_line_accuracy(X, y):
    labels, best = np.reshape(y, (-1, 1)), 0.0
    for angle in np.linspace(0, np.pi, 180, endpoint=False):
        along = X @ np.array([np.cos(angle), np.sin(angle)])
        above = along[:, None] > np.zeros(1)
        share = np.mean(above == labels, axis=0)
        best = max(best, share.max(), 1 - share.min())
    return best

# %% grade_id="best-line-accuracy" mistake="axis-parallel-lines-only" fails=["test-best-line-accuracy"]
def best_line_accuracy(X, y):
    labels, best = np.reshape(y, (-1, 1)), 0.0
    for angle in (0, np.pi / 2):
        along = X @ np.array([np.cos(angle), np.sin(angle)])
        above = along[:, None] > np.quantile(along, np.linspace(0, 1, 101))
        share = np.mean(above == labels, axis=0)
        best = max(best, share.max(), 1 - share.min())
    return best

# %% grade_id="best-line-accuracy" mistake="one-side-only" fails=["test-best-line-accuracy"]
def best_line_accuracy(X, y):
    labels, best = np.reshape(y, (-1, 1)), 0.0
    for angle in np.linspace(0, np.pi, 180, endpoint=False):
        along = X @ np.array([np.cos(angle), np.sin(angle)])
        above = along[:, None] > np.quantile(along, np.linspace(0, 1, 101))
        share = np.mean(above == labels, axis=0)
        best = max(best, share.max())
    return best

# %% grade_id="best-line-accuracy" mistake="percent" fails=["test-best-line-accuracy"]
def best_line_accuracy(X, y):
    labels, best = np.reshape(y, (-1, 1)), 0.0
    for angle in np.linspace(0, np.pi, 180, endpoint=False):
        along = X @ np.array([np.cos(angle), np.sin(angle)])
        above = along[:, None] > np.quantile(along, np.linspace(0, 1, 101))
        share = np.mean(above == labels, axis=0)
        best = max(best, share.max(), 1 - share.min())
    return best * 100

# %% grade_id="best-line-accuracy" mistake="fitted-line" fails=["test-best-line-accuracy"]
def best_line_accuracy(X, y):
    labels = np.reshape(y, -1)
    columns = np.column_stack([X, np.ones(len(X))])
    weights = np.linalg.lstsq(columns, labels, rcond=None)[0]
    return np.mean((columns @ weights > 0.5) == (labels > 0.5))

# %% grade_id="best-line-accuracy" mistake="broadcast-targets" fails=["test-best-line-accuracy"]
def best_line_accuracy(X, y):
    labels, best = y, 0.0
    for angle in np.linspace(0, np.pi, 180, endpoint=False):
        along = X @ np.array([np.cos(angle), np.sin(angle)])
        above = along[:, None] > np.quantile(along, np.linspace(0, 1, 101))
        share = np.mean(above == labels, axis=0)
        best = max(best, share.max(), 1 - share.min())
    return best

# %% grade_id="mlp" mistake="rng-ignored" fails=["test-mlp-1"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = np.random.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="uniform-weights" fails=["test-mlp-1"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.random((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.random((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="bias-not-added" fails=["test-mlp-1", "test-mlp-2", "test-mlp-3", "test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="activation-ignored" fails=["test-mlp-1", "test-mlp-2", "test-mlp-3", "test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS["tanh"]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="output-activation-ignored" fails=["test-mlp-1", "test-mlp-2", "test-mlp-3", "test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS["sigmoid"]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="half-the-square" fails=["test-mlp-2"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return 0.5 * np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="broadcast-targets" fails=["test-mlp-2", "test-mlp-3"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - targets) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - targets) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="error-instead-of-delta" fails=["test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = error @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="output-derivative-missing" fails=["test-mlp-3", "test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="hidden-derivative-missing" fails=["test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="derivative-at-the-output" fails=["test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.a1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="output-formula-at-pre-activation" fails=["test-mlp-3", "test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.z2 * (1 - self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="missing-factor-two" fails=["test-mlp-3", "test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="summed-not-averaged" fails=["test-mlp-3", "test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape))
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="averaged-over-rows-only" fails=["test-mlp-3", "test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / len(outputs)
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="missing-bias-gradient" fails=["test-mlp-3", "test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "weights_hidden_output": self.a1.T @ d2,
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="bias-gradient-averaged" fails=["test-mlp-3", "test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.mean(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.mean(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="bias-gradient-per-sample" fails=["test-mlp-3", "test-mlp-4"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1,
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2,
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - learning_rate * gradients[name])

# %% grade_id="mlp" mistake="uphill" fails=["test-mlp-5"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) + learning_rate * gradients[name])

# %% grade_id="mlp" mistake="learning-rate-ignored" fails=["test-mlp-5"]
class MLP:
    def __init__(self, n_in, n_hidden, n_out, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.df = ACTIVATIONS[activation]
        self.g, self.dg = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((n_in, n_hidden))
        self.bias_hidden = np.zeros((1, n_hidden))
        self.weights_hidden_output = rng.standard_normal((n_hidden, n_out))
        self.bias_output = np.zeros((1, n_out))

    def forward(self, inputs):
        self.z1 = inputs @ self.weights_input_hidden + self.bias_hidden
        self.a1 = self.f(self.z1)
        self.z2 = self.a1 @ self.weights_hidden_output + self.bias_output
        return self.g(self.z2)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        outputs = self.forward(inputs)
        error = 2 * (outputs - np.reshape(targets, outputs.shape)) / outputs.size
        d2 = error * self.dg(self.z2)
        d1 = d2 @ self.weights_hidden_output.T * self.df(self.z1)
        return {
            "weights_input_hidden": inputs.T @ d1,
            "bias_hidden": d1.sum(axis=0, keepdims=True),
            "weights_hidden_output": self.a1.T @ d2,
            "bias_output": d2.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name in gradients:
            setattr(self, name, getattr(self, name) - gradients[name])

# %% grade_id="accuracy" mistake="broadcast-targets" fails=["test-accuracy"]
def accuracy(model, X, y, threshold=0.5):
    return np.mean((model.forward(X) > threshold) == y)

# %% grade_id="accuracy" mistake="threshold-ignored" fails=["test-accuracy"]
def accuracy(model, X, y, threshold=0.5):
    return np.mean(np.round(model.forward(X)).ravel() == np.ravel(y))

# %% grade_id="accuracy" mistake="no-threshold" fails=["test-accuracy"]
def accuracy(model, X, y, threshold=0.5):
    return np.mean(model.forward(X).ravel() == np.ravel(y))

# %% grade_id="accuracy" mistake="percent" fails=["test-accuracy"]
def accuracy(model, X, y, threshold=0.5):
    return 100 * np.mean((model.forward(X).ravel() > threshold) == np.ravel(y))

# %% grade_id="accuracy" mistake="error-not-accuracy" fails=["test-accuracy"]
def accuracy(model, X, y, threshold=0.5):
    return np.mean((model.forward(X).ravel() > threshold) != np.ravel(y))

# %% grade_id="train" mistake="loss-after-update" fails=["test-train"]
def train(model, X, y, epochs, learning_rate):
    losses = []
    for _ in range(epochs):
        model.update(model.gradients(X, y), learning_rate)
        losses.append(model.loss(X, y))
    return losses

# %% grade_id="train" mistake="model-not-trained" fails=["test-train"]
def train(model, X, y, epochs, learning_rate):
    losses = []
    for _ in range(epochs):
        losses.append(model.loss(X, y))
        model.gradients(X, y)
    return losses

# %% grade_id="train" mistake="stale-gradients" fails=["test-train"]
def train(model, X, y, epochs, learning_rate):
    losses = []
    gradients = model.gradients(X, y)
    for _ in range(epochs):
        losses.append(model.loss(X, y))
        model.update(gradients, learning_rate)
    return losses

# %% grade_id="train" mistake="two-updates" fails=["test-train"]
def train(model, X, y, epochs, learning_rate):
    losses = []
    for _ in range(epochs):
        losses.append(model.loss(X, y))
        gradients = model.gradients(X, y)
        model.update(gradients, learning_rate)
        model.update(gradients, learning_rate)
    return losses

# %% grade_id="train" mistake="history-length" fails=["test-train"]
def train(model, X, y, epochs, learning_rate):
    losses = []
    for epoch in range(epochs):
        if epoch % 10 == 0:
            losses.append(model.loss(X, y))
        model.update(model.gradients(X, y), learning_rate)
    return losses

# %% grade_id="best-line-accuracy" mistake="too-few-lines" fails=["test-best-line-accuracy"]
def best_line_accuracy(X, y):
    t = np.reshape(y, -1)
    best = 0
    for a in np.linspace(0, np.pi, 5):
        along = X @ np.array([np.cos(a), np.sin(a)])
        for c in along:
            best = max(best, np.mean((along > c) == t), np.mean((along <= c) == t))
    return best

# %% grade_id="mlp" mistake="rng-ignored" fails=["test-mlp-1"]
class MLP:
    def __init__(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = np.random.default_rng(0).standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        z_hidden = inputs @ self.weights_input_hidden + self.bias_hidden
        hidden = self.f(z_hidden)
        z_output = hidden @ self.weights_hidden_output + self.bias_output
        error = self.g(z_output) - np.reshape(targets, z_output.shape)
        delta_output = 2 / error.size * error * self.g_derivative(z_output)
        delta_hidden = delta_output @ self.weights_hidden_output.T * self.f_derivative(z_hidden)
        return {
            "weights_input_hidden": inputs.T @ delta_hidden,
            "bias_hidden": delta_hidden.sum(axis=0, keepdims=True),
            "weights_hidden_output": hidden.T @ delta_output,
            "bias_output": delta_output.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - learning_rate * gradient)

# %% grade_id="mlp" mistake="fixed-seed" fails=["test-mlp-1"]
class MLP:
    def __init__(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng(0) if rng is None else rng
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = rng.standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        z_hidden = inputs @ self.weights_input_hidden + self.bias_hidden
        hidden = self.f(z_hidden)
        z_output = hidden @ self.weights_hidden_output + self.bias_output
        error = self.g(z_output) - np.reshape(targets, z_output.shape)
        delta_output = 2 / error.size * error * self.g_derivative(z_output)
        delta_hidden = delta_output @ self.weights_hidden_output.T * self.f_derivative(z_hidden)
        return {
            "weights_input_hidden": inputs.T @ delta_hidden,
            "bias_hidden": delta_hidden.sum(axis=0, keepdims=True),
            "weights_hidden_output": hidden.T @ delta_output,
            "bias_output": delta_output.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - learning_rate * gradient)

# %% grade_id="mlp" mistake="broadcast-targets" fails=["test-mlp-2"]
class MLP:
    def __init__(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = rng.standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - targets) ** 2)

    def gradients(self, inputs, targets):
        z_hidden = inputs @ self.weights_input_hidden + self.bias_hidden
        hidden = self.f(z_hidden)
        z_output = hidden @ self.weights_hidden_output + self.bias_output
        error = self.g(z_output) - np.reshape(targets, z_output.shape)
        delta_output = 2 / error.size * error * self.g_derivative(z_output)
        delta_hidden = delta_output @ self.weights_hidden_output.T * self.f_derivative(z_hidden)
        return {
            "weights_input_hidden": inputs.T @ delta_hidden,
            "bias_hidden": delta_hidden.sum(axis=0, keepdims=True),
            "weights_hidden_output": hidden.T @ delta_output,
            "bias_output": delta_output.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - learning_rate * gradient)

# %% grade_id="mlp" mistake="updates-in-gradients" fails=["test-mlp-3"]
class MLP:
    def __init__(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = rng.standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        z_hidden = inputs @ self.weights_input_hidden + self.bias_hidden
        hidden = self.f(z_hidden)
        z_output = hidden @ self.weights_hidden_output + self.bias_output
        error = self.g(z_output) - np.reshape(targets, z_output.shape)
        delta_output = 2 / error.size * error * self.g_derivative(z_output)
        delta_hidden = delta_output @ self.weights_hidden_output.T * self.f_derivative(z_hidden)
        self.bias_output = self.bias_output - 0.1 * delta_output.sum(axis=0, keepdims=True)
        return {
            "weights_input_hidden": inputs.T @ delta_hidden,
            "bias_hidden": delta_hidden.sum(axis=0, keepdims=True),
            "weights_hidden_output": hidden.T @ delta_output,
            "bias_output": delta_output.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - learning_rate * gradient)

# %% grade_id="mlp" mistake="no-init" fails=["test-mlp-1", "test-mlp-2", "test-mlp-3", "test-mlp-4", "test-mlp-5", "test-accuracy", "test-train"]
class MLP:
    def __init_(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = rng.standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        z_hidden = inputs @ self.weights_input_hidden + self.bias_hidden
        hidden = self.f(z_hidden)
        z_output = hidden @ self.weights_hidden_output + self.bias_output
        error = self.g(z_output) - np.reshape(targets, z_output.shape)
        delta_output = 2 / error.size * error * self.g_derivative(z_output)
        delta_hidden = delta_output @ self.weights_hidden_output.T * self.f_derivative(z_hidden)
        return {
            "weights_input_hidden": inputs.T @ delta_hidden,
            "bias_hidden": delta_hidden.sum(axis=0, keepdims=True),
            "weights_hidden_output": hidden.T @ delta_output,
            "bias_output": delta_output.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - learning_rate * gradient)

# %% grade_id="mlp" mistake="another-rate" fails=["test-mlp-5"]
class MLP:
    def __init__(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = rng.standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        z_hidden = inputs @ self.weights_input_hidden + self.bias_hidden
        hidden = self.f(z_hidden)
        z_output = hidden @ self.weights_hidden_output + self.bias_output
        error = self.g(z_output) - np.reshape(targets, z_output.shape)
        delta_output = 2 / error.size * error * self.g_derivative(z_output)
        delta_hidden = delta_output @ self.weights_hidden_output.T * self.f_derivative(z_hidden)
        return {
            "weights_input_hidden": inputs.T @ delta_hidden,
            "bias_hidden": delta_hidden.sum(axis=0, keepdims=True),
            "weights_hidden_output": hidden.T @ delta_output,
            "bias_output": delta_output.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - 0.1 * gradient)

# %% grade_id="accuracy" mistake="boundary-counted" fails=["test-accuracy"]
def accuracy(model, X, y, threshold=0.5):
    predicted = model.forward(X).reshape(-1) >= threshold
    return np.mean(predicted == (np.reshape(y, -1) > 0.5))

# %% grade_id="train" mistake="epochs-differ" fails=["test-train"]
def train(model, X, y, epochs, learning_rate):
    losses = []
    for _ in range(epochs):
        losses.append(model.loss(X, y))
        model.update(model.gradients(X, y), learning_rate)
        learning_rate *= 0.9
    return losses

# %% grade_id="train" mistake="history-length" fails=["test-train"]
def train(model, X, y, epochs, learning_rate):
    losses = []
    for _ in range(epochs):
        losses.append(model.loss(X, y))
        if losses[-1] < 0.2: break
        model.update(model.gradients(X, y), learning_rate)
    return losses

# %% grade_id="train" mistake="another-rate" fails=["test-train"]
def train(model, X, y, epochs, learning_rate):
    losses = []
    for _ in range(epochs):
        losses.append(model.loss(X, y))
        model.update(model.gradients(X, y), learning_rate / len(X))
    return losses

# %% grade_id="mlp" mistake="library-does-the-work" fails=["test-mlp-3", "test-mlp-4"]
import torch

class MLP:
    def __init__(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.kinds = activation, output_activation
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = rng.standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        names = "weights_input_hidden", "bias_hidden", "weights_hidden_output", "bias_output"
        W, b, V, c = parameters = [torch.tensor(getattr(self, name), requires_grad=True) for name in names]
        f, g = (getattr(torch, kind) for kind in self.kinds)
        outputs = g(f(torch.tensor(inputs) @ W + b) @ V + c)
        loss = torch.mean((outputs - torch.tensor(targets, dtype=torch.float64).reshape(outputs.shape)) ** 2)
        return dict(zip(names, (slope.numpy() for slope in torch.autograd.grad(loss, parameters))))

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - learning_rate * gradient)

# %% grade_id="mlp" mistake="difference-quotient" fails=["test-mlp-3", "test-mlp-4"]
class MLP:
    def __init__(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.kinds = activation, output_activation
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = rng.standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        found = {}
        for name in ("weights_input_hidden", "bias_hidden", "weights_hidden_output", "bias_output"):
            values, slopes = getattr(self, name), np.zeros_like(getattr(self, name))
            for index in np.ndindex(values.shape):
                kept = values[index]
                values[index] = kept + 1e-5
                above = self.loss(inputs, targets)
                values[index] = kept - 1e-5
                slopes[index] = (above - self.loss(inputs, targets)) / 2e-5
                values[index] = kept
            found[name] = slopes
        return found

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - learning_rate * gradient)

# %% grade_id="mlp" mistake="library-does-the-work" fails=["test-mlp-3", "test-mlp-4"]
class MLP:
    def __init__(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.kinds = activation, output_activation
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = rng.standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        def loss_with(name, values):
            kept = getattr(self, name)
            setattr(self, name, values)
            loss = self.loss(inputs, targets)
            setattr(self, name, kept)
            return loss

        names = "weights_input_hidden", "bias_hidden", "weights_hidden_output", "bias_output"
        return {
            name: gradcheck.numerical_gradient(lambda values: loss_with(name, values), getattr(self, name))
            for name in names
        }

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - learning_rate * gradient)

# %% grade_id="accuracy" mistake="library-does-the-work" fails=["test-accuracy"]
from sklearn.metrics import accuracy_score

def accuracy(model, X, y, threshold=0.5):
    return accuracy_score(np.ravel(y) > 0.5, np.ravel(model.forward(X)) > threshold)

# %% grade_id="accuracy" mistake="threshold-ignored" fails=["test-accuracy"]
def accuracy(model, X, y, threshold=0.5):
    return np.mean((np.ravel(model.forward(X)) > 0.5) == (np.ravel(y) > 0.5))

# %% grade_id="train" mistake="library-does-the-work" fails=["test-train"]
import torch

def train(model, X, y, epochs, learning_rate):
    losses = []
    for _ in range(epochs):
        losses.append(torch.tensor(model.loss(X, y)).item())
        model.update(model.gradients(X, y), learning_rate)
    return losses

# %% grade_id="best-line-accuracy" mistake="library-does-the-work" fails=["test-best-line-accuracy"]
def best_line_accuracy(X, y):
    from scipy.spatial.distance import cdist

    labels = np.reshape(y, (-1, 1))
    angles = np.linspace(0, np.pi, 360, endpoint=False)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    best = 0.0
    for along in -cdist(directions, X, "cosine") * np.linalg.norm(X, axis=1) + np.linalg.norm(X, axis=1):
        above = along[:, None] > np.append(along, -np.inf)
        share = np.mean(above == labels, axis=0)
        best = max(best, share.max(), 1 - share.min())
    return best

# %% grade_id="best-line-accuracy" mistake="not-a-line" fails=["test-best-line-accuracy"]
def best_line_accuracy(X, y):
    labels = np.ravel(y) > 0.5
    return max(labels.mean(), 1 - labels.mean(), np.mean(np.ravel(X[:, 0] * X[:, 1] > 0) != labels), 1.0)

# %% grade_id="mlp" mistake="library-does-the-work" fails=["test-mlp-2"]
import torch

class MLP:
    def __init__(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.kinds = activation, output_activation
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = rng.standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        targets = torch.tensor(targets, dtype=torch.float64).reshape(outputs.shape)
        return torch.nn.functional.mse_loss(torch.tensor(outputs), targets).item()

    def gradients(self, inputs, targets):
        z_hidden = inputs @ self.weights_input_hidden + self.bias_hidden
        hidden = self.f(z_hidden)
        z_output = hidden @ self.weights_hidden_output + self.bias_output
        error = self.g(z_output) - np.reshape(targets, z_output.shape)
        delta_output = 2 / error.size * error * self.g_derivative(z_output)
        delta_hidden = delta_output @ self.weights_hidden_output.T * self.f_derivative(z_hidden)
        return {
            "weights_input_hidden": inputs.T @ delta_hidden,
            "bias_hidden": delta_hidden.sum(axis=0, keepdims=True),
            "weights_hidden_output": hidden.T @ delta_output,
            "bias_output": delta_output.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - learning_rate * gradient)

# %% grade_id="accuracy" mistake="other-default" fails=["test-accuracy"]
def accuracy(model, X, y, threshold=0.1):
    return np.mean((np.ravel(model.forward(X)) > threshold) == (np.ravel(y) > 0.5))

# %% grade_id="mlp" mistake="missing-gradient" fails=["test-mlp-4"]
class MLP:
    def __init__(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = rng.standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        z_hidden = inputs @ self.weights_input_hidden + self.bias_hidden
        hidden = self.f(z_hidden)
        z_output = hidden @ self.weights_hidden_output + self.bias_output
        error = self.g(z_output) - np.reshape(targets, z_output.shape)
        delta_output = 2 / error.size * error * self.g_derivative(z_output)
        return {
            "weights_hidden_output": hidden.T @ delta_output,
            "bias_output": delta_output.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - learning_rate * gradient)

# %% grade_id="mlp" mistake="difference-quotient" fails=["test-mlp-4"]
class MLP:
    def __init__(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = rng.standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        z_hidden = inputs @ self.weights_input_hidden + self.bias_hidden
        hidden = self.f(z_hidden)
        z_output = hidden @ self.weights_hidden_output + self.bias_output
        error = self.g(z_output) - np.reshape(targets, z_output.shape)
        delta_output = 2 / error.size * error * self.g_derivative(z_output)
        found = {
            "weights_hidden_output": hidden.T @ delta_output,
            "bias_output": delta_output.sum(axis=0, keepdims=True),
        }
        for name in ("weights_input_hidden", "bias_hidden"):
            values, slopes = getattr(self, name), np.zeros_like(getattr(self, name))
            for index in np.ndindex(values.shape):
                kept = values[index]
                values[index] = kept + 1e-5
                above = self.loss(inputs, targets)
                values[index] = kept - 1e-5
                slopes[index] = (above - self.loss(inputs, targets)) / 2e-5
                values[index] = kept
            found[name] = slopes
        return found

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - learning_rate * gradient)

# %% grade_id="mlp" mistake="updates-in-gradients" fails=["test-mlp-4"]
class MLP:
    def __init__(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = rng.standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        z_hidden = inputs @ self.weights_input_hidden + self.bias_hidden
        hidden = self.f(z_hidden)
        z_output = hidden @ self.weights_hidden_output + self.bias_output
        error = self.g(z_output) - np.reshape(targets, z_output.shape)
        delta_output = 2 / error.size * error * self.g_derivative(z_output)
        delta_hidden = delta_output @ self.weights_hidden_output.T * self.f_derivative(z_hidden)
        weights = inputs.T @ delta_hidden
        self.weights_input_hidden = self.weights_input_hidden - 0.1 * weights
        return {
            "weights_input_hidden": weights,
            "bias_hidden": delta_hidden.sum(axis=0, keepdims=True),
            "weights_hidden_output": hidden.T @ delta_output,
            "bias_output": delta_output.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - learning_rate * gradient)

# %% grade_id="mlp" mistake="broadcast-targets" fails=["test-mlp-4"]
class MLP:
    def __init__(self, input_size, hidden_size, output_size, activation="tanh", output_activation="sigmoid", rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.f, self.f_derivative = ACTIVATIONS[activation]
        self.g, self.g_derivative = ACTIVATIONS[output_activation]
        self.weights_input_hidden = rng.standard_normal((input_size, hidden_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.weights_hidden_output = rng.standard_normal((hidden_size, output_size))
        self.bias_output = np.zeros((1, output_size))

    def forward(self, inputs):
        hidden = self.f(inputs @ self.weights_input_hidden + self.bias_hidden)
        return self.g(hidden @ self.weights_hidden_output + self.bias_output)

    def loss(self, inputs, targets):
        outputs = self.forward(inputs)
        return np.mean((outputs - np.reshape(targets, outputs.shape)) ** 2)

    def gradients(self, inputs, targets):
        z_hidden = inputs @ self.weights_input_hidden + self.bias_hidden
        hidden = self.f(z_hidden)
        z_output = hidden @ self.weights_hidden_output + self.bias_output
        error = self.g(z_output) - np.reshape(targets, z_output.shape)
        delta_output = 2 / error.size * error * self.g_derivative(z_output)
        error = self.g(z_output) - targets
        sent_back = 2 / z_output.size * error * self.g_derivative(z_output)
        delta_hidden = np.einsum("nk,hk->nh", sent_back, self.weights_hidden_output) * self.f_derivative(z_hidden)
        return {
            "weights_input_hidden": inputs.T @ delta_hidden,
            "bias_hidden": delta_hidden.sum(axis=0, keepdims=True),
            "weights_hidden_output": hidden.T @ delta_output,
            "bias_output": delta_output.sum(axis=0, keepdims=True),
        }

    def update(self, gradients, learning_rate):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - learning_rate * gradient)
