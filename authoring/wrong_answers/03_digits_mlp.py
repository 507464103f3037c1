# %% grade_id="one-hot" mistake="classes-from-labels" fails=["test-one-hot", "test-mlp-1", "test-mlp-2"]
def one_hot(labels, num_classes):
    return np.eye(labels.max() + 1)[labels]

# %% grade_id="one-hot" mistake="counts-from-one" fails=["test-one-hot", "test-mlp-1", "test-mlp-2"]
def one_hot(labels, num_classes):
    return np.eye(num_classes)[np.asarray(labels, dtype=int) - 1]

# %% grade_id="one-hot" mistake="transposed" fails=["test-one-hot", "test-mlp-1", "test-mlp-2"]
def one_hot(labels, num_classes):
    return np.eye(num_classes)[:, labels]

# %% grade_id="one-hot" mistake="integer-dtype" fails=["test-one-hot"]
def one_hot(labels, num_classes):
    rows = np.zeros((len(labels), num_classes), dtype=int)
    rows[np.arange(len(labels)), labels] = 1
    return rows

# %% grade_id="init-weights" mistake="constant-weights" fails=["test-init-weights", "test-mlp-1", "test-mlp-2"]
def init_weights(layer_sizes, rng):
    return [np.zeros((a, b)) for a, b in zip(layer_sizes[:-1], layer_sizes[1:], strict=True)]

# %% grade_id="init-weights" mistake="uniform-0-1" fails=["test-init-weights", "test-mlp-2"]
def init_weights(layer_sizes, rng):
    return [rng.random((a, b)) for a, b in zip(layer_sizes[:-1], layer_sizes[1:], strict=True)]

# %% grade_id="init-weights" mistake="normal-weights" fails=["test-init-weights"]
def init_weights(layer_sizes, rng):
    return [rng.standard_normal((a, b)) for a, b in zip(layer_sizes[:-1], layer_sizes[1:], strict=True)]

# %% grade_id="init-weights" mistake="rng-ignored" fails=["test-init-weights"]
def init_weights(layer_sizes, rng):
    pairs = zip(layer_sizes[:-1], layer_sizes[1:], strict=True)
    return [np.random.uniform(-1, 1, size=pair) for pair in pairs]

# %% grade_id="init-weights" mistake="bias-row-added" fails=["test-init-weights", "test-mlp-1", "test-mlp-2"]
def init_weights(layer_sizes, rng):
    return [rng.uniform(-1, 1, (a + 1, b)) for a, b in zip(layer_sizes[:-1], layer_sizes[1:], strict=True)]

# %% grade_id="feed-forward" mistake="sigmoid-before-softmax" fails=["test-feed-forward", "test-back-prop", "test-mlp-2"]
def feed_forward(batch, weights):
    hidden_layers = [batch]
    for matrix in weights:
        hidden_layers.append(sigmoid(hidden_layers[-1] @ matrix))
    return softmax(hidden_layers[-1]), hidden_layers[:-1]

# %% grade_id="feed-forward" mistake="softmax-without-shift" fails=["test-feed-forward"]
def feed_forward(batch, weights):
    hidden_layers = [batch]
    for matrix in weights[:-1]:
        hidden_layers.append(sigmoid(hidden_layers[-1] @ matrix))
    powers = np.exp(hidden_layers[-1] @ weights[-1])
    return powers / powers.sum(axis=1, keepdims=True), hidden_layers

# %% grade_id="feed-forward" mistake="softmax-over-samples" fails=["test-feed-forward", "test-back-prop", "test-mlp-1", "test-mlp-2"]
def feed_forward(batch, weights):
    hidden_layers = [batch]
    for matrix in weights[:-1]:
        hidden_layers.append(sigmoid(hidden_layers[-1] @ matrix))
    scores = hidden_layers[-1] @ weights[-1]
    powers = np.exp(scores - scores.max(axis=0))
    return powers / powers.sum(axis=0), hidden_layers

# %% grade_id="feed-forward" mistake="no-softmax" fails=["test-feed-forward", "test-back-prop", "test-mlp-1", "test-mlp-2"]
def feed_forward(batch, weights):
    hidden_layers = [batch]
    for matrix in weights[:-1]:
        hidden_layers.append(sigmoid(hidden_layers[-1] @ matrix))
    return hidden_layers[-1] @ weights[-1], hidden_layers

# %% grade_id="feed-forward" mistake="logits-included" fails=["test-feed-forward", "test-back-prop", "test-mlp-2"]
def feed_forward(batch, weights):
    layers = [batch]
    for matrix in weights[:-1]:
        layers.append(sigmoid(layers[-1] @ matrix))
    layers.append(layers[-1] @ weights[-1])
    return softmax(layers[-1]), layers

# %% grade_id="feed-forward" mistake="pre-activations-kept" fails=["test-feed-forward", "test-back-prop", "test-mlp-2"]
def feed_forward(batch, weights):
    kept, h = [batch], batch
    for matrix in weights[:-1]:
        kept.append(h @ matrix)
        h = sigmoid(kept[-1])
    return softmax(h @ weights[-1]), kept

# %% grade_id="feed-forward" mistake="swapped-return" fails=["test-feed-forward", "test-back-prop", "test-mlp-1", "test-mlp-2"]
def feed_forward(batch, weights):
    hidden_layers = [batch]
    for matrix in weights[:-1]:
        hidden_layers.append(sigmoid(hidden_layers[-1] @ matrix))
    return hidden_layers, softmax(hidden_layers[-1] @ weights[-1])

# %% grade_id="cross-entropy" mistake="loss-not-divided" fails=["test-cross-entropy", "test-mlp-1"]
def cross_entropy(p, y):
    return -np.sum(np.log(np.sum(p * y, axis=1)))

# %% grade_id="cross-entropy" mistake="divided-by-all-entries" fails=["test-cross-entropy", "test-mlp-1", "test-mlp-2"]
def cross_entropy(p, y):
    return -np.mean(y * np.log(p + 1e-12))

# %% grade_id="cross-entropy" mistake="binary-cross-entropy" fails=["test-cross-entropy", "test-mlp-1", "test-mlp-2"]
def cross_entropy(p, y):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return -np.mean(np.sum(y * np.log(p) + (1 - y) * np.log(1 - p), axis=1))

# %% grade_id="cross-entropy" mistake="zero-times-log-zero" fails=["test-cross-entropy"]
def cross_entropy(p, y):
    return -np.mean(np.sum(y * np.log(p), axis=1))

# %% grade_id="back-prop" mistake="updated-too-early" fails=["test-back-prop", "test-mlp-2"]
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = [None] * len(weights)
    delta = (probabilities - batch_y) / len(batch_y)
    for layer in reversed(range(len(weights))):
        gradients[layer] = hidden_layers[layer].T @ delta
        updated = weights[layer] - 0.5 * gradients[layer]
        delta = delta @ updated.T * hidden_layers[layer] * (1 - hidden_layers[layer])
    return gradients

# %% grade_id="back-prop" mistake="stepped-weights" fails=["test-back-prop", "test-mlp-2"]
def back_prop(probabilities, batch_y, hidden_layers, weights):
    updated = [None] * len(weights)
    delta = (probabilities - batch_y) / len(batch_y)
    for layer in reversed(range(len(weights))):
        updated[layer] = weights[layer] - 1.0 * hidden_layers[layer].T @ delta
        delta = delta @ weights[layer].T * hidden_layers[layer] * (1 - hidden_layers[layer])
    return updated

# %% grade_id="back-prop" mistake="loss-not-divided" fails=["test-back-prop", "test-mlp-2"]
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = [None] * len(weights)
    delta = probabilities - batch_y
    for layer in reversed(range(len(weights))):
        gradients[layer] = hidden_layers[layer].T @ delta
        delta = delta @ weights[layer].T * hidden_layers[layer] * (1 - hidden_layers[layer])
    return gradients

# %% grade_id="back-prop" mistake="hidden-derivative-missing" fails=["test-back-prop", "test-mlp-2"]
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = [None] * len(weights)
    delta = (probabilities - batch_y) / len(batch_y)
    for layer in reversed(range(len(weights))):
        gradients[layer] = hidden_layers[layer].T @ delta
        delta = delta @ weights[layer].T
    return gradients

# %% grade_id="back-prop" mistake="derivative-of-the-activated" fails=["test-back-prop", "test-mlp-2"]
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = [None] * len(weights)
    delta = (probabilities - batch_y) / len(batch_y)
    for layer in reversed(range(len(weights))):
        gradients[layer] = hidden_layers[layer].T @ delta
        s = sigmoid(hidden_layers[layer])
        delta = delta @ weights[layer].T * s * (1 - s)
    return gradients

# %% grade_id="back-prop" mistake="softmax-derivative-twice" fails=["test-back-prop", "test-mlp-2"]
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = [None] * len(weights)
    delta = (probabilities - batch_y) * probabilities * (1 - probabilities) / len(batch_y)
    for layer in reversed(range(len(weights))):
        gradients[layer] = hidden_layers[layer].T @ delta
        delta = delta @ weights[layer].T * hidden_layers[layer] * (1 - hidden_layers[layer])
    return gradients

# %% grade_id="back-prop" mistake="opposite-sign" fails=["test-back-prop", "test-mlp-2"]
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = [None] * len(weights)
    delta = (batch_y - probabilities) / len(batch_y)
    for layer in reversed(range(len(weights))):
        gradients[layer] = hidden_layers[layer].T @ delta
        delta = delta @ weights[layer].T * hidden_layers[layer] * (1 - hidden_layers[layer])
    return gradients

# %% grade_id="back-prop" mistake="gradients-reversed" fails=["test-back-prop", "test-mlp-2"]
def back_prop(probabilities, batch_y, hidden_layers, weights):
    gradients = []
    delta = (probabilities - batch_y) / len(batch_y)
    for hidden, matrix in zip(reversed(hidden_layers), reversed(weights), strict=True):
        gradients.append(hidden.T @ delta)
        delta = delta @ matrix.T * hidden * (1 - hidden)
    return gradients

# %% grade_id="softmax-floor" mistake="one-class-too-many" fails=["test-softmax-floor"]
def softmax_floor(num_classes):
    return np.log(np.e + num_classes) - 1

# %% grade_id="softmax-floor" mistake="numerator-forgotten" fails=["test-softmax-floor"]
def softmax_floor(num_classes):
    return np.log(np.e + num_classes - 1)

# %% grade_id="softmax-floor" mistake="uniform-loss" fails=["test-softmax-floor"]
def softmax_floor(num_classes):
    return np.log(num_classes)

# %% grade_id="softmax-floor" mistake="probability-not-loss" fails=["test-softmax-floor"]
def softmax_floor(num_classes):
    return np.e / (np.e + num_classes - 1)

# %% grade_id="mlp" mistake="bias-column-missing" fails=["test-mlp-1", "test-mlp-2"]
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

# %% grade_id="mlp" mistake="bias-column-missing" fails=["test-mlp-1", "test-mlp-2"]
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

# %% grade_id="mlp" mistake="probabilities-not-labels" fails=["test-mlp-1"]
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

# %% grade_id="mlp" mistake="percent" fails=["test-mlp-1"]
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

# %% grade_id="mlp" mistake="pair-expected" fails=["test-mlp-1", "test-mlp-2"]
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

# %% grade_id="mlp" mistake="swapped-return" fails=["test-mlp-1", "test-mlp-2"]
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
        return np.mean(np.argmax(p, axis=1) == y), cross_entropy(p, one_hot(y, self.classes))

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

# %% grade_id="mlp" mistake="last-batch-dropped" fails=["test-mlp-2"]
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

# %% grade_id="mlp" mistake="divided-by-batch-size" fails=["test-mlp-2"]
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

# %% grade_id="mlp" mistake="labels-left-behind" fails=["test-mlp-2"]
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

# %% grade_id="mlp" mistake="trained-on-validation" fails=["test-mlp-2"]
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

# %% grade_id="mlp" mistake="validation-is-training" fails=["test-mlp-2"]
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

# %% grade_id="mlp" mistake="history-length" fails=["test-mlp-2"]
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

# %% grade_id="mlp" mistake="cumulative-time" fails=["test-mlp-2"]
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

# %% grade_id="mlp" mistake="uphill" fails=["test-mlp-2"]
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

# %% grade_id="mlp" mistake="loss-not-divided" fails=["test-mlp-2"]
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

# %% grade_id="mlp" mistake="two-updates" fails=["test-mlp-2"]
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

# %% grade_id="init-weights" mistake="rng-ignored" fails=["test-init-weights"]
def init_weights(layer_sizes, rng):
    rng = np.random.default_rng(0)
    return [rng.uniform(-1, 1, (a, b)) for a, b in zip(layer_sizes, layer_sizes[1:])]

# %% grade_id="init-weights" mistake="equal-layers" fails=["test-init-weights"]
def init_weights(layer_sizes, rng):
    s = rng.integers(1000)
    return [np.random.default_rng(s).uniform(-1, 1, (a, b)) for a, b in zip(layer_sizes, layer_sizes[1:])]

# %% grade_id="feed-forward" mistake="sigmoid-overflows" fails=["test-feed-forward"]
def feed_forward(batch, weights):
    hidden_layers = [batch]
    for matrix in weights[:-1]:
        hidden_layers.append(1 / (1 + np.exp(-(hidden_layers[-1] @ matrix))))
    return softmax(hidden_layers[-1] @ weights[-1]), hidden_layers

# %% grade_id="cross-entropy" mistake="epsilon-added" fails=["test-cross-entropy"]
def cross_entropy(p, y):
    of_class = np.sum(p * y, axis=1) + 1e-8
    return -np.mean(np.log(of_class))

# %% grade_id="mlp" mistake="one-order" fails=["test-mlp-2"]
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng = rng
        self.train_loss, self.train_acc = [], []
        self.val_loss, self.val_acc = [], []
        self.train_time = []
        self.num_classes = layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)

    def predict(self, X):
        p, _ = feed_forward(np.column_stack([X, np.ones(len(X))]), self.weights)
        return p.argmax(axis=1)

    def evaluate(self, X, y):
        p, _ = feed_forward(np.column_stack([X, np.ones(len(X))]), self.weights)
        loss = cross_entropy(p, one_hot(y, self.num_classes))
        return loss, np.mean(p.argmax(axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs = np.column_stack([X, np.ones(len(X))])
        targets = one_hot(y, self.num_classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = np.arange(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, hidden = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], hidden, self.weights)
                for matrix, gradient in zip(self.weights, gradients, strict=True):
                    matrix -= learning_rate * gradient
            self.train_time.append(time.perf_counter() - started)
            loss, acc = self.evaluate(X, y)
            self.train_loss.append(loss)
            self.train_acc.append(acc)
            loss, acc = self.evaluate(X_val, y_val)
            self.val_loss.append(loss)
            self.val_acc.append(acc)

# %% grade_id="mlp" mistake="epochs-differ" fails=["test-mlp-2"]
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng = rng
        self.train_loss, self.train_acc = [], []
        self.val_loss, self.val_acc = [], []
        self.train_time = []
        self.num_classes = layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)

    def predict(self, X):
        p, _ = feed_forward(np.column_stack([X, np.ones(len(X))]), self.weights)
        return p.argmax(axis=1)

    def evaluate(self, X, y):
        p, _ = feed_forward(np.column_stack([X, np.ones(len(X))]), self.weights)
        loss = cross_entropy(p, one_hot(y, self.num_classes))
        return loss, np.mean(p.argmax(axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs = np.column_stack([X, np.ones(len(X))])
        targets = one_hot(y, self.num_classes)
        order = self.rng.permutation(len(X))
        for _ in range(epochs):
            started = time.perf_counter()
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, hidden = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], hidden, self.weights)
                for matrix, gradient in zip(self.weights, gradients, strict=True):
                    matrix -= learning_rate * gradient
            self.train_time.append(time.perf_counter() - started)
            loss, acc = self.evaluate(X, y)
            self.train_loss.append(loss)
            self.train_acc.append(acc)
            loss, acc = self.evaluate(X_val, y_val)
            self.val_loss.append(loss)
            self.val_acc.append(acc)

# %% grade_id="mlp" mistake="rng-ignored" fails=["test-mlp-2"]
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng = rng
        self.train_loss, self.train_acc = [], []
        self.val_loss, self.val_acc = [], []
        self.train_time = []
        self.num_classes = layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)

    def predict(self, X):
        p, _ = feed_forward(np.column_stack([X, np.ones(len(X))]), self.weights)
        return p.argmax(axis=1)

    def evaluate(self, X, y):
        p, _ = feed_forward(np.column_stack([X, np.ones(len(X))]), self.weights)
        loss = cross_entropy(p, one_hot(y, self.num_classes))
        return loss, np.mean(p.argmax(axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs = np.column_stack([X, np.ones(len(X))])
        targets = one_hot(y, self.num_classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = np.random.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, hidden = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], hidden, self.weights)
                for matrix, gradient in zip(self.weights, gradients, strict=True):
                    matrix -= learning_rate * gradient
            self.train_time.append(time.perf_counter() - started)
            loss, acc = self.evaluate(X, y)
            self.train_loss.append(loss)
            self.train_acc.append(acc)
            loss, acc = self.evaluate(X_val, y_val)
            self.val_loss.append(loss)
            self.val_acc.append(acc)

# %% grade_id="one-hot" mistake="library-does-the-work" fails=["test-one-hot"]
def one_hot(labels, num_classes):
    from sklearn.preprocessing import label_binarize
    rows = label_binarize(np.append(labels, 0), classes=np.arange(num_classes + 1))[:-1, :num_classes]
    return rows.astype(float)

# %% grade_id="init-weights" mistake="library-does-the-work" fails=["test-init-weights"]
from scipy import stats
def init_weights(layer_sizes, rng):
    shapes = zip(layer_sizes, layer_sizes[1:])
    return [stats.uniform(-1, 2).rvs(size=shape, random_state=rng) for shape in shapes]

# %% grade_id="feed-forward" mistake="library-does-the-work" fails=["test-feed-forward"]
import scipy.special as functions
def activation(scores):
    return functions.expit(scores)
def feed_forward(batch, weights):
    hidden_layers = [batch]
    for matrix in weights[:-1]:
        hidden_layers.append(activation(hidden_layers[-1] @ matrix))
    return softmax(hidden_layers[-1] @ weights[-1]), hidden_layers

# %% grade_id="cross-entropy" mistake="library-does-the-work" fails=["test-cross-entropy"]
from scipy.special import xlogy
def cross_entropy(p, y):
    return -xlogy(y, p).sum() / len(y)

# %% grade_id="back-prop" mistake="library-does-the-work" fails=["test-back-prop"]
import torch
def back_prop(probabilities, batch_y, hidden_layers, weights):
    tensors = [torch.tensor(matrix, requires_grad=True) for matrix in weights]
    out = torch.tensor(hidden_layers[0])
    for matrix in tensors[:-1]:
        out = torch.sigmoid(out @ matrix)
    loss = torch.nn.functional.cross_entropy(out @ tensors[-1], torch.tensor(batch_y.argmax(axis=1)))
    return [gradient.numpy() for gradient in torch.autograd.grad(loss, tensors)]

# %% grade_id="softmax-floor" mistake="library-does-the-work" fails=["test-softmax-floor"]
def softmax_floor(num_classes):
    from scipy.special import logsumexp
    return float(logsumexp(np.eye(num_classes)[0]) - 1)

# %% grade_id="mlp" mistake="library-does-the-work" fails=["test-mlp-1", "test-mlp-2"]
from torch import from_numpy
class MLP:
    def __init__(self, layer_sizes, rng):
        self.rng = rng
        self.train_loss, self.train_acc = [], []
        self.val_loss, self.val_acc = [], []
        self.train_time = []
        self.num_classes = layer_sizes[-1]
        self.weights = init_weights(layer_sizes, rng)

    def probabilities(self, X):
        return feed_forward(np.column_stack([X, np.ones(len(X))]), self.weights)[0]

    def predict(self, X):
        return from_numpy(self.probabilities(X)).argmax(1).numpy()

    def evaluate(self, X, y):
        p = self.probabilities(X)
        return cross_entropy(p, one_hot(y, self.num_classes)), np.mean(p.argmax(axis=1) == y)

    def train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate):
        inputs = np.column_stack([X, np.ones(len(X))])
        targets = one_hot(y, self.num_classes)
        for _ in range(epochs):
            started = time.perf_counter()
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                p, hidden = feed_forward(inputs[rows], self.weights)
                gradients = back_prop(p, targets[rows], hidden, self.weights)
                for matrix, gradient in zip(self.weights, gradients, strict=True):
                    matrix -= learning_rate * gradient
            self.train_time.append(time.perf_counter() - started)
            self.record(X, y, X_val, y_val)

    def record(self, X, y, X_val, y_val):
        values = (*self.evaluate(X, y), *self.evaluate(X_val, y_val))
        for history, value in zip((self.train_loss, self.train_acc, self.val_loss, self.val_acc), values):
            history.append(value)
