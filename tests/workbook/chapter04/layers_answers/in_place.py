"""Answers that work in place and return lists."""

ANSWERS = {
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
