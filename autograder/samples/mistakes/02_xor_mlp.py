# %% best-line-accuracy | line-through-origin | test-best-line-accuracy
def best_line_accuracy(X, y):
    labels, best = np.reshape(y, (-1, 1)), 0.0
    for angle in np.linspace(0, np.pi, 180, endpoint=False):
        along = X @ np.array([np.cos(angle), np.sin(angle)])
        above = along[:, None] > np.zeros(1)
        share = np.mean(above == labels, axis=0)
        best = max(best, share.max(), 1 - share.min())
    return best


# %% best-line-accuracy | axis-parallel-lines-only | test-best-line-accuracy
def best_line_accuracy(X, y):
    labels, best = np.reshape(y, (-1, 1)), 0.0
    for angle in (0, np.pi / 2):
        along = X @ np.array([np.cos(angle), np.sin(angle)])
        above = along[:, None] > np.quantile(along, np.linspace(0, 1, 101))
        share = np.mean(above == labels, axis=0)
        best = max(best, share.max(), 1 - share.min())
    return best


# %% best-line-accuracy | one-side-only | test-best-line-accuracy
def best_line_accuracy(X, y):
    labels, best = np.reshape(y, (-1, 1)), 0.0
    for angle in np.linspace(0, np.pi, 180, endpoint=False):
        along = X @ np.array([np.cos(angle), np.sin(angle)])
        above = along[:, None] > np.quantile(along, np.linspace(0, 1, 101))
        share = np.mean(above == labels, axis=0)
        best = max(best, share.max())
    return best


# %% best-line-accuracy | percent | test-best-line-accuracy
def best_line_accuracy(X, y):
    labels, best = np.reshape(y, (-1, 1)), 0.0
    for angle in np.linspace(0, np.pi, 180, endpoint=False):
        along = X @ np.array([np.cos(angle), np.sin(angle)])
        above = along[:, None] > np.quantile(along, np.linspace(0, 1, 101))
        share = np.mean(above == labels, axis=0)
        best = max(best, share.max(), 1 - share.min())
    return best * 100


# %% best-line-accuracy | fitted-line | test-best-line-accuracy
def best_line_accuracy(X, y):
    labels = np.reshape(y, -1)
    columns = np.column_stack([X, np.ones(len(X))])
    weights = np.linalg.lstsq(columns, labels, rcond=None)[0]
    return np.mean((columns @ weights > 0.5) == (labels > 0.5))


# %% best-line-accuracy | broadcast-targets | test-best-line-accuracy
def best_line_accuracy(X, y):
    labels, best = y, 0.0
    for angle in np.linspace(0, np.pi, 180, endpoint=False):
        along = X @ np.array([np.cos(angle), np.sin(angle)])
        above = along[:, None] > np.quantile(along, np.linspace(0, 1, 101))
        share = np.mean(above == labels, axis=0)
        best = max(best, share.max(), 1 - share.min())
    return best


# %% mlp | rng-ignored | test-mlp-1
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


# %% mlp | uniform-weights | test-mlp-1
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


# %% mlp | bias-not-added | test-mlp-1, test-mlp-2
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


# %% mlp | activation-ignored | test-mlp-1, test-mlp-2
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


# %% mlp | output-activation-ignored | test-mlp-1, test-mlp-2
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


# %% mlp | half-the-square | test-mlp-1
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


# %% mlp | broadcast-targets | test-mlp-1, test-mlp-2
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


# %% mlp | error-instead-of-delta | test-mlp-2
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


# %% mlp | output-derivative-missing | test-mlp-2
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


# %% mlp | hidden-derivative-missing | test-mlp-2
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


# %% mlp | derivative-at-the-output | test-mlp-2
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


# %% mlp | output-formula-at-pre-activation | test-mlp-2
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


# %% mlp | missing-factor-two | test-mlp-2
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


# %% mlp | summed-not-averaged | test-mlp-2
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


# %% mlp | averaged-over-rows-only | test-mlp-2
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


# %% mlp | missing-bias-gradient | test-mlp-2
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


# %% mlp | bias-gradient-averaged | test-mlp-2
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


# %% mlp | bias-gradient-per-sample | test-mlp-2
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


# %% mlp | uphill | test-mlp-3, test-train
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


# %% mlp | learning-rate-ignored | test-mlp-3, test-train
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


# %% accuracy | broadcast-targets | test-accuracy
def accuracy(model, X, y, threshold=0.5):
    return np.mean((model.forward(X) > threshold) == y)


# %% accuracy | threshold-ignored | test-accuracy
def accuracy(model, X, y, threshold=0.5):
    return np.mean(np.round(model.forward(X)).ravel() == np.ravel(y))


# %% accuracy | no-threshold | test-accuracy
def accuracy(model, X, y, threshold=0.5):
    return np.mean(model.forward(X).ravel() == np.ravel(y))


# %% accuracy | percent | test-accuracy
def accuracy(model, X, y, threshold=0.5):
    return 100 * np.mean((model.forward(X).ravel() > threshold) == np.ravel(y))


# %% accuracy | error-not-accuracy | test-accuracy
def accuracy(model, X, y, threshold=0.5):
    return np.mean((model.forward(X).ravel() > threshold) != np.ravel(y))


# %% train | loss-after-update | test-train
def train(model, X, y, epochs, learning_rate):
    losses = []
    for _ in range(epochs):
        model.update(model.gradients(X, y), learning_rate)
        losses.append(model.loss(X, y))
    return losses


# %% train | model-not-trained | test-train
def train(model, X, y, epochs, learning_rate):
    losses = []
    for _ in range(epochs):
        losses.append(model.loss(X, y))
        model.gradients(X, y)
    return losses


# %% train | stale-gradients | test-train
def train(model, X, y, epochs, learning_rate):
    losses = []
    gradients = model.gradients(X, y)
    for _ in range(epochs):
        losses.append(model.loss(X, y))
        model.update(gradients, learning_rate)
    return losses


# %% train | two-updates | test-train
def train(model, X, y, epochs, learning_rate):
    losses = []
    for _ in range(epochs):
        losses.append(model.loss(X, y))
        gradients = model.gradients(X, y)
        model.update(gradients, learning_rate)
        model.update(gradients, learning_rate)
    return losses


# %% train | history-length | test-train
def train(model, X, y, epochs, learning_rate):
    losses = []
    for epoch in range(epochs):
        if epoch % 10 == 0:
            losses.append(model.loss(X, y))
        model.update(model.gradients(X, y), learning_rate)
    return losses
