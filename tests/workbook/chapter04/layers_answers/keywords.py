"""Answers with helper functions, keyword arguments and new dicts."""

ANSWERS = {
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
