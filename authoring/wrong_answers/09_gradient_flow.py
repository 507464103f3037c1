# %% grade_id="first-layer-gradient-norm" mistake="weight-and-bias-together" fails=["test-first-layer-gradient-norm", "test-train-with-gradients-1"]
def first_layer_gradient_norm(model):
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            return sum((p.grad**2).sum() for p in layer.parameters()).sqrt().item()

# %% grade_id="first-layer-gradient-norm" mistake="whole-network" fails=["test-first-layer-gradient-norm", "test-train-with-gradients-1"]
def first_layer_gradient_norm(model):
    return torch.cat([p.grad.flatten() for p in model.parameters()]).norm().item()

# %% grade_id="first-layer-gradient-norm" mistake="squared-norm" fails=["test-first-layer-gradient-norm", "test-train-with-gradients-1"]
def first_layer_gradient_norm(model):
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            return (layer.weight.grad**2).sum().item()

# %% grade_id="first-layer-gradient-norm" mistake="last-layer" fails=["test-first-layer-gradient-norm", "test-train-with-gradients-1"]
def first_layer_gradient_norm(model):
    layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    return layers[-1].weight.grad.norm().item()

# %% grade_id="first-layer-gradient-norm" mistake="weight-not-gradient" fails=["test-first-layer-gradient-norm", "test-train-with-gradients-1"]
def first_layer_gradient_norm(model):
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            return layer.weight.norm().item()

# %% grade_id="first-layer-gradient-norm" mistake="another-norm" fails=["test-first-layer-gradient-norm", "test-train-with-gradients-1"]
def first_layer_gradient_norm(model):
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            return layer.weight.grad.abs().sum().item()

# %% grade_id="first-layer-gradient-norm" mistake="first-parameter-of-any-kind" fails=["test-first-layer-gradient-norm"]
def first_layer_gradient_norm(model):
    return next(model.parameters()).grad.norm().item()

# %% grade_id="first-layer-gradient-norm" mistake="not-one-number" fails=["test-first-layer-gradient-norm", "test-train-with-gradients-1"]
def first_layer_gradient_norm(model):
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            return layer.weight.grad.norm(dim=-1)

# %% grade_id="train-with-gradients" mistake="no-return" fails=["test-train-with-gradients-1", "test-compare-activations"]
def train_with_gradients(model, loader, epochs, learning_rate):
    """Train a model in place, in training mode, by plain stochastic gradient descent.

    loader: yields (images, labels). The model maps images to logits (B, C).
    Returns a dict with two lists of floats, one entry for every 10 steps:
    loss_curve: mean cross-entropy of the batches, before their updates.
    grad_curve: norm of the first layer's weight gradient in the same steps.
    """
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses, norms = [], []
    for _ in progress(range(epochs), "training"):
        for x, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            losses.append(loss.item())
            norms.append(first_layer_gradient_norm(model))
            optimizer.step()
    tens = range(0, len(losses) - 9, 10)
    result = {
        "loss_curve": [float(np.mean(losses[i : i + 10])) for i in tens],
        "grad_curve": [float(np.mean(norms[i : i + 10])) for i in tens],
    }

# %% grade_id="train-with-gradients" mistake="norm-after-zero-grad" fails=["test-train-with-gradients-1", "test-train-with-gradients-2", "test-compare-activations"]
def train_with_gradients(model, loader, epochs, learning_rate):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses, norms = [], []
    for _ in range(epochs):
        for x, labels in loader:
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
            norms.append(first_layer_gradient_norm(model))
    tens = range(0, len(losses) - 9, 10)
    return {
        "loss_curve": [np.mean(losses[i : i + 10]) for i in tens],
        "grad_curve": [np.mean(norms[i : i + 10]) for i in tens],
    }

# %% grade_id="train-with-gradients" mistake="norm-after-zero-grad" fails=["test-train-with-gradients-1"]
def train_with_gradients(model, loader, epochs, learning_rate):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses, norms = [], []
    for _ in range(epochs):
        for x, labels in loader:
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
            losses.append(loss.item())
            norms.append(first_layer_gradient_norm(model))
    tens = range(0, len(losses) - 9, 10)
    return {
        "loss_curve": [np.mean(losses[i : i + 10]) for i in tens],
        "grad_curve": [np.mean(norms[i : i + 10]) for i in tens],
    }

# %% grade_id="train-with-gradients" mistake="zero-grad-forgotten" fails=["test-train-with-gradients-1"]
def train_with_gradients(model, loader, epochs, learning_rate):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses, norms = [], []
    for _ in range(epochs):
        for x, labels in loader:
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            losses.append(loss.item())
            norms.append(first_layer_gradient_norm(model))
            optimizer.step()
    tens = range(0, len(losses) - 9, 10)
    return {
        "loss_curve": [np.mean(losses[i : i + 10]) for i in tens],
        "grad_curve": [np.mean(norms[i : i + 10]) for i in tens],
    }

# %% grade_id="train-with-gradients" mistake="one-entry-an-epoch" fails=["test-train-with-gradients-1"]
def train_with_gradients(model, loader, epochs, learning_rate):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    curves = {"loss_curve": [], "grad_curve": []}
    for _ in range(epochs):
        losses, norms = [], []
        for x, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            losses.append(loss.item())
            norms.append(first_layer_gradient_norm(model))
            optimizer.step()
        curves["loss_curve"].append(np.mean(losses))
        curves["grad_curve"].append(np.mean(norms))
    return curves

# %% grade_id="train-with-gradients" mistake="one-entry-a-step" fails=["test-train-with-gradients-1"]
def train_with_gradients(model, loader, epochs, learning_rate):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses, norms = [], []
    for _ in range(epochs):
        for x, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            losses.append(loss.item())
            norms.append(first_layer_gradient_norm(model))
            optimizer.step()
    return {"loss_curve": losses, "grad_curve": norms}

# %% grade_id="train-with-gradients" mistake="loss-divided-twice" fails=["test-train-with-gradients-1"]
def train_with_gradients(model, loader, epochs, learning_rate):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses, norms = [], []
    for _ in range(epochs):
        for x, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            losses.append(loss.item() / len(labels))
            norms.append(first_layer_gradient_norm(model))
            optimizer.step()
    tens = range(0, len(losses) - 9, 10)
    return {
        "loss_curve": [np.mean(losses[i : i + 10]) for i in tens],
        "grad_curve": [np.mean(norms[i : i + 10]) for i in tens],
    }

# %% grade_id="train-with-gradients" mistake="counter-restarts" fails=["test-train-with-gradients-1"]
def train_with_gradients(model, loader, epochs, learning_rate):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    curves = {"loss_curve": [], "grad_curve": []}
    for _ in range(epochs):
        for step, (x, labels) in enumerate(loader):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            if step % 10 == 9:
                curves["loss_curve"].append(loss.item())
                curves["grad_curve"].append(first_layer_gradient_norm(model))
            optimizer.step()
    return curves

# %% grade_id="train-with-gradients" mistake="momentum" fails=["test-train-with-gradients-1"]
def train_with_gradients(model, loader, epochs, learning_rate):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=0.9)
    losses, norms = [], []
    for _ in range(epochs):
        for x, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            losses.append(loss.item())
            norms.append(first_layer_gradient_norm(model))
            optimizer.step()
    tens = range(0, len(losses) - 9, 10)
    return {
        "loss_curve": [np.mean(losses[i : i + 10]) for i in tens],
        "grad_curve": [np.mean(norms[i : i + 10]) for i in tens],
    }

# %% grade_id="train-with-gradients" mistake="sum-not-mean" fails=["test-train-with-gradients-1"]
def train_with_gradients(model, loader, epochs, learning_rate):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses, norms = [], []
    for _ in range(epochs):
        for x, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), labels, reduction="sum")
            loss.backward()
            losses.append(loss.item())
            norms.append(first_layer_gradient_norm(model))
            optimizer.step()
    tens = range(0, len(losses) - 9, 10)
    return {
        "loss_curve": [np.mean(losses[i : i + 10]) for i in tens],
        "grad_curve": [np.mean(norms[i : i + 10]) for i in tens],
    }

# %% grade_id="train-with-gradients" mistake="no-update" fails=["test-train-with-gradients-1"]
def train_with_gradients(model, loader, epochs, learning_rate):
    model.train()
    losses, norms = [], []
    for _ in range(epochs):
        for x, labels in loader:
            model.zero_grad()
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            losses.append(loss.item())
            norms.append(first_layer_gradient_norm(model))
    tens = range(0, len(losses) - 9, 10)
    return {
        "loss_curve": [np.mean(losses[i : i + 10]) for i in tens],
        "grad_curve": [np.mean(norms[i : i + 10]) for i in tens],
    }

# %% grade_id="train-with-gradients" mistake="trained-in-eval-mode" fails=["test-train-with-gradients-2"]
def train_with_gradients(model, loader, epochs, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses, norms = [], []
    for _ in range(epochs):
        for x, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            losses.append(loss.item())
            norms.append(first_layer_gradient_norm(model))
            optimizer.step()
    tens = range(0, len(losses) - 9, 10)
    return {
        "loss_curve": [np.mean(losses[i : i + 10]) for i in tens],
        "grad_curve": [np.mean(norms[i : i + 10]) for i in tens],
    }

# %% grade_id="compare-activations" mistake="different-initial-weights" fails=["test-compare-activations"]
def compare_activations(name, loader, epochs, learning_rate):
    result = {"name": name}
    for activation in ("relu", "sigmoid"):
        model = build(name, activation=activation)
        curves = train_with_gradients(model, loader, epochs, learning_rate)
        result[f"{activation}_loss_curve"] = curves["loss_curve"]
        result[f"{activation}_grad_curve"] = curves["grad_curve"]
    return result

# %% grade_id="compare-activations" mistake="starts-from-trained-weights" fails=["test-compare-activations"]
def compare_activations(name, loader, epochs, learning_rate):
    relu, sigmoid = build(name), build(name, activation="sigmoid")
    first = train_with_gradients(relu, loader, epochs, learning_rate)
    sigmoid.load_state_dict(relu.state_dict())
    second = train_with_gradients(sigmoid, loader, epochs, learning_rate)
    return {
        "name": name,
        "relu_loss_curve": first["loss_curve"],
        "sigmoid_loss_curve": second["loss_curve"],
        "relu_grad_curve": first["grad_curve"],
        "sigmoid_grad_curve": second["grad_curve"],
    }

# %% grade_id="compare-activations" mistake="seeded-inside" fails=["test-compare-activations"]
def compare_activations(name, loader, epochs, learning_rate):
    result = {"name": name}
    for activation in ("relu", "sigmoid"):
        torch.manual_seed(0)
        model = build(name, activation=activation)
        curves = train_with_gradients(model, loader, epochs, learning_rate)
        result[f"{activation}_loss_curve"] = curves["loss_curve"]
        result[f"{activation}_grad_curve"] = curves["grad_curve"]
    return result

# %% grade_id="compare-activations" mistake="sigmoid-after-prediction-layer" fails=["test-compare-activations"]
def compare_activations(name, loader, epochs, learning_rate):
    relu, sigmoid = build(name), build(name, activation="sigmoid")
    sigmoid.load_state_dict(relu.state_dict())
    sigmoid = nn.Sequential(*sigmoid, nn.Sigmoid())
    result = {"name": name}
    for activation, model in (("relu", relu), ("sigmoid", sigmoid)):
        curves = train_with_gradients(model, loader, epochs, learning_rate)
        result[f"{activation}_loss_curve"] = curves["loss_curve"]
        result[f"{activation}_grad_curve"] = curves["grad_curve"]
    return result

# %% grade_id="compare-activations" mistake="activation-not-replaced" fails=["test-compare-activations"]
def compare_activations(name, loader, epochs, learning_rate):
    relu, sigmoid = build(name), build(name)
    sigmoid.load_state_dict(relu.state_dict())
    for i, layer in enumerate(sigmoid):
        if isinstance(layer, nn.ReLU):
            sigmoid[i] = nn.Sigmoid()
            break
    result = {"name": name}
    for activation, model in (("relu", relu), ("sigmoid", sigmoid)):
        curves = train_with_gradients(model, loader, epochs, learning_rate)
        result[f"{activation}_loss_curve"] = curves["loss_curve"]
        result[f"{activation}_grad_curve"] = curves["grad_curve"]
    return result

# %% grade_id="compare-activations" mistake="curves-exchanged" fails=["test-compare-activations"]
def compare_activations(name, loader, epochs, learning_rate):
    relu, sigmoid = build(name), build(name, activation="sigmoid")
    sigmoid.load_state_dict(relu.state_dict())
    result = {"name": name}
    for activation, model in (("sigmoid", relu), ("relu", sigmoid)):
        curves = train_with_gradients(model, loader, epochs, learning_rate)
        result[f"{activation}_loss_curve"] = curves["loss_curve"]
        result[f"{activation}_grad_curve"] = curves["grad_curve"]
    return result

# %% grade_id="compare-activations" mistake="one-activation-for-both" fails=["test-compare-activations"]
def compare_activations(name, loader, epochs, learning_rate):
    relu, sigmoid = build(name), build(name)
    sigmoid.load_state_dict(relu.state_dict())
    result = {"name": name}
    for activation, model in (("relu", relu), ("sigmoid", sigmoid)):
        curves = train_with_gradients(model, loader, epochs, learning_rate)
        result[f"{activation}_loss_curve"] = curves["loss_curve"]
        result[f"{activation}_grad_curve"] = curves["grad_curve"]
    return result

# %% grade_id="gradient-norm-by-layer" mistake="order-of-definition" fails=["test-gradient-norm-by-layer"]
def gradient_norm_by_layer(model, x, y):
    model.zero_grad()
    F.cross_entropy(model(x), y).backward()
    layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    return [layer.weight.grad.norm().item() for layer in layers]

# %% grade_id="gradient-norm-by-layer" mistake="order-of-definition" fails=["test-gradient-norm-by-layer"]
def gradient_norm_by_layer(model, x, y):
    model.zero_grad()
    F.cross_entropy(model(x), y).backward()
    layers = {n: m for n, m in model.named_modules() if isinstance(m, (nn.Linear, nn.Conv2d))}
    return [layers[name].weight.grad.norm().item() for name in sorted(layers)]

# %% grade_id="gradient-norm-by-layer" mistake="last-layer-first" fails=["test-gradient-norm-by-layer"]
def gradient_norm_by_layer(model, x, y):
    used = []
    layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    handles = [m.register_full_backward_hook(lambda m, *_: used.append(m)) for m in layers]
    model.zero_grad()
    F.cross_entropy(model(x), y).backward()
    for handle in handles:
        handle.remove()
    return [layer.weight.grad.norm().item() for layer in used]

# %% grade_id="gradient-norm-by-layer" mistake="zero-grad-forgotten" fails=["test-gradient-norm-by-layer"]
def gradient_norm_by_layer(model, x, y):
    used = []
    layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    handles = [m.register_forward_hook(lambda m, *_: used.append(m)) for m in layers]
    F.cross_entropy(model(x), y).backward()
    for handle in handles:
        handle.remove()
    return [layer.weight.grad.norm().item() for layer in used]

# %% grade_id="gradient-norm-by-layer" mistake="squared-norm" fails=["test-gradient-norm-by-layer"]
def gradient_norm_by_layer(model, x, y):
    used = []
    layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    handles = [m.register_forward_hook(lambda m, *_: used.append(m)) for m in layers]
    model.zero_grad()
    F.cross_entropy(model(x), y).backward()
    for handle in handles:
        handle.remove()
    return [(layer.weight.grad**2).sum().item() for layer in used]

# %% grade_id="gradient-norm-by-layer" mistake="sum-not-mean" fails=["test-gradient-norm-by-layer"]
def gradient_norm_by_layer(model, x, y):
    used = []
    layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    handles = [m.register_forward_hook(lambda m, *_: used.append(m)) for m in layers]
    model.zero_grad()
    F.cross_entropy(model(x), y, reduction="sum").backward()
    for handle in handles:
        handle.remove()
    return [layer.weight.grad.norm().item() for layer in used]
