# %% grade_id="numerical-derivative" mistake="forward-difference" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    return (f(x + h) - f(x)) / h

# %% grade_id="numerical-derivative" mistake="not-halved" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / h

# %% grade_id="numerical-derivative" mistake="precedence" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2 * h

# %% grade_id="numerical-derivative" mistake="step-ignored" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5

# %% grade_id="numerical-derivative" mistake="vector-only" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        slopes[i] = (f(x[i] + h) - f(x[i] - h)) / (2 * h)
    return slopes

# %% grade_id="sigmoid" mistake="exponent-sign" fails=["test-sigmoid", "test-plot-activations"]
def sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x < 0, 1.0, small) / (1.0 + small)

# %% grade_id="sigmoid" mistake="numerical-warning" fails=["test-sigmoid", "test-sigmoid-derivative"]
def sigmoid(x):
    return 1 / (1 + np.exp(-x))

# %% grade_id="sigmoid" mistake="both-branches" fails=["test-sigmoid", "test-sigmoid-derivative"]
def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))

# %% grade_id="sigmoid" mistake="silenced-warning" fails=["test-sigmoid"]
def sigmoid(x):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-x))

# %% grade_id="sigmoid" mistake="clipped" fails=["test-sigmoid", "test-sigmoid-derivative"]
def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -20, 20)))

# %% grade_id="sigmoid-derivative" mistake="input-taken-for-output" fails=["test-sigmoid-derivative", "test-plot-activations"]
def sigmoid_derivative(x):
    return x * (1 - x)

# %% grade_id="sigmoid-derivative" mistake="tanh-rule" fails=["test-sigmoid-derivative", "test-plot-activations"]
def sigmoid_derivative(x):
    return 1 - sigmoid(x) ** 2

# %% grade_id="sigmoid-derivative" mistake="numerical-warning" fails=["test-sigmoid-derivative"]
def sigmoid_derivative(x):
    return np.exp(-x) / (1 + np.exp(-x)) ** 2

# %% grade_id="tanh" mistake="numerical-warning" fails=["test-tanh", "test-tanh-derivative"]
def tanh(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))

# %% grade_id="tanh" mistake="one-sided" fails=["test-tanh", "test-tanh-derivative"]
def tanh(x):
    return (1 - np.exp(-2 * x)) / (1 + np.exp(-2 * x))

# %% grade_id="tanh" mistake="half-argument" fails=["test-tanh", "test-tanh-derivative", "test-plot-activations"]
def tanh(x):
    e = np.exp(-np.abs(x))
    return np.sign(x) * (1 - e) / (1 + e)

# %% grade_id="tanh-derivative" mistake="sigmoid-rule" fails=["test-tanh-derivative", "test-plot-activations"]
def tanh_derivative(x):
    return tanh(x) * (1 - tanh(x))

# %% grade_id="tanh-derivative" mistake="missing-square" fails=["test-tanh-derivative", "test-plot-activations"]
def tanh_derivative(x):
    return 1 - tanh(x)

# %% grade_id="tanh-derivative" mistake="input-taken-for-output" fails=["test-tanh-derivative", "test-plot-activations"]
def tanh_derivative(x):
    return 1 - x**2

# %% grade_id="relu" mistake="absolute-value" fails=["test-relu", "test-plot-activations"]
def relu(x):
    return np.abs(x)

# %% grade_id="relu" mistake="leaky" fails=["test-relu", "test-plot-activations"]
def relu(x):
    return np.where(x > 0, x, 0.01 * x)

# %% grade_id="relu" mistake="vector-only" fails=["test-relu"]
def relu(x):
    return np.array([max(0.0, value) for value in x])

# %% grade_id="relu-derivative" mistake="one-at-zero" fails=["test-relu-derivative"]
def relu_derivative(x):
    return np.where(x >= 0, 1.0, 0.0)

# %% grade_id="relu-derivative" mistake="half-at-zero" fails=["test-relu-derivative"]
def relu_derivative(x):
    return np.heaviside(x, 0.5)

# %% grade_id="relu-derivative" mistake="boolean-mask" fails=["test-relu-derivative"]
def relu_derivative(x):
    return x > 0

# %% grade_id="sigmoid-prime" mistake="sigmoid-applied-again" fails=["test-sigmoid-prime"]
def sigmoid_prime(sigmoid_out):
    return sigmoid(sigmoid_out) * (1 - sigmoid(sigmoid_out))

# %% grade_id="softmax" mistake="whole-array" fails=["test-softmax-1", "test-softmax-2"]
def softmax(x):
    weights = np.exp(x - np.max(x))
    return weights / np.sum(weights)

# %% grade_id="softmax" mistake="wrong-axis" fails=["test-softmax-1", "test-softmax-2"]
def softmax(x):
    weights = np.exp(x - np.max(x, axis=0))
    return weights / np.sum(weights, axis=0)

# %% grade_id="softmax" mistake="second-axis" fails=["test-softmax-2"]
def softmax(x):
    axis = min(1, x.ndim - 1)
    weights = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return weights / np.sum(weights, axis=axis, keepdims=True)

# %% grade_id="softmax" mistake="global-maximum" fails=["test-softmax-1"]
def softmax(x):
    weights = np.exp(x - np.max(x))
    return weights / np.sum(weights, axis=-1, keepdims=True)

# %% grade_id="softmax" mistake="numerical-warning" fails=["test-softmax-1"]
def softmax(x):
    weights = np.exp(x)
    return weights / np.sum(weights, axis=-1, keepdims=True)

# %% grade_id="plot-activations" mistake="no-return" fails=["test-plot-activations"]
def plot_activations():
    x = np.linspace(-5, 5, 201)
    figure, panels = plt.subplots(1, 3)
    panels[0].plot(x, sigmoid(x), label="f")

# %% grade_id="plot-activations" mistake="panel-count" fails=["test-plot-activations"]
def plot_activations():
    x = np.linspace(-5, 5, 201)
    figure, axes = plt.subplots()
    for f in (sigmoid, sigmoid_derivative, tanh, tanh_derivative, relu, relu_derivative):
        axes.plot(x, f(x), label=f.__name__)
    axes.set(xlabel="x", ylabel="f")
    axes.legend()
    return figure

# %% grade_id="plot-activations" mistake="input-taken-for-output" fails=["test-plot-activations"]
def plot_activations():
    x = np.linspace(-5, 5, 201)
    slopes = (lambda s: s * (1 - s), tanh_derivative, relu_derivative)
    figure, panels = plt.subplots(1, 3)
    for axes, f, slope in zip(panels, (sigmoid, tanh, relu), slopes):
        axes.plot(x, f(x), label="f")
        axes.plot(x, slope(x), "--", label="f'")
        axes.set(xlabel="x", ylabel="f(x)")
        axes.legend()
    return figure

# %% grade_id="plot-activations" mistake="no-axis-labels" fails=["test-plot-activations"]
def plot_activations():
    x = np.linspace(-5, 5, 201)
    slopes = (sigmoid_derivative, tanh_derivative, relu_derivative)
    figure, panels = plt.subplots(1, 3)
    for axes, f, slope in zip(panels, (sigmoid, tanh, relu), slopes):
        axes.plot(x, f(x), label="f")
        axes.plot(x, slope(x), "--", label="f'")
        axes.legend()
    return figure

# %% grade_id="plot-activations" mistake="same-style" fails=["test-plot-activations"]
def plot_activations():
    x = np.linspace(-5, 5, 201)
    slopes = (sigmoid_derivative, tanh_derivative, relu_derivative)
    figure, panels = plt.subplots(1, 3)
    for axes, f, slope in zip(panels, (sigmoid, tanh, relu), slopes):
        axes.plot(x, f(x), label="f")
        axes.plot(x, slope(x), label="f'")
        axes.set(xlabel="x", ylabel="f(x)")
        axes.legend()
    return figure

# %% grade_id="plot-activations" mistake="few-points" fails=["test-plot-activations"]
def plot_activations():
    x = np.linspace(-5, 5, 50)
    slopes = (sigmoid_derivative, tanh_derivative, relu_derivative)
    figure, panels = plt.subplots(1, 3)
    for axes, f, slope in zip(panels, (sigmoid, tanh, relu), slopes):
        axes.plot(x, f(x), label="f")
        axes.plot(x, slope(x), "--", label="f'")
        axes.set(xlabel="x", ylabel="f(x)")
        axes.legend()
    return figure

# %% grade_id="relu" mistake="writes-into-argument" fails=["test-relu", "test-plot-activations"]
def relu(x):
    x[x < 0] = 0
    return x

# %% grade_id="saturation-fraction" mistake="no-absolute-value" fails=["test-saturation-fraction"]
def saturation_fraction(derivative_values, threshold=0.01):
    return np.mean(derivative_values < threshold)

# %% grade_id="saturation-fraction" mistake="boundary-counted" fails=["test-saturation-fraction"]
def saturation_fraction(derivative_values, threshold=0.01):
    return np.mean(np.abs(derivative_values) <= threshold)

# %% grade_id="saturation-fraction" mistake="threshold-ignored" fails=["test-saturation-fraction"]
def saturation_fraction(derivative_values, threshold=0.01):
    return np.mean(np.abs(derivative_values) < 0.01)

# %% grade_id="saturation-fraction" mistake="divided-by-rows" fails=["test-saturation-fraction"]
def saturation_fraction(derivative_values, threshold=0.01):
    return np.sum(np.abs(derivative_values) < threshold) / len(derivative_values)

# %% grade_id="saturation-fraction" mistake="count" fails=["test-saturation-fraction"]
def saturation_fraction(derivative_values, threshold=0.01):
    return np.sum(np.abs(derivative_values) < threshold)
