# %% one-hot | classes-from-labels | test-one-hot, test-mlp-1, test-mlp-2
def one_hot(labels, num_classes):
    return np.eye(labels.max() + 1)[labels]


# %% one-hot | counts-from-one | test-one-hot, test-mlp-1, test-mlp-2
def one_hot(labels, num_classes):
    return np.eye(num_classes)[np.asarray(labels, dtype=int) - 1]


# %% one-hot | transposed | test-one-hot, test-mlp-1, test-mlp-2
def one_hot(labels, num_classes):
    return np.eye(num_classes)[:, labels]


# %% one-hot | integer-dtype | test-one-hot
def one_hot(labels, num_classes):
    rows = np.zeros((len(labels), num_classes), dtype=int)
    rows[np.arange(len(labels)), labels] = 1
    return rows


# %% init-weights | constant-weights | test-init-weights, test-mlp-1, test-mlp-2
def init_weights(layer_sizes, rng):
    return [np.zeros((a, b)) for a, b in zip(layer_sizes[:-1], layer_sizes[1:], strict=True)]


# %% init-weights | uniform-0-1 | test-init-weights, test-mlp-2
def init_weights(layer_sizes, rng):
    return [rng.random((a, b)) for a, b in zip(layer_sizes[:-1], layer_sizes[1:], strict=True)]


# %% init-weights | normal-weights | test-init-weights
def init_weights(layer_sizes, rng):
    return [rng.standard_normal((a, b)) for a, b in zip(layer_sizes[:-1], layer_sizes[1:], strict=True)]


# %% init-weights | rng-ignored | test-init-weights
def init_weights(layer_sizes, rng):
    pairs = zip(layer_sizes[:-1], layer_sizes[1:], strict=True)
    return [np.random.uniform(-1, 1, size=pair) for pair in pairs]


# %% init-weights | bias-row-added | test-init-weights, test-mlp-1, test-mlp-2
def init_weights(layer_sizes, rng):
    return [rng.uniform(-1, 1, (a + 1, b)) for a, b in zip(layer_sizes[:-1], layer_sizes[1:], strict=True)]


# %% feed-forward | sigmoid-before-softmax | test-feed-forward, test-back-prop, test-mlp-2
def feed_forward(batch, weights):
    hidden_layers = [batch]
    for matrix in weights:
        hidden_layers.append(sigmoid(hidden_layers[-1] @ matrix))
    return softmax(hidden_layers[-1]), hidden_layers[:-1]


# %% feed-forward | softmax-without-shift | test-feed-forward
def feed_forward(batch, weights):
    hidden_layers = [batch]
    for matrix in weights[:-1]:
        hidden_layers.append(sigmoid(hidden_layers[-1] @ matrix))
    powers = np.exp(hidden_layers[-1] @ weights[-1])
    return powers / powers.sum(axis=1, keepdims=True), hidden_layers


# %% feed-forward | softmax-over-samples | test-feed-forward, test-back-prop, test-mlp-1, test-mlp-2
def feed_forward(batch, weights):
    hidden_layers = [batch]
    for matrix in weights[:-1]:
        hidden_layers.append(sigmoid(hidden_layers[-1] @ matrix))
    scores = hidden_layers[-1] @ weights[-1]
    powers = np.exp(scores - scores.max(axis=0))
    return powers / powers.sum(axis=0), hidden_layers


# %% feed-forward | no-softmax | test-feed-forward, test-back-prop, test-mlp-1, test-mlp-2
def feed_forward(batch, weights):
    hidden_layers = [batch]
    for matrix in weights[:-1]:
        hidden_layers.append(sigmoid(hidden_layers[-1] @ matrix))
    return hidden_layers[-1] @ weights[-1], hidden_layers


# %% feed-forward | logits-included | test-feed-forward, test-back-prop, test-mlp-2
def feed_forward(batch, weights):
    layers = [batch]
    for matrix in weights[:-1]:
        layers.append(sigmoid(layers[-1] @ matrix))
    layers.append(layers[-1] @ weights[-1])
    return softmax(layers[-1]), layers


# %% feed-forward | pre-activations-kept | test-feed-forward, test-back-prop, test-mlp-2
def feed_forward(batch, weights):
    kept, h = [batch], batch
    for matrix in weights[:-1]:
        kept.append(h @ matrix)
        h = sigmoid(kept[-1])
    return softmax(h @ weights[-1]), kept


# %% cross-entropy | loss-not-divided | test-cross-entropy, test-mlp-1
def cross_entropy(p, y):
    return -np.sum(np.log(np.sum(p * y, axis=1)))


# %% cross-entropy | divided-by-all-entries | test-cross-entropy, test-mlp-1, test-mlp-2
def cross_entropy(p, y):
    return -np.mean(y * np.log(p + 1e-12))


# %% cross-entropy | binary-cross-entropy | test-cross-entropy, test-mlp-1, test-mlp-2
def cross_entropy(p, y):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return -np.mean(np.sum(y * np.log(p) + (1 - y) * np.log(1 - p), axis=1))


# %% cross-entropy | zero-times-log-zero | test-cross-entropy
def cross_entropy(p, y):
    return -np.mean(np.sum(y * np.log(p), axis=1))


# %% back-prop | updated-too-early | test-back-prop, test-mlp-2
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = [None] * len(weights)
    delta = (probabilities - batch_y) / len(batch_y)
    for layer in reversed(range(len(weights))):
        gradients[layer] = hidden_layers[layer].T @ delta
        updated = weights[layer] - 0.5 * gradients[layer]
        delta = delta @ updated.T * hidden_layers[layer] * (1 - hidden_layers[layer])
    return gradients


# %% back-prop | stepped-weights | test-back-prop, test-mlp-2
def back_prop(probabilities, batch_y, hidden_layers, weights):
    updated = [None] * len(weights)
    delta = (probabilities - batch_y) / len(batch_y)
    for layer in reversed(range(len(weights))):
        updated[layer] = weights[layer] - 1.0 * hidden_layers[layer].T @ delta
        delta = delta @ weights[layer].T * hidden_layers[layer] * (1 - hidden_layers[layer])
    return updated


# %% back-prop | loss-not-divided | test-back-prop, test-mlp-2
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = [None] * len(weights)
    delta = probabilities - batch_y
    for layer in reversed(range(len(weights))):
        gradients[layer] = hidden_layers[layer].T @ delta
        delta = delta @ weights[layer].T * hidden_layers[layer] * (1 - hidden_layers[layer])
    return gradients


# %% back-prop | hidden-derivative-missing | test-back-prop, test-mlp-2
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = [None] * len(weights)
    delta = (probabilities - batch_y) / len(batch_y)
    for layer in reversed(range(len(weights))):
        gradients[layer] = hidden_layers[layer].T @ delta
        delta = delta @ weights[layer].T
    return gradients


# %% back-prop | derivative-of-the-activated | test-back-prop, test-mlp-2
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = [None] * len(weights)
    delta = (probabilities - batch_y) / len(batch_y)
    for layer in reversed(range(len(weights))):
        gradients[layer] = hidden_layers[layer].T @ delta
        s = sigmoid(hidden_layers[layer])
        delta = delta @ weights[layer].T * s * (1 - s)
    return gradients


# %% back-prop | softmax-derivative-twice | test-back-prop, test-mlp-2
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = [None] * len(weights)
    delta = (probabilities - batch_y) * probabilities * (1 - probabilities) / len(batch_y)
    for layer in reversed(range(len(weights))):
        gradients[layer] = hidden_layers[layer].T @ delta
        delta = delta @ weights[layer].T * hidden_layers[layer] * (1 - hidden_layers[layer])
    return gradients


# %% back-prop | opposite-sign | test-back-prop, test-mlp-2
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = [None] * len(weights)
    delta = (batch_y - probabilities) / len(batch_y)
    for layer in reversed(range(len(weights))):
        gradients[layer] = hidden_layers[layer].T @ delta
        delta = delta @ weights[layer].T * hidden_layers[layer] * (1 - hidden_layers[layer])
    return gradients


# %% back-prop | gradients-reversed | test-back-prop, test-mlp-2
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = []
    delta = (probabilities - batch_y) / len(batch_y)
    for hidden, matrix in zip(reversed(hidden_layers), reversed(weights), strict=True):
        gradients.append(hidden.T @ delta)
        delta = delta @ matrix.T * hidden * (1 - hidden)
    return gradients


# %% softmax-floor | one-class-too-many | test-softmax-floor
def softmax_floor(num_classes):
    return np.log(np.e + num_classes) - 1


# %% softmax-floor | numerator-forgotten | test-softmax-floor
def softmax_floor(num_classes):
    return np.log(np.e + num_classes - 1)


# %% softmax-floor | uniform-loss | test-softmax-floor
def softmax_floor(num_classes):
    return np.log(num_classes)


# %% softmax-floor | probability-not-loss | test-softmax-floor
def softmax_floor(num_classes):
    return np.e / (np.e + num_classes - 1)


# %% mlp | bias-column-missing | test-mlp-1, test-mlp-2
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return np.argmax(feed_forward(X, self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(X, self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = X, one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                self.weights = [w - learning_rate * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)


# %% mlp | bias-column-missing | test-mlp-1, test-mlp-2
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.zeros((len(X), 1))
        return np.argmax(feed_forward(np.hstack([X, ones]), self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.zeros((len(X), 1))]), self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.zeros((len(X), 1))]), one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                self.weights = [w - learning_rate * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)


# %% mlp | probabilities-not-labels | test-mlp-1
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return feed_forward(np.hstack([X, ones]), self.weights)[0]

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.ones((len(X), 1))]), self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.ones((len(X), 1))]), one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                self.weights = [w - learning_rate * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)


# %% mlp | percent | test-mlp-1
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return np.argmax(feed_forward(np.hstack([X, ones]), self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.ones((len(X), 1))]), self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), 100 * np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.ones((len(X), 1))]), one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                self.weights = [w - learning_rate * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)


# %% mlp | pair-expected | test-mlp-1, test-mlp-2
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return np.argmax(feed_forward(np.hstack([X, ones]), self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.ones((len(X), 1))]), self.weights)[0]
        return np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.ones((len(X), 1))]), one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                self.weights = [w - learning_rate * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)


# %% mlp | last-batch-dropped | test-mlp-2
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return np.argmax(feed_forward(np.hstack([X, ones]), self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.ones((len(X), 1))]), self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.ones((len(X), 1))]), one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for batch in range(len(X) // batch_size):
                rows = order[batch * batch_size : (batch + 1) * batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                self.weights = [w - learning_rate * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)


# %% mlp | divided-by-batch-size | test-mlp-2
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return np.argmax(feed_forward(np.hstack([X, ones]), self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.ones((len(X), 1))]), self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.ones((len(X), 1))]), one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                self.weights = [w - learning_rate * len(rows) / batch_size * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)


# %% mlp | labels-left-behind | test-mlp-2
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return np.argmax(feed_forward(np.hstack([X, ones]), self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.ones((len(X), 1))]), self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.ones((len(X), 1))]), one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[start : start + batch_size], layers, self.weights)
                self.weights = [w - learning_rate * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)


# %% mlp | trained-on-validation | test-mlp-2
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return np.argmax(feed_forward(np.hstack([X, ones]), self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.ones((len(X), 1))]), self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.ones((len(X), 1))]), one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                self.weights = [w - learning_rate * g for w, g in zip(self.weights, gradients, strict=True)]
            p, layers = feed_forward(np.hstack([X_val, np.ones((len(X_val), 1))]), self.weights)
            gradients = back_prop(p, one_hot(y_val, self.classes), layers, self.weights)
            self.weights = [w - 1e-3 * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)


# %% mlp | validation-is-training | test-mlp-2
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return np.argmax(feed_forward(np.hstack([X, ones]), self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.ones((len(X), 1))]), self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.ones((len(X), 1))]), one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                self.weights = [w - learning_rate * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)


# %% mlp | history-length | test-mlp-2
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return np.argmax(feed_forward(np.hstack([X, ones]), self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.ones((len(X), 1))]), self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.ones((len(X), 1))]), one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                self.train_loss.append(cross_entropy(p, targets[rows]))
                self.weights = [w - learning_rate * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)


# %% mlp | cumulative-time | test-mlp-2
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return np.argmax(feed_forward(np.hstack([X, ones]), self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.ones((len(X), 1))]), self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.ones((len(X), 1))]), one_hot(y, self.classes)
        started = time.perf_counter()
        for _ in range(epochs):
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                self.weights = [w - learning_rate * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)


# %% mlp | uphill | test-mlp-2
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return np.argmax(feed_forward(np.hstack([X, ones]), self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.ones((len(X), 1))]), self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.ones((len(X), 1))]), one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                self.weights = [w + learning_rate * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)


# %% mlp | loss-not-divided | test-mlp-2
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return np.argmax(feed_forward(np.hstack([X, ones]), self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.ones((len(X), 1))]), self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.ones((len(X), 1))]), one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                self.weights = [w - learning_rate * len(rows) * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)


# %% mlp | two-updates | test-mlp-2
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng, self.classes = rng, layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)
        self.train_loss, self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], [], []

    def predict(self, X):
        ones = np.ones((len(X), 1))
        return np.argmax(feed_forward(np.hstack([X, ones]), self.weights)[0], axis=1)

    def evaluate(self, X, y):
        p = feed_forward(np.hstack([X, np.ones((len(X), 1))]), self.weights)[0]
        return cross_entropy(p, one_hot(y, self.classes)), np.mean(np.argmax(p, axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs, targets = np.hstack([X, np.ones((len(X), 1))]), one_hot(y, self.classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, layers = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], layers, self.weights)
                for w, g in zip(self.weights, gradients, strict=True):
                    w -= learning_rate * g
                self.weights = [w - learning_rate * g for w, g in zip(self.weights, gradients, strict=True)]
            self.train_time.append(time.perf_counter() - started)
            for name, value in zip(("train_loss", "train_acc"), self.evaluate(X, y), strict=True):
                getattr(self, name).append(value)
            for name, value in zip(("val_loss", "val_acc"), self.evaluate(X_val, y_val), strict=True):
                getattr(self, name).append(value)
