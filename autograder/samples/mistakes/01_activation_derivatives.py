# %% numerical-derivative | forward-difference | test-numerical-derivative
def numerical_derivative(f, x, h=1e-5):
    return (f(x + h) - f(x)) / h


# %% numerical-derivative | not-halved | test-numerical-derivative
def numerical_derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / h


# %% numerical-derivative | precedence | test-numerical-derivative
def numerical_derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2 * h


# %% numerical-derivative | step-ignored | test-numerical-derivative
def numerical_derivative(f, x, h=1e-5):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


# %% numerical-derivative | vector-only | test-numerical-derivative
def numerical_derivative(f, x, h=1e-5):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        slopes[i] = (f(x[i] + h) - f(x[i] - h)) / (2 * h)
    return slopes


# %% sigmoid | exponent-sign | test-sigmoid, test-plot-activations
def sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x < 0, 1.0, small) / (1.0 + small)


# %% sigmoid | numerical-warning | test-sigmoid, test-sigmoid-derivative
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# %% sigmoid | both-branches | test-sigmoid, test-sigmoid-derivative
def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


# %% sigmoid | clipped | test-sigmoid, test-sigmoid-derivative
def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -20, 20)))


# %% sigmoid-derivative | input-taken-for-output | test-sigmoid-derivative, test-plot-activations
def sigmoid_derivative(x):
    return x * (1 - x)


# %% sigmoid-derivative | tanh-rule | test-sigmoid-derivative, test-plot-activations
def sigmoid_derivative(x):
    return 1 - sigmoid(x) ** 2


# %% sigmoid-derivative | numerical-warning | test-sigmoid-derivative
def sigmoid_derivative(x):
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


# %% tanh | numerical-warning | test-tanh, test-tanh-derivative
def tanh(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


# %% tanh | one-sided | test-tanh, test-tanh-derivative
def tanh(x):
    return (1 - np.exp(-2 * x)) / (1 + np.exp(-2 * x))


# %% tanh | half-argument | test-tanh, test-tanh-derivative, test-plot-activations
def tanh(x):
    e = np.exp(-np.abs(x))
    return np.sign(x) * (1 - e) / (1 + e)


# %% tanh-derivative | sigmoid-rule | test-tanh-derivative, test-plot-activations
def tanh_derivative(x):
    return tanh(x) * (1 - tanh(x))


# %% tanh-derivative | missing-square | test-tanh-derivative, test-plot-activations
def tanh_derivative(x):
    return 1 - tanh(x)


# %% tanh-derivative | input-taken-for-output | test-tanh-derivative, test-plot-activations
def tanh_derivative(x):
    return 1 - x**2


# %% relu | absolute-value | test-relu, test-plot-activations
def relu(x):
    return np.abs(x)


# %% relu | leaky | test-relu, test-plot-activations
def relu(x):
    return np.where(x > 0, x, 0.01 * x)


# %% relu | vector-only | test-relu
def relu(x):
    return np.array([max(0.0, value) for value in x])


# %% relu-derivative | one-at-zero | test-relu-derivative
def relu_derivative(x):
    return np.where(x >= 0, 1.0, 0.0)


# %% relu-derivative | half-at-zero | test-relu-derivative
def relu_derivative(x):
    return np.heaviside(x, 0.5)


# %% relu-derivative | boolean-mask | test-relu-derivative
def relu_derivative(x):
    return x > 0


# %% sigmoid-prime | sigmoid-applied-again | test-sigmoid-prime
def sigmoid_prime(sigmoid_out):
    return sigmoid(sigmoid_out) * (1 - sigmoid(sigmoid_out))


# %% softmax | whole-array | test-softmax-1, test-softmax-2
def softmax(x):
    weights = np.exp(x - np.max(x))
    return weights / np.sum(weights)


# %% softmax | wrong-axis | test-softmax-1, test-softmax-2
def softmax(x):
    weights = np.exp(x - np.max(x, axis=0))
    return weights / np.sum(weights, axis=0)


# %% softmax | second-axis | test-softmax-2
def softmax(x):
    axis = min(1, x.ndim - 1)
    weights = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return weights / np.sum(weights, axis=axis, keepdims=True)


# %% softmax | global-maximum | test-softmax-1
def softmax(x):
    weights = np.exp(x - np.max(x))
    return weights / np.sum(weights, axis=-1, keepdims=True)


# %% softmax | numerical-warning | test-softmax-1
def softmax(x):
    weights = np.exp(x)
    return weights / np.sum(weights, axis=-1, keepdims=True)


# %% plot-activations | no-return | test-plot-activations
def plot_activations():
    x = np.linspace(-5, 5, 201)
    figure, panels = plt.subplots(1, 3)
    panels[0].plot(x, sigmoid(x), label="f")


# %% plot-activations | panel-count | test-plot-activations
def plot_activations():
    x = np.linspace(-5, 5, 201)
    figure, axes = plt.subplots()
    for f in (sigmoid, sigmoid_derivative, tanh, tanh_derivative, relu, relu_derivative):
        axes.plot(x, f(x), label=f.__name__)
    axes.set(xlabel="x", ylabel="f")
    axes.legend()
    return figure


# %% plot-activations | input-taken-for-output | test-plot-activations
def plot_activations():
    x = np.linspace(-5, 5, 201)
    slopes = (lambda s: s * (1 - s), tanh_derivative, relu_derivative)
    figure, panels = plt.subplots(1, 3)
    for axes, f, slope in zip(panels, (sigmoid, tanh, relu), slopes):
        axes.plot(x, f(x), label="f")
        axes.plot(x, slope(x), label="f'")
        axes.set(xlabel="x", ylabel="f(x)")
        axes.legend()
    return figure


# %% plot-activations | no-axis-labels | test-plot-activations
def plot_activations():
    x = np.linspace(-5, 5, 201)
    slopes = (sigmoid_derivative, tanh_derivative, relu_derivative)
    figure, panels = plt.subplots(1, 3)
    for axes, f, slope in zip(panels, (sigmoid, tanh, relu), slopes):
        axes.plot(x, f(x), label="f")
        axes.plot(x, slope(x), label="f'")
        axes.legend()
    return figure


# %% saturation-fraction | no-absolute-value | test-saturation-fraction
def saturation_fraction(derivative_values, threshold=0.01):
    return np.mean(derivative_values < threshold)


# %% saturation-fraction | boundary-counted | test-saturation-fraction
def saturation_fraction(derivative_values, threshold=0.01):
    return np.mean(np.abs(derivative_values) <= threshold)


# %% saturation-fraction | threshold-ignored | test-saturation-fraction
def saturation_fraction(derivative_values, threshold=0.01):
    return np.mean(np.abs(derivative_values) < 0.01)


# %% saturation-fraction | divided-by-rows | test-saturation-fraction
def saturation_fraction(derivative_values, threshold=0.01):
    return np.sum(np.abs(derivative_values) < threshold) / len(derivative_values)


# %% saturation-fraction | count | test-saturation-fraction
def saturation_fraction(derivative_values, threshold=0.01):
    return np.sum(np.abs(derivative_values) < threshold)
