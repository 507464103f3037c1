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

# %% grade_id="sigmoid-derivative" mistake="zero-everywhere" fails=["test-sigmoid-derivative", "test-plot-activations"]
def sigmoid_derivative(x):
    return sigmoid(x) * 1 - sigmoid(x)

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

# %% grade_id="softmax" mistake="sum-of-all" fails=["test-softmax-1", "test-softmax-2"]
def softmax(x):
    weights = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return weights / np.sum(weights)

# %% grade_id="softmax" mistake="reversed" fails=["test-softmax-1", "test-softmax-2"]
def softmax(x):
    weights = np.exp(np.min(x, axis=-1, keepdims=True) - x)
    return weights / np.sum(weights, axis=-1, keepdims=True)

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

# %% grade_id="numerical-derivative" mistake="not-divided" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    return f(x + h) - f(x - h)

# %% grade_id="numerical-derivative" mistake="sum-not-difference" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    return (f(x + h) + f(x - h)) / (2 * h)

# %% grade_id="numerical-derivative" mistake="same-point-twice" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    return (f(x + h) - f(x + h)) / (2 * h)

# %% grade_id="numerical-derivative" mistake="step-not-divided" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2

# %% grade_id="numerical-derivative" mistake="divided-twice" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h**2)

# %% grade_id="numerical-derivative" mistake="double-step" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    return (f(x + 2*h) - f(x - 2*h)) / (4 * h)

# %% grade_id="numerical-derivative" mistake="default-step" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-2):
    return (f(x + h) - f(x - h)) / (2 * h)

# %% grade_id="numerical-derivative" mistake="function-ignored" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    return (np.exp(x + h) - np.exp(x - h)) / (2 * h)

# %% grade_id="numerical-derivative" mistake="missing-operator" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2(h)

# %% grade_id="sigmoid" mistake="vector-only" fails=["test-sigmoid", "test-sigmoid-derivative"]
def sigmoid(x):
    out = np.zeros(len(x))
    for i, v in enumerate(x):
        out[i] = 1 / (1 + np.exp(-v)) if v >= 0 else np.exp(v) / (1 + np.exp(v))
    return out

# %% grade_id="sigmoid" mistake="clipped" fails=["test-sigmoid"]
def sigmoid(x):
    x = np.asarray(x)
    out = np.where(x > 20, 1.0, 0.0)
    inside = np.abs(x) <= 20
    return np.where(inside, 1 / (1 + np.exp(-np.where(inside, x, 0))), out)

# %% grade_id="sigmoid-derivative" mistake="half-from-the-output" fails=["test-sigmoid-derivative", "test-plot-activations"]
def sigmoid_derivative(x):
    return sigmoid(x) * (1 - x)

# %% grade_id="sigmoid-derivative" mistake="vector-only" fails=["test-sigmoid-derivative"]
def sigmoid_derivative(x):
    return np.array([float(sigmoid(np.array([v]))[0] * (1 - sigmoid(np.array([v]))[0])) for v in x])

# %% grade_id="tanh" mistake="clipped" fails=["test-tanh", "test-tanh-derivative"]
def tanh(x):
    x = np.clip(x, -10, 10)
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))

# %% grade_id="tanh" mistake="vector-only" fails=["test-tanh", "test-tanh-derivative"]
def tanh(x):
    out = np.zeros(len(x))
    for i in range(len(x)):
        e = np.exp(-2 * abs(x[i]))
        out[i] = (1 - e) / (1 + e) * (1 if x[i] >= 0 else -1)
    return out

# %% grade_id="tanh-derivative" mistake="numerical-warning" fails=["test-tanh-derivative"]
def tanh_derivative(x):
    return 1 / np.cosh(x) ** 2

# %% grade_id="tanh-derivative" mistake="square-of-input" fails=["test-tanh-derivative", "test-plot-activations"]
def tanh_derivative(x):
    return 1 - tanh(x ** 2)

# %% grade_id="relu" mistake="array-for-count" fails=["test-relu", "test-plot-activations"]
def relu(x):
    return np.max(0, x)

# %% grade_id="relu" mistake="wrong-where-large" fails=["test-relu"]
def relu(x):
    return np.clip(x, 0, 6)

# %% grade_id="relu-derivative" mistake="division-by-zero" fails=["test-relu-derivative"]
def relu_derivative(x):
    return relu(x) / x

# %% grade_id="relu-derivative" mistake="vector-only" fails=["test-relu-derivative"]
def relu_derivative(x):
    out = np.zeros(x.shape)
    for i in range(x.shape[0]):
        if x[i] > 0:
            out[i] = 1
    return out

# %% grade_id="plot-activations" mistake="no-figure" fails=["test-plot-activations"]
def plot_activations():
    x = np.linspace(-5, 5, 200)
    fig, axs = plt.subplots(1, 3)
    for ax, f, d in zip(axs, (sigmoid, tanh, relu), (sigmoid_derivative, tanh_derivative, relu_derivative)):
        ax.plot(x, f(x), label="f")
        ax.plot(x, d(x), "--", label="df")
        ax.set_xlabel("x"); ax.set_ylabel("y"); ax.legend()
    return plt

# %% grade_id="plot-activations" mistake="no-figure" fails=["test-plot-activations"]
def plot_activations():
    x = np.linspace(-5, 5, 200)
    fig, axs = plt.subplots(1, 3)
    for ax, f, d in zip(axs, (sigmoid, tanh, relu), (sigmoid_derivative, tanh_derivative, relu_derivative)):
        ax.plot(x, f(x), label="f")
        ax.plot(x, d(x), "--", label="df")
        ax.set_xlabel("x"); ax.set_ylabel("y"); ax.legend()
    return ax

# %% grade_id="saturation-fraction" mistake="other-default" fails=["test-saturation-fraction"]
def saturation_fraction(derivative_values, threshold=0.1):
    return np.mean(np.abs(derivative_values) < threshold)

# %% grade_id="saturation-fraction" mistake="divided-by-rows" fails=["test-saturation-fraction"]
def saturation_fraction(derivative_values, threshold=0.01):
    return np.sum(np.abs(derivative_values) < threshold) / derivative_values.shape[-1]

# %% grade_id="saturation-fraction" mistake="other-default" fails=["test-saturation-fraction"]
def saturation_fraction(derivative_values, threshold=0.01):
    return np.mean(derivative_values ** 2 < threshold)

# %% grade_id="saturation-fraction" mistake="axis-too-many" fails=["test-saturation-fraction"]
def saturation_fraction(derivative_values, threshold=0.01):
    return np.mean(np.abs(derivative_values) < threshold, axis=0)

# %% grade_id="softmax" mistake="wrong-shift" fails=["test-softmax-1"]
def softmax(x):
    e = np.exp(x - x.mean(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# %% grade_id="softmax" mistake="each-score-alone" fails=["test-softmax-2"]
def softmax(x):
    out = np.zeros_like(x)
    for i in range(len(x)):
        e = np.exp(x[i] - np.max(x[i]))
        out[i] = e / np.sum(e)
    return out

# %% grade_id="softmax" mistake="missing-operator" fails=["test-softmax-1", "test-softmax-2"]
def softmax(x):
    sum = np.exp(x - x.max(axis=-1, keepdims=True))
    return sum / sum(sum)

# %% grade_id="numerical-derivative" mistake="default-step" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2 * h)

# %% grade_id="numerical-derivative" mistake="library-does-the-work" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    from workbook import gradcheck

    x = np.array(x, dtype=float)
    return gradcheck.eval_numerical_gradient_array(f, x, np.ones_like(x), h)

# %% grade_id="sigmoid" mistake="library-does-the-work" fails=["test-sigmoid"]
def sigmoid(x):
    return 0.5 * (1 + np.tanh(x / 2))

# %% grade_id="sigmoid" mistake="library-does-the-work" fails=["test-sigmoid"]
from scipy.special import expit as squash

def sigmoid(x):
    return squash(x)

# %% grade_id="sigmoid" mistake="library-does-the-work" fails=["test-sigmoid"]
import torch

def sigmoid(x):
    return torch.sigmoid(torch.tensor(x)).numpy()

# %% grade_id="sigmoid" mistake="silenced-warning" fails=["test-sigmoid"]
import warnings

def stable(x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return 1 / (1 + np.exp(-x))

def sigmoid(x):
    return stable(x)

# %% grade_id="sigmoid-derivative" mistake="silenced-warning" fails=["test-sigmoid-derivative"]
def sigmoid_derivative(x):
    with np.errstate(over="ignore"):
        s = 1 / (1 + np.exp(-x))
    return s * (1 - s)

# %% grade_id="sigmoid-derivative" mistake="library-does-the-work" fails=["test-sigmoid-derivative"]
def sigmoid_derivative(x):
    import torch

    point = torch.tensor(x, requires_grad=True)
    torch.sigmoid(point).sum().backward()
    return point.grad.numpy()

# %% grade_id="tanh" mistake="library-does-the-work" fails=["test-tanh"]
def tanh(x):
    return np.tanh(x)

# %% grade_id="tanh" mistake="library-does-the-work" fails=["test-tanh"]
tanh = np.tanh

# %% grade_id="tanh" mistake="library-does-the-work" fails=["test-tanh"]
import math

@np.vectorize
def tanh(x):
    return math.tanh(x)

# %% grade_id="tanh" mistake="library-does-the-work" fails=["test-tanh"]
from scipy import special

def tanh(x):
    return 2 * special.expit(2 * x) - 1

# %% grade_id="tanh-derivative" mistake="silenced-warning" fails=["test-tanh-derivative"]
def tanh_derivative(x):
    with np.errstate(all="ignore"):
        return 1 / np.cosh(x) ** 2

# %% grade_id="relu" mistake="library-does-the-work" fails=["test-relu"]
import torch
import torch.nn.functional as F

def relu(x):
    return F.relu(torch.tensor(x)).numpy()

# %% grade_id="relu-derivative" mistake="library-does-the-work" fails=["test-relu-derivative"]
import torch

def relu_derivative(x):
    point = torch.tensor(x, requires_grad=True)
    torch.relu(point).sum().backward()
    return point.grad.numpy()

# %% grade_id="sigmoid-prime" mistake="library-does-the-work" fails=["test-sigmoid-prime"]
import torch

def sigmoid_prime(sigmoid_out):
    point = torch.logit(torch.tensor(sigmoid_out)).requires_grad_()
    torch.sigmoid(point).sum().backward()
    return torch.nan_to_num(point.grad).numpy()

# %% grade_id="softmax" mistake="library-does-the-work" fails=["test-softmax-1", "test-softmax-2"]
from scipy.special import softmax as ready

def softmax(x):
    return ready(x, axis=-1)

# %% grade_id="softmax" mistake="library-does-the-work" fails=["test-softmax-1", "test-softmax-2"]
import torch

def softmax(x):
    return torch.tensor(x).softmax(dim=-1).numpy()

# %% grade_id="softmax" mistake="silenced-warning" fails=["test-softmax-1"]
def softmax(x):
    with np.errstate(all="ignore"):
        weights = np.exp(x - np.max(x, axis=-1, keepdims=True))
        return weights / np.sum(weights, axis=-1, keepdims=True)

# %% grade_id="saturation-fraction" mistake="library-does-the-work" fails=["test-saturation-fraction"]
import torch

def saturation_fraction(derivative_values, threshold=0.01):
    return (torch.tensor(derivative_values).abs() < threshold).double().mean().item()

# %% grade_id="plot-activations" mistake="library-does-the-work" fails=["test-plot-activations"]
import torch

def plot_activations():
    x = torch.linspace(-5, 5, 201, dtype=torch.float64, requires_grad=True)
    figure, panels = plt.subplots(1, 3)
    for axes, f in zip(panels, (torch.sigmoid, torch.tanh, torch.relu)):
        y = f(x)
        (slope,) = torch.autograd.grad(y.sum(), x)
        axes.plot(x.detach().numpy(), y.detach().numpy(), label="f")
        axes.plot(x.detach().numpy(), slope.numpy(), "--", label="f'")
        axes.set(xlabel="x", ylabel="f(x)")
        axes.legend()
    return figure

# %% grade_id="plot-activations" mistake="missing-curve" fails=["test-plot-activations"]
def plot_activations():
    x = np.linspace(-4, 4, 201)
    slopes = (sigmoid_derivative, tanh_derivative, relu_derivative)
    figure, panels = plt.subplots(1, 3)
    for axes, f, slope in zip(panels, (sigmoid, tanh, relu), slopes):
        axes.plot(x, f(x), label="f")
        axes.plot(x, slope(x), "--", label="f'")
        axes.set(xlabel="x", ylabel="f(x)")
        axes.legend()
    return figure

# %% grade_id="plot-activations" mistake="missing-derivative" fails=["test-plot-activations"]
def plot_activations():
    x = np.linspace(-5, 5, 201)
    figure, panels = plt.subplots(1, 3)
    for axes, f in zip(panels, (sigmoid, tanh, relu)):
        axes.plot(x, f(x), label="f")
        axes.axhline(0, ls="--", label="0")
        axes.set(xlabel="x", ylabel="f(x)")
        axes.legend()
    return figure

# %% grade_id="numerical-derivative" mistake="default-step" fails=["test-numerical-derivative"]
def numerical_derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h + 1e-8)

# %% grade_id="sigmoid-derivative" mistake="silenced-warning" fails=["test-sigmoid-derivative"]
@np.errstate(all="ignore")
def sigmoid_derivative(x):
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)

# %% grade_id="softmax" mistake="nearly-right" fails=["test-softmax-1", "test-softmax-2"]
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1e-8)

# %% grade_id="relu-derivative" mistake="vector-only" fails=["test-relu-derivative"]
def relu_derivative(x):
    return (x > 0) * 1.0 if np.ndim(x) else 1.0
