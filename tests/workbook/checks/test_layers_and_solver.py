"""Chapter 04: other right answers pass every test, and the oracles behind the checks are right themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.workbook.checks import layers_and_solver as check
from autograder.workbook.gradcheck import eval_numerical_gradient, eval_numerical_gradient_array, rel_error
from autograder.workbook.oracles import layers as oracle
from autograder.workbook.oracles.layer_mistakes import gradient_mistakes, loss_mistakes, scores_mistakes
from autograder.workbook.testing import CheckFailed
from tests.support.inprocess import read_chapter, run_chapter

# --- right answers in other styles, whole sets of them, since a forward and a backward pass share a cache -------------

COURSE = {
    "fc-forward": """
def fc_forward(x, w, b):
    out = None
    x_rows = x.reshape(x.shape[0], -1)
    out = np.dot(x_rows, w) + b
    cache = (x, w, b)
    return out, cache
""",
    "fc-backward": """
def fc_backward(dout, cache):
    x, w, b = cache
    dx, dw, db = None, None, None
    dx = np.dot(dout, w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db
""",
    "relu-forward": """
def relu_forward(x):
    out = None
    out = np.maximum(0, x)
    cache = x
    return out, cache
""",
    "relu-backward": """
def relu_backward(dout, cache):
    dx, x = None, cache
    dx = dout * (x > 0)
    return dx
""",
    "softmax-loss": """
def softmax_loss(x, y):
    shifted_logits = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted_logits), axis=1, keepdims=True)
    log_probs = shifted_logits - np.log(Z)
    probs = np.exp(log_probs)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx
""",
    "fc-relu-forward": """
def fc_relu_forward(x, w, b):
    a, fc_cache = fc_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    cache = (fc_cache, relu_cache)
    return out, cache
""",
    "fc-relu-backward": """
def fc_relu_backward(dout, cache):
    fc_cache, relu_cache = cache
    da = relu_backward(dout, relu_cache)
    dx, dw, db = fc_backward(da, fc_cache)
    return dx, dw, db
""",
    "two-layer-net": """
class TwoLayerNet(object):
    def __init__(self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0):
        self.params = {}
        self.reg = reg
        self.params['W1'] = np.random.randn(input_dim, hidden_dim) * weight_scale
        self.params['b1'] = np.zeros(hidden_dim)
        self.params['W2'] = np.random.randn(hidden_dim, num_classes) * weight_scale
        self.params['b2'] = np.zeros(num_classes)

    def loss(self, X, y=None):
        scores = None
        out1, cache1 = fc_relu_forward(X, self.params['W1'], self.params['b1'])
        scores, cache2 = fc_forward(out1, self.params['W2'], self.params['b2'])
        if y is None:
            return scores
        loss, grads = 0, {}
        loss, dscores = softmax_loss(scores, y)
        for name in ('W1', 'W2'):
            loss += 0.5 * self.reg * np.sum(self.params[name] * self.params[name])
        dout1, grads['W2'], grads['b2'] = fc_backward(dscores, cache2)
        dx, grads['W1'], grads['b1'] = fc_relu_backward(dout1, cache1)
        grads['W2'] += self.reg * self.params['W2']
        grads['W1'] += self.reg * self.params['W1']
        return loss, grads
""",
    "fully-connected-net": """
class FullyConnectedNet(object):
    def __init__(self, hidden_dims, input_dim=4320, num_classes=4, reg=0.0, weight_scale=1e-2, seed=None):
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = np.float64
        self.params = {}
        if seed is not None:
            np.random.seed(seed)
        dims = [input_dim] + list(hidden_dims) + [num_classes]
        for i in range(self.num_layers):
            self.params['W' + str(i + 1)] = np.random.normal(0, weight_scale, (dims[i], dims[i + 1]))
            self.params['b' + str(i + 1)] = np.zeros(dims[i + 1])
        for k, v in self.params.items():
            self.params[k] = v.astype(self.dtype)

    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        mode = 'test' if y is None else 'train'
        caches = {}
        h = X
        for i in range(1, self.num_layers):
            h, caches[i] = fc_relu_forward(h, self.params['W%d' % i], self.params['b%d' % i])
        L = self.num_layers
        scores, caches[L] = fc_forward(h, self.params['W%d' % L], self.params['b%d' % L])
        if mode == 'test':
            return scores
        loss, grads = 0.0, {}
        loss, dscores = softmax_loss(scores, y)
        dh, grads['W%d' % L], grads['b%d' % L] = fc_backward(dscores, caches[L])
        for i in range(L - 1, 0, -1):
            dh, grads['W%d' % i], grads['b%d' % i] = fc_relu_backward(dh, caches[i])
        for i in range(1, L + 1):
            W = self.params['W%d' % i]
            loss += 0.5 * self.reg * np.sum(W ** 2)
            grads['W%d' % i] += self.reg * W
        return loss, grads
""",
    "sgd-momentum": """
def sgd_momentum(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('momentum', 0.9)
    config.setdefault('velocity', np.zeros_like(w))
    next_w = None
    v = config['momentum'] * config['velocity'] - config['learning_rate'] * dw
    next_w = w + v
    config['velocity'] = v
    return next_w, config
""",
    "count-parameters": """
def count_parameters(params):
    total = 0
    for key in params:
        total += params[key].size
    return total
""",
}

IN_PLACE = {
    "fc-forward": """
def fc_forward(x, w, b):
    rows = np.reshape(x, (-1, w.shape[0]))
    out = rows @ w
    out += b
    return [out, {'rows': rows, 'w': w, 'shape': x.shape}]
""",
    "fc-backward": """
def fc_backward(dout, cache):
    dx = np.matmul(dout, cache['w'].transpose())
    dx.shape = cache['shape']
    dw = np.einsum('nd,nm->dm', cache['rows'], dout)
    return [dx, dw, np.ones(len(dout)) @ dout]
""",
    "relu-forward": """
def relu_forward(x):
    out = np.array(x)
    out[out < 0] = 0
    return out, out
""",
    "relu-backward": """
def relu_backward(dout, cache):
    dx = np.array(dout, copy=True)
    dx[cache <= 0] = 0
    return dx
""",
    "softmax-loss": """
def softmax_loss(x, y):
    probs = np.exp(x - np.max(x, axis=1)[:, np.newaxis])
    probs /= np.sum(probs, axis=1, keepdims=True)
    N = x.shape[0]
    loss = np.sum(-np.log(probs[range(N), y])) / N
    probs[range(N), y] -= 1
    probs /= N
    return loss, probs
""",
    "fc-relu-forward": """
def fc_relu_forward(x, w, b):
    out, first = fc_forward(x, w, b)
    out, second = relu_forward(out)
    return out, {'fc': first, 'relu': second}
""",
    "fc-relu-backward": """
def fc_relu_backward(dout, cache):
    return fc_backward(relu_backward(dout, cache['relu']), cache['fc'])
""",
    "two-layer-net": """
class TwoLayerNet:
    def __init__(self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        first = np.random.normal(scale=weight_scale, size=(input_dim, hidden_dim))
        second = np.random.normal(scale=weight_scale, size=(hidden_dim, num_classes))
        self.params = dict(W1=first, b1=np.zeros((hidden_dim,)), W2=second, b2=np.zeros((num_classes,)))

    def forward(self, X):
        z, cache1 = fc_forward(X, self.params['W1'], self.params['b1'])
        a, cache2 = relu_forward(z)
        scores, cache3 = fc_forward(a, self.params['W2'], self.params['b2'])
        return scores, (cache1, cache2, cache3)

    def loss(self, X, y=None):
        scores, (cache1, cache2, cache3) = self.forward(X)
        if y is None:
            return scores
        loss, dout = softmax_loss(scores, y)
        grads = {}
        dout, grads['W2'], grads['b2'] = fc_backward(dout, cache3)
        dout, grads['W1'], grads['b1'] = fc_backward(relu_backward(dout, cache2), cache1)
        for name in grads:
            if 'W' in name:
                grads[name] += self.reg * self.params[name]
                loss += self.reg / 2 * np.linalg.norm(self.params[name]) ** 2
        return np.array(loss), grads
""",
    "fully-connected-net": """
class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim=4320, num_classes=4, reg=0.0, weight_scale=1e-2, seed=None):
        rng = np.random.RandomState(seed)
        self.reg, self.params, before = reg, {}, input_dim
        for number, size in enumerate(list(hidden_dims) + [num_classes], start=1):
            self.params[f'W{number}'] = rng.normal(0.0, weight_scale, size=(before, size))
            self.params[f'b{number}'] = np.zeros(size)
            before = size

    def loss(self, X, y=None):
        L = len(self.params) // 2
        fc_caches, relu_caches, out = [], [], X
        for i in range(1, L + 1):
            out, cache = fc_forward(out, self.params[f'W{i}'], self.params[f'b{i}'])
            fc_caches.append(cache)
            if i != L:
                out, cache = relu_forward(out)
                relu_caches.append(cache)
        if y is None:
            return out
        loss, dout = softmax_loss(out, y)
        loss += 0.5 * self.reg * sum(np.sum(np.square(self.params[f'W{i}'])) for i in range(1, L + 1))
        grads = {}
        for i in reversed(range(1, L + 1)):
            if i != L:
                dout = relu_backward(dout, relu_caches.pop())
            dout, dw, db = fc_backward(dout, fc_caches.pop())
            dw += self.reg * self.params[f'W{i}']
            grads.update({f'W{i}': dw, f'b{i}': db})
        return loss, grads
""",
    "sgd-momentum": """
def sgd_momentum(w, dw, config=None):
    settings = {'learning_rate': 1e-2, 'momentum': 0.9, 'velocity': np.zeros_like(w)}
    settings.update(config or {})
    velocity = settings['velocity'].copy()
    velocity *= settings['momentum']
    velocity -= settings['learning_rate'] * dw
    settings['velocity'] = velocity
    return velocity + w, settings
""",
    "count-parameters": """
def count_parameters(params):
    return int(np.sum([np.prod(np.shape(values)) for values in params.values()]))
""",
}

KEYWORDS = {
    "fc-forward": """
def _flat(x):
    return x.reshape((x.shape[0], int(np.prod(x.shape[1:]))))

def fc_forward(x, w, b):
    return np.tensordot(_flat(x), w, axes=1) + b[np.newaxis, :], dict(x=x, w=w, b=b)
""",
    "fc-backward": """
def fc_backward(dout, cache):
    gradients = dict(
        dx=np.reshape(dout @ np.transpose(cache['w']), np.shape(cache['x'])),
        dw=(dout.T @ _flat(cache['x'])).T,
        db=np.reshape(dout.sum(axis=0), cache['b'].shape),
    )
    return tuple(gradients.values())
""",
    "relu-forward": """
def relu_forward(x):
    mask = (x > 0).astype(x.dtype)
    return x * mask, mask
""",
    "relu-backward": """
def relu_backward(dout, cache):
    return np.where(cache, dout, 0.0)
""",
    "softmax-loss": """
def softmax_loss(x, y):
    y = np.eye(x.shape[1])[y]
    x = x - x.max(axis=-1, keepdims=True)
    log_p = x - np.logaddexp.reduce(x, axis=-1)[:, None]
    return float(np.mean(-(y * log_p).sum(axis=1))), (np.exp(log_p) - y) / y.shape[0]
""",
    "fc-relu-forward": """
def fc_relu_forward(x, w, b):
    out, cache = fc_forward(x=x, w=w, b=b)
    out, mask = relu_forward(x=out)
    return out, [cache, mask]
""",
    "fc-relu-backward": """
def fc_relu_backward(dout, cache):
    return fc_backward(dout=relu_backward(dout=dout, cache=cache[1]), cache=cache[0])
""",
    "two-layer-net": """
class TwoLayerNet:
    def __init__(self, input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0):
        rng = np.random.default_rng()
        self.reg, self.params = reg, {}
        for key, shape in {'1': (input_dim, hidden_dim), '2': (hidden_dim, num_classes)}.items():
            self.params['W' + key] = rng.normal(loc=0, scale=weight_scale, size=shape)
            self.params['b' + key] = np.zeros(shape[1])

    def loss(self, X, y=None):
        W1, b1, W2, b2 = (self.params[key] for key in ('W1', 'b1', 'W2', 'b2'))
        hidden, cache1 = fc_relu_forward(x=X, w=W1, b=b1)
        scores, cache2 = fc_forward(x=hidden, w=W2, b=b2)
        if y is None:
            return scores
        data_loss, dscores = softmax_loss(x=scores, y=y)
        reg_loss = 0.5 * self.reg * np.sum(W1 * W1) + 0.5 * self.reg * np.sum(W2 * W2)
        dhidden, dW2, db2 = fc_backward(dout=dscores, cache=cache2)
        _, dW1, db1 = fc_relu_backward(dout=dhidden, cache=cache1)
        return [data_loss + reg_loss, dict(W1=dW1 + self.reg * W1, b1=db1, W2=dW2 + self.reg * W2, b2=db2)]
""",
    "fully-connected-net": """
class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim=4320, num_classes=4, reg=0.0, weight_scale=1e-2, seed=None):
        generator = np.random.Generator(np.random.PCG64(seed))
        dims = np.hstack((input_dim, hidden_dims, num_classes)).astype(int)
        self.reg, self.num_layers = reg, len(hidden_dims) + 1
        self.params = {}
        for l in range(1, self.num_layers + 1):
            self.params.update({f'W{l}': generator.normal(0, weight_scale, (dims[l - 1], dims[l])),
                                f'b{l}': np.zeros(dims[l])})

    def loss(self, X, y=None):
        scores, caches = self._forward(X, 1)
        return scores if y is None else self._backward(*softmax_loss(scores, y), caches)

    def _forward(self, h, layer):
        last = layer == self.num_layers
        out, cache = (fc_forward if last else fc_relu_forward)(h, self.params[f'W{layer}'], self.params[f'b{layer}'])
        if last:
            return out, [cache]
        scores, caches = self._forward(out, layer + 1)
        return scores, [cache, *caches]

    def _backward(self, loss, dout, caches):
        grads, l2 = {}, 0
        for layer in range(self.num_layers, 0, -1):
            backward = fc_backward if layer == self.num_layers else fc_relu_backward
            dout, dw, db = backward(dout, caches.pop())
            grads[f'b{layer}'], grads[f'W{layer}'] = db, dw + self.reg * self.params[f'W{layer}']
            l2 += np.vdot(self.params[f'W{layer}'], self.params[f'W{layer}'])
        return loss + 0.5 * self.reg * l2, grads
""",
    "sgd-momentum": """
def sgd_momentum(w, dw, config=None):
    config = config if config is not None else {}
    lr, mu = config.get('learning_rate', 0.01), config.get('momentum', 0.9)
    velocity = mu * config.get('velocity', 0) - lr * dw
    return w + velocity, dict(config, learning_rate=lr, momentum=mu, velocity=velocity)
""",
    "count-parameters": """
def count_parameters(params):
    return np.concatenate([np.ravel(values) for values in params.values()]).size
""",
}


@pytest.mark.parametrize("answers", [COURSE, IN_PLACE, KEYWORDS], ids=["course", "in place", "keywords"])
def test_right_answers_in_another_style_pass_every_test(answers: dict[str, str]) -> None:
    outcome = run_chapter(read_chapter("04_layers_and_solver"), answers, training=False)
    assert len(outcome) == 14
    assert {test: str(error) for test, error in outcome.items() if error is not None} == {}


SINGLE = {
    "relu-forward, by the absolute value": (
        "relu-forward",
        "def relu_forward(x):\n    return (x + np.abs(x)) / 2, x\n",
    ),
    "relu-forward, in place": (
        "relu-forward",
        "def relu_forward(x):\n    return np.maximum(x, 0, out=x), x\n",
    ),
    "relu-backward, in place": (
        "relu-backward",
        "def relu_backward(dout, cache):\n    dout[cache < 0] = 0\n    return dout\n",
    ),
    "softmax-loss, a tiny constant in the logarithm": (
        "softmax-loss",
        IN_PLACE["softmax-loss"].replace("np.log(probs[range(N), y])", "np.log(probs[range(N), y] + 1e-12)"),
    ),
    "sgd-momentum, all in place": (
        "sgd-momentum",
        """
def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    v = config.setdefault("velocity", np.zeros_like(w))
    v *= config.setdefault("momentum", 0.9)
    v -= config.setdefault("learning_rate", 1e-2) * dw
    w += v
    return w, config
""",
    ),
    "count-parameters, from shapes": (
        "count-parameters",
        "def count_parameters(params):\n    return sum(np.prod(p.shape) for p in params.values())\n",
    ),
}


@pytest.mark.parametrize(("grade_id", "source"), SINGLE.values(), ids=list(SINGLE))
def test_a_single_answer_in_another_style_passes_every_test(grade_id: str, source: str) -> None:
    outcome = run_chapter(read_chapter("04_layers_and_solver"), {grade_id: source}, training=False)
    assert {test: str(error) for test, error in outcome.items() if error is not None} == {}


# --- the oracles ------------------------------------------------------------------------------------------------------

sizes = st.lists(st.integers(1, 4), min_size=2, max_size=4)


def some_network(sizes: list[int], seed: int) -> tuple[dict[str, Any], Any, Any]:
    rng = np.random.default_rng(seed)
    params = {}
    for layer in range(1, len(sizes)):
        params[f"W{layer}"] = rng.standard_normal((sizes[layer - 1], sizes[layer]))
        params[f"b{layer}"] = rng.standard_normal(sizes[layer])
    return params, rng.standard_normal((5, sizes[0])), rng.integers(0, sizes[-1], 5)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 4))
def test_the_gradients_of_a_layer_agree_with_central_differences(seed: int, count: int, width: int) -> None:
    x, w, b, dout = check.layer_arrays((count, 2, 3), width, seed)
    for number, gradient in enumerate(oracle.gradients(oracle.fc, dout, x, w, b)):

        def out(values: Any, number: int = number) -> Any:
            return oracle.value(oracle.fc, *[values if i == number else a for i, a in enumerate((x, w, b))])

        numerical = eval_numerical_gradient_array(out, (x, w, b)[number], dout)
        np.testing.assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-8)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), sizes, st.floats(0, 2))
def test_the_gradients_of_a_network_agree_with_central_differences(seed: int, sizes: list[int], reg: float) -> None:
    params, X, y = some_network(sizes, seed)
    # With tanh no pre-activation can lie within the step of a kink; the rest of the code is the same.
    right = oracle.net_loss(params, X, y, reg, activation=oracle.torch.tanh)[1]
    for name, w in params.items():
        numerical = eval_numerical_gradient(
            lambda _: oracle.net_loss(params, X, y, reg, activation=oracle.torch.tanh)[0], w
        )
        assert np.abs(right[name] - numerical).max() < 1e-8 or rel_error(right[name], numerical) < 1e-6


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-3, 1), st.floats(0, 0.99), st.integers(1, 5))
def test_the_path_of_momentum_is_the_rule_of_the_text(seed: int, rate: float, momentum: float, steps: int) -> None:
    rng = np.random.default_rng(seed)
    w, slopes = rng.standard_normal((2, 3)), list(rng.standard_normal((steps, 2, 3)))
    point, velocity = w, np.zeros_like(w)
    for slope, expected in zip(slopes, oracle.momentum_path(w, slopes, lr=rate, momentum=momentum), strict=True):
        velocity = momentum * velocity - rate * slope
        point = point + velocity
        np.testing.assert_allclose(point, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_every_named_mistake_of_a_network_differs_from_the_right_values(depth: int) -> None:
    params, X, y = some_network([3, 6, 5, 4, 6, 3][-depth - 1 :], seed=8)
    loss, slopes = oracle.net_loss(params, X, y, 0.7)
    for mistake in scores_mistakes(params, X):
        assert not np.allclose(mistake.wrong, oracle.net_scores(params, X)), mistake.name
    for mistake in loss_mistakes(params, X, y, 0.7):
        assert not np.isclose(mistake.wrong, loss), mistake.name
    for mistake in gradient_mistakes("W1", params, X, y, 0.7):
        beyond_the_first_layer = mistake.name in {"l2-on-biases", "l2-last-layer-missing", "l2-first-layer-only"}
        assert beyond_the_first_layer or not np.allclose(mistake.wrong, slopes["W1"]), mistake.name


class Bare:
    """A two-layer network that remembers the share of hidden units that were on."""

    def __init__(self, params: dict[str, Any]) -> None:
        self.params, self.shares = params, []

    def loss(self, X: Any) -> Any:
        z = X @ self.params["W1"] + self.params["b1"]
        self.shares.append(np.mean(z > 0))
        return np.maximum(z, 0) @ self.params["W2"] + self.params["b2"]


@pytest.mark.parametrize("seed", [51, 52, 54, 55])
def test_random_parameters_switch_about_half_of_the_hidden_units_off(seed: int) -> None:
    model = Bare(some_network([6, 9, 4], 0)[0])
    check.network_scores(model, (6, 9, 4), seed=seed)
    assert 0.3 < model.shares[-1] < 0.7


def test_single_precision_is_named() -> None:
    model = Bare({name: w.astype(np.float32) for name, w in some_network([3, 2], 0)[0].items()})
    with pytest.raises(CheckFailed) as failure:
        check.new_weights(model, (3, 2), 1.0)
    assert failure.value.mistake == "single-precision"
