"""Answers step by step, as a course would print them."""

ANSWERS = {
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
