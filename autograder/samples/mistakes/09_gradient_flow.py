# %% first-layer-gradient-norm | weight-and-bias-together | test-first-layer-gradient-norm, test-train-with-gradients-1
def first_layer_gradient_norm(model):
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            return sum((p.grad**2).sum() for p in layer.parameters()).sqrt().item()


# %% first-layer-gradient-norm | whole-network | test-first-layer-gradient-norm, test-train-with-gradients-1
def first_layer_gradient_norm(model):
    return torch.cat([p.grad.flatten() for p in model.parameters()]).norm().item()


# %% first-layer-gradient-norm | squared-norm | test-first-layer-gradient-norm, test-train-with-gradients-1
def first_layer_gradient_norm(model):
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            return (layer.weight.grad**2).sum().item()


# %% first-layer-gradient-norm | last-layer | test-first-layer-gradient-norm, test-train-with-gradients-1
def first_layer_gradient_norm(model):
    layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    return layers[-1].weight.grad.norm().item()


# %% first-layer-gradient-norm | weight-not-gradient | test-first-layer-gradient-norm, test-train-with-gradients-1
def first_layer_gradient_norm(model):
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            return layer.weight.norm().item()


# %% first-layer-gradient-norm | another-norm | test-first-layer-gradient-norm, test-train-with-gradients-1
def first_layer_gradient_norm(model):
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            return layer.weight.grad.abs().sum().item()


# %% first-layer-gradient-norm | first-parameter-of-any-kind | test-first-layer-gradient-norm
def first_layer_gradient_norm(model):
    return next(model.parameters()).grad.norm().item()


# %% first-layer-gradient-norm | not-one-number | test-first-layer-gradient-norm, test-train-with-gradients-1
def first_layer_gradient_norm(model):
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            return layer.weight.grad.norm(dim=-1)


# %% train-with-gradients | norm-after-zero-grad | test-train-with-gradients-1, test-train-with-gradients-2, test-compare-activations
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


# %% train-with-gradients | norm-after-zero-grad | test-train-with-gradients-1
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


# %% train-with-gradients | zero-grad-forgotten | test-train-with-gradients-1
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


# %% train-with-gradients | one-entry-an-epoch | test-train-with-gradients-1
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


# %% train-with-gradients | one-entry-a-step | test-train-with-gradients-1
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


# %% train-with-gradients | loss-divided-twice | test-train-with-gradients-1
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


# %% train-with-gradients | counter-restarts | test-train-with-gradients-1
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


# %% train-with-gradients | momentum | test-train-with-gradients-1
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


# %% train-with-gradients | sum-not-mean | test-train-with-gradients-1
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


# %% train-with-gradients | no-update | test-train-with-gradients-1
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


# %% train-with-gradients | trained-in-eval-mode | test-train-with-gradients-2
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


# %% compare-activations | different-initial-weights | test-compare-activations
def compare_activations(name, loader, epochs, learning_rate):
    result = {"name": name}
    for activation in ("relu", "sigmoid"):
        model = build(name, activation=activation)
        curves = train_with_gradients(model, loader, epochs, learning_rate)
        result[f"{activation}_loss_curve"] = curves["loss_curve"]
        result[f"{activation}_grad_curve"] = curves["grad_curve"]
    return result


# %% compare-activations | starts-from-trained-weights | test-compare-activations
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


# %% compare-activations | seeded-inside | test-compare-activations
def compare_activations(name, loader, epochs, learning_rate):
    result = {"name": name}
    for activation in ("relu", "sigmoid"):
        torch.manual_seed(0)
        model = build(name, activation=activation)
        curves = train_with_gradients(model, loader, epochs, learning_rate)
        result[f"{activation}_loss_curve"] = curves["loss_curve"]
        result[f"{activation}_grad_curve"] = curves["grad_curve"]
    return result


# %% compare-activations | sigmoid-after-prediction-layer | test-compare-activations
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


# %% compare-activations | activation-not-replaced | test-compare-activations
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


# %% compare-activations | curves-exchanged | test-compare-activations
def compare_activations(name, loader, epochs, learning_rate):
    relu, sigmoid = build(name), build(name, activation="sigmoid")
    sigmoid.load_state_dict(relu.state_dict())
    result = {"name": name}
    for activation, model in (("sigmoid", relu), ("relu", sigmoid)):
        curves = train_with_gradients(model, loader, epochs, learning_rate)
        result[f"{activation}_loss_curve"] = curves["loss_curve"]
        result[f"{activation}_grad_curve"] = curves["grad_curve"]
    return result


# %% compare-activations | one-activation-for-both | test-compare-activations
def compare_activations(name, loader, epochs, learning_rate):
    relu, sigmoid = build(name), build(name)
    sigmoid.load_state_dict(relu.state_dict())
    result = {"name": name}
    for activation, model in (("relu", relu), ("sigmoid", sigmoid)):
        curves = train_with_gradients(model, loader, epochs, learning_rate)
        result[f"{activation}_loss_curve"] = curves["loss_curve"]
        result[f"{activation}_grad_curve"] = curves["grad_curve"]
    return result


# %% gradient-norm-by-layer | order-of-definition | test-gradient-norm-by-layer
def gradient_norm_by_layer(model, x, y):
    model.zero_grad()
    F.cross_entropy(model(x), y).backward()
    layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    return [layer.weight.grad.norm().item() for layer in layers]


# %% gradient-norm-by-layer | order-of-definition | test-gradient-norm-by-layer
def gradient_norm_by_layer(model, x, y):
    model.zero_grad()
    F.cross_entropy(model(x), y).backward()
    layers = {n: m for n, m in model.named_modules() if isinstance(m, (nn.Linear, nn.Conv2d))}
    return [layers[name].weight.grad.norm().item() for name in sorted(layers)]


# %% gradient-norm-by-layer | last-layer-first | test-gradient-norm-by-layer
def gradient_norm_by_layer(model, x, y):
    used = []
    layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    handles = [m.register_full_backward_hook(lambda m, *_: used.append(m)) for m in layers]
    model.zero_grad()
    F.cross_entropy(model(x), y).backward()
    for handle in handles:
        handle.remove()
    return [layer.weight.grad.norm().item() for layer in used]


# %% gradient-norm-by-layer | zero-grad-forgotten | test-gradient-norm-by-layer
def gradient_norm_by_layer(model, x, y):
    used = []
    layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    handles = [m.register_forward_hook(lambda m, *_: used.append(m)) for m in layers]
    F.cross_entropy(model(x), y).backward()
    for handle in handles:
        handle.remove()
    return [layer.weight.grad.norm().item() for layer in used]


# %% gradient-norm-by-layer | squared-norm | test-gradient-norm-by-layer
def gradient_norm_by_layer(model, x, y):
    used = []
    layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    handles = [m.register_forward_hook(lambda m, *_: used.append(m)) for m in layers]
    model.zero_grad()
    F.cross_entropy(model(x), y).backward()
    for handle in handles:
        handle.remove()
    return [(layer.weight.grad**2).sum().item() for layer in used]


# %% gradient-norm-by-layer | sum-not-mean | test-gradient-norm-by-layer
def gradient_norm_by_layer(model, x, y):
    used = []
    layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    handles = [m.register_forward_hook(lambda m, *_: used.append(m)) for m in layers]
    model.zero_grad()
    F.cross_entropy(model(x), y, reduction="sum").backward()
    for handle in handles:
        handle.remove()
    return [layer.weight.grad.norm().item() for layer in used]
