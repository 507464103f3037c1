# %% grade_id="stratified-split" mistake="not-stratified" fails=["test-stratified-split"]
def stratified_split(labels, fraction, rng):
    order = rng.permutation(len(labels))
    count = round(fraction * len(labels))
    return order[count:], order[:count]

# %% grade_id="stratified-split" mistake="parts-exchanged" fails=["test-stratified-split"]
def stratified_split(labels, fraction, rng):
    train, held_out = [], []
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        count = round(fraction * len(members))
        held_out.append(members[:count])
        train.append(members[count:])
    return np.concatenate(held_out), np.concatenate(train)

# %% grade_id="stratified-split" mistake="rng-not-used" fails=["test-stratified-split"]
def stratified_split(labels, fraction, rng):
    train, held_out = [], []
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        count = round(fraction * len(members))
        held_out.append(members[:count])
        train.append(members[count:])
    return np.concatenate(train), np.concatenate(held_out)

# %% grade_id="stratified-split" mistake="parts-overlap" fails=["test-stratified-split"]
def stratified_split(labels, fraction, rng):
    train, held_out = [], []
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        count = round(fraction * len(members))
        held_out.append(members[:count])
        train.append(members)
    return np.concatenate(train), np.concatenate(held_out)

# %% grade_id="conv-output-size" mistake="off-by-one" fails=["test-conv-output-size", "test-build-1", "test-build-2", "test-build-3"]
def conv_output_size(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) // stride

# %% grade_id="conv-output-size" mistake="padded-on-one-side" fails=["test-conv-output-size"]
def conv_output_size(size, kernel, stride=1, padding=0):
    return (size + padding - kernel) // stride + 1

# %% grade_id="conv-output-size" mistake="rounded-up" fails=["test-conv-output-size", "test-build-1", "test-build-2", "test-build-3"]
def conv_output_size(size, kernel, stride=1, padding=0):
    return -(-(size + 2 * padding - kernel) // stride) + 1

# %% grade_id="receptive-field" mistake="strides-ignored" fails=["test-receptive-field"]
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        field += kernel - 1
        jump *= stride
    return field

# %% grade_id="receptive-field" mistake="own-stride-counted" fails=["test-receptive-field"]
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        jump *= stride
        field += (kernel - 1) * jump
    return field

# %% grade_id="receptive-field" mistake="strides-not-multiplied" fails=["test-receptive-field"]
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump = stride
    return field

# %% grade_id="count-parameters" mistake="batch-norm-counted-as-zero" fails=["test-count-parameters"]
def count_parameters(model):
    total = 0
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            total += sum(p.numel() for p in layer.parameters() if p.requires_grad)
    return total

# %% grade_id="count-parameters" mistake="buffers-counted" fails=["test-count-parameters"]
def count_parameters(model):
    return sum(tensor.numel() for tensor in model.state_dict().values())

# %% grade_id="count-parameters" mistake="frozen-counted" fails=["test-count-parameters"]
def count_parameters(model):
    return sum(p.numel() for p in model.parameters())

# %% grade_id="count-parameters" mistake="biases-forgotten" fails=["test-count-parameters"]
def count_parameters(model):
    return sum(m.weight.numel() for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))

# %% grade_id="build" mistake="wrong-padding" fails=["test-build-3"]
def build(name, num_classes=10, padding="valid", activation="relu", head=None):
    activate = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels, size, features = [], 3, 32, None
    for layer in [*LAYERS[name], *([] if head is None else [f"fc {head}", "relu"])]:
        kind, *numbers = layer.split()
        if kind == "conv":
            kernel, count = map(int, numbers)
            layers.append(nn.Conv2d(channels, count, kernel, padding=1 if padding == "same" else 0))
            channels = count
            size = conv_output_size(size, kernel, 1, 1 if padding == "same" else 0)
        elif kind == "pool":
            layers.append(nn.MaxPool2d(2))
            size = conv_output_size(size, 2, 2)
        elif kind == "relu":
            layers.append(activate())
        else:
            width = int(numbers[0])
            if features is None:
                layers.append(nn.Flatten())
                features = channels * size * size
            bare = name == "mlp_2" and len(layers) == 3
            layers.append(nn.Linear(features, width, bias=not bare))
            features = width
    if features is None:
        layers.append(nn.Flatten())
        features = channels * size * size
    return nn.Sequential(*layers, nn.Linear(features, num_classes))

# %% grade_id="build" mistake="wrong-padding" fails=["test-build-1", "test-build-2", "test-build-3"]
def build(name, num_classes=10, padding="valid", activation="relu", head=None):
    activate = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels, size, features = [], 3, 32, None
    for layer in [*LAYERS[name], *([] if head is None else [f"fc {head}", "relu"])]:
        kind, *numbers = layer.split()
        if kind == "conv":
            kernel, count = map(int, numbers)
            layers.append(nn.Conv2d(channels, count, kernel, padding="same"))
            channels = count
            size = size
        elif kind == "pool":
            layers.append(nn.MaxPool2d(2))
            size = conv_output_size(size, 2, 2)
        elif kind == "relu":
            layers.append(activate())
        else:
            width = int(numbers[0])
            if features is None:
                layers.append(nn.Flatten())
                features = channels * size * size
            bare = name == "mlp_2" and len(layers) == 3
            layers.append(nn.Linear(features, width, bias=not bare))
            features = width
    if features is None:
        layers.append(nn.Flatten())
        features = channels * size * size
    return nn.Sequential(*layers, nn.Linear(features, num_classes))

# %% grade_id="build" mistake="relu-after-prediction-layer" fails=["test-build-2", "test-build-3"]
def build(name, num_classes=10, padding="valid", activation="relu", head=None):
    activate = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels, size, features = [], 3, 32, None
    for layer in [*LAYERS[name], *([] if head is None else [f"fc {head}", "relu"])]:
        kind, *numbers = layer.split()
        if kind == "conv":
            kernel, count = map(int, numbers)
            layers.append(nn.Conv2d(channels, count, kernel, padding=padding))
            channels = count
            size = size if padding == "same" else conv_output_size(size, kernel)
        elif kind == "pool":
            layers.append(nn.MaxPool2d(2))
            size = conv_output_size(size, 2, 2)
        elif kind == "relu":
            layers.append(activate())
        else:
            width = int(numbers[0])
            if features is None:
                layers.append(nn.Flatten())
                features = channels * size * size
            bare = name == "mlp_2" and len(layers) == 3
            layers.append(nn.Linear(features, width, bias=not bare))
            features = width
    if features is None:
        layers.append(nn.Flatten())
        features = channels * size * size
    return nn.Sequential(*layers, nn.Linear(features, num_classes), nn.ReLU())

# %% grade_id="build" mistake="bias-on-fc-64" fails=["test-build-1", "test-build-2", "test-build-3"]
def build(name, num_classes=10, padding="valid", activation="relu", head=None):
    activate = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels, size, features = [], 3, 32, None
    for layer in [*LAYERS[name], *([] if head is None else [f"fc {head}", "relu"])]:
        kind, *numbers = layer.split()
        if kind == "conv":
            kernel, count = map(int, numbers)
            layers.append(nn.Conv2d(channels, count, kernel, padding=padding))
            channels = count
            size = size if padding == "same" else conv_output_size(size, kernel)
        elif kind == "pool":
            layers.append(nn.MaxPool2d(2))
            size = conv_output_size(size, 2, 2)
        elif kind == "relu":
            layers.append(activate())
        else:
            width = int(numbers[0])
            if features is None:
                layers.append(nn.Flatten())
                features = channels * size * size
            bare = name == "mlp_2" and len(layers) == 3
            layers.append(nn.Linear(features, width, bias=True))
            features = width
    if features is None:
        layers.append(nn.Flatten())
        features = channels * size * size
    return nn.Sequential(*layers, nn.Linear(features, num_classes))

# %% grade_id="build" mistake="activation-ignored" fails=["test-build-2", "test-build-3"]
def build(name, num_classes=10, padding="valid", activation="relu", head=None):
    activate = nn.ReLU
    layers, channels, size, features = [], 3, 32, None
    for layer in [*LAYERS[name], *([] if head is None else [f"fc {head}", "relu"])]:
        kind, *numbers = layer.split()
        if kind == "conv":
            kernel, count = map(int, numbers)
            layers.append(nn.Conv2d(channels, count, kernel, padding=padding))
            channels = count
            size = size if padding == "same" else conv_output_size(size, kernel)
        elif kind == "pool":
            layers.append(nn.MaxPool2d(2))
            size = conv_output_size(size, 2, 2)
        elif kind == "relu":
            layers.append(activate())
        else:
            width = int(numbers[0])
            if features is None:
                layers.append(nn.Flatten())
                features = channels * size * size
            bare = name == "mlp_2" and len(layers) == 3
            layers.append(nn.Linear(features, width, bias=not bare))
            features = width
    if features is None:
        layers.append(nn.Flatten())
        features = channels * size * size
    return nn.Sequential(*layers, nn.Linear(features, num_classes))

# %% grade_id="build" mistake="activation-forgotten" fails=["test-build-3"]
def build(name, num_classes=10, padding="valid", activation="relu", head=None):
    activate = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels, size, features = [], 3, 32, None
    for layer in [*LAYERS[name], *([] if head is None else [f"fc {head}"])]:
        kind, *numbers = layer.split()
        if kind == "conv":
            kernel, count = map(int, numbers)
            layers.append(nn.Conv2d(channels, count, kernel, padding=padding))
            channels = count
            size = size if padding == "same" else conv_output_size(size, kernel)
        elif kind == "pool":
            layers.append(nn.MaxPool2d(2))
            size = conv_output_size(size, 2, 2)
        elif kind == "relu":
            layers.append(activate())
        else:
            width = int(numbers[0])
            if features is None:
                layers.append(nn.Flatten())
                features = channels * size * size
            bare = name == "mlp_2" and len(layers) == 3
            layers.append(nn.Linear(features, width, bias=not bare))
            features = width
    if features is None:
        layers.append(nn.Flatten())
        features = channels * size * size
    return nn.Sequential(*layers, nn.Linear(features, num_classes))

# %% grade_id="build" mistake="head-ignored" fails=["test-build-3"]
def build(name, num_classes=10, padding="valid", activation="relu", head=None):
    activate = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels, size, features = [], 3, 32, None
    for layer in LAYERS[name]:
        kind, *numbers = layer.split()
        if kind == "conv":
            kernel, count = map(int, numbers)
            layers.append(nn.Conv2d(channels, count, kernel, padding=padding))
            channels = count
            size = size if padding == "same" else conv_output_size(size, kernel)
        elif kind == "pool":
            layers.append(nn.MaxPool2d(2))
            size = conv_output_size(size, 2, 2)
        elif kind == "relu":
            layers.append(activate())
        else:
            width = int(numbers[0])
            if features is None:
                layers.append(nn.Flatten())
                features = channels * size * size
            bare = name == "mlp_2" and len(layers) == 3
            layers.append(nn.Linear(features, width, bias=not bare))
            features = width
    if features is None:
        layers.append(nn.Flatten())
        features = channels * size * size
    return nn.Sequential(*layers, nn.Linear(features, num_classes))

# %% grade_id="build" mistake="num-classes-ignored" fails=["test-build-1", "test-build-2", "test-build-3"]
def build(name, num_classes=10, padding="valid", activation="relu", head=None):
    activate = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels, size, features = [], 3, 32, None
    for layer in [*LAYERS[name], *([] if head is None else [f"fc {head}", "relu"])]:
        kind, *numbers = layer.split()
        if kind == "conv":
            kernel, count = map(int, numbers)
            layers.append(nn.Conv2d(channels, count, kernel, padding=padding))
            channels = count
            size = size if padding == "same" else conv_output_size(size, kernel)
        elif kind == "pool":
            layers.append(nn.MaxPool2d(2))
            size = conv_output_size(size, 2, 2)
        elif kind == "relu":
            layers.append(activate())
        else:
            width = int(numbers[0])
            if features is None:
                layers.append(nn.Flatten())
                features = channels * size * size
            bare = name == "mlp_2" and len(layers) == 3
            layers.append(nn.Linear(features, width, bias=not bare))
            features = width
    if features is None:
        layers.append(nn.Flatten())
        features = channels * size * size
    return nn.Sequential(*layers, nn.Linear(features, 10))

# %% grade_id="build" mistake="average-pooling" fails=["test-build-2", "test-build-3"]
def build(name, num_classes=10, padding="valid", activation="relu", head=None):
    activate = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels, size, features = [], 3, 32, None
    for layer in [*LAYERS[name], *([] if head is None else [f"fc {head}", "relu"])]:
        kind, *numbers = layer.split()
        if kind == "conv":
            kernel, count = map(int, numbers)
            layers.append(nn.Conv2d(channels, count, kernel, padding=padding))
            channels = count
            size = size if padding == "same" else conv_output_size(size, kernel)
        elif kind == "pool":
            layers.append(nn.AvgPool2d(2))
            size = conv_output_size(size, 2, 2)
        elif kind == "relu":
            layers.append(activate())
        else:
            width = int(numbers[0])
            if features is None:
                layers.append(nn.Flatten())
                features = channels * size * size
            bare = name == "mlp_2" and len(layers) == 3
            layers.append(nn.Linear(features, width, bias=not bare))
            features = width
    if features is None:
        layers.append(nn.Flatten())
        features = channels * size * size
    return nn.Sequential(*layers, nn.Linear(features, num_classes))

# %% grade_id="build" mistake="layers-not-registered" fails=["test-build-1", "test-build-2", "test-build-3"]
def build(name, num_classes=10, padding="valid", activation="relu", head=None):
    activate = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels, size, features = [], 3, 32, None
    for layer in [*LAYERS[name], *([] if head is None else [f"fc {head}", "relu"])]:
        kind, *numbers = layer.split()
        if kind == "conv":
            kernel, count = map(int, numbers)
            layers.append(nn.Conv2d(channels, count, kernel, padding=padding))
            channels = count
            size = size if padding == "same" else conv_output_size(size, kernel)
        elif kind == "pool":
            layers.append(nn.MaxPool2d(2))
            size = conv_output_size(size, 2, 2)
        elif kind == "relu":
            layers.append(activate())
        else:
            width = int(numbers[0])
            if features is None:
                layers.append(nn.Flatten())
                features = channels * size * size
            bare = name == "mlp_2" and len(layers) == 3
            layers.append(nn.Linear(features, width, bias=not bare))
            features = width
    if features is None:
        layers.append(nn.Flatten())
        features = channels * size * size

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = [*layers, nn.Linear(features, num_classes)]

        def forward(self, x):
            for layer in self.layers:
                x = layer(x)
            return x

    return Network()

# %% grade_id="merge-linear" mistake="first-bias-forgotten" fails=["test-merge-linear"]
def merge_linear(first, second):
    merged = nn.Linear(first.in_features, second.out_features)
    with torch.no_grad():
        merged.weight.copy_(second.weight @ first.weight)
        merged.bias.zero_()
        if second.bias is not None:
            merged.bias += second.bias
    return merged

# %% grade_id="merge-linear" mistake="second-bias-forgotten" fails=["test-merge-linear"]
def merge_linear(first, second):
    merged = nn.Linear(first.in_features, second.out_features)
    with torch.no_grad():
        merged.weight.copy_(second.weight @ first.weight)
        merged.bias.zero_()
        if first.bias is not None:
            merged.bias += second.weight @ first.bias
    return merged

# %% grade_id="merge-linear" mistake="not-one-layer" fails=["test-merge-linear"]
def merge_linear(first, second):
    return nn.Sequential(first, second)

# %% grade_id="train-and-record" mistake="zero-grad-forgotten" fails=["test-train-and-record-1"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="accuracy-in-train-mode" fails=["test-train-and-record-2"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="trained-in-eval-mode" fails=["test-train-and-record-2"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="gradients-tracked" fails=["test-train-and-record-2", "test-train-and-record-3"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        for images, labels in loader:
            right += (model(images).argmax(dim=1) == labels).sum().item()
            count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="mean-of-batch-means" fails=["test-train-and-record-1"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).float().mean().item()
                count += 1
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="steps-counted-per-epoch" fails=["test-train-and-record-1"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        losses, hits = [], []
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="running-sum-not-reset" fails=["test-train-and-record-1"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) % 10 == 0:
                record["loss_curve"].append(sum(losses) / len(losses))
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="last-loss-of-ten" fails=["test-train-and-record-1"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(loss.item())
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="validated-before-the-update" fails=["test-train-and-record-1"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            if len(losses) == 9:
                record["val_acc_curve"].append(accuracy(val_loader))
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="accuracy-after-update" fails=["test-train-and-record-1", "test-train-and-record-3"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((model(images).argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="percent" fails=["test-train-and-record-1"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return 100 * right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="loaders-exchanged" fails=["test-train-and-record-1", "test-train-and-record-2"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(test_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="test-images-during-training" fails=["test-train-and-record-2"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits, best = [], [], 0
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
                best = max(best, accuracy(test_loader))
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="weights-of-another-layer" fails=["test-train-and-record-2"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    record["weights"] = next(model.parameters()).detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="weights-are-a-tensor" fails=["test-train-and-record-1", "test-train-and-record-2"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach()
    return record

# %% grade_id="train-and-record" mistake="no-noise" fails=["test-train-and-record-3"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="noise-of-another-size" fails=["test-train-and-record-3"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise**2 * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="noise-not-centred" fails=["test-train-and-record-3"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.rand_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="train-and-record" mistake="noise-in-evaluation" fails=["test-train-and-record-3"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images + input_noise * torch.randn_like(images)).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    record["weights"] = first.weight.detach().numpy().copy()
    return record

# %% grade_id="gaze-cnn" mistake="batch-norm-before-pool" fails=["test-gaze-cnn-2"]
def gaze_cnn(batch_norm=False):
    norms = [nn.BatchNorm2d(channels) if batch_norm else nn.Identity() for channels in (6, 16)]
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 3), nn.ReLU(), norms[0], nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), norms[1], nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(2592, 256), nn.ReLU(), nn.Linear(256, 4)),
    )

# %% grade_id="gaze-cnn" mistake="batch-norm-before-relu" fails=["test-gaze-cnn-2"]
def gaze_cnn(batch_norm=False):
    norms = [nn.BatchNorm2d(channels) if batch_norm else nn.Identity() for channels in (6, 16)]
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 3), norms[0], nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), norms[1], nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(2592, 256), nn.ReLU(), nn.Linear(256, 4)),
    )

# %% grade_id="gaze-cnn" mistake="batch-norm-counted-as-zero" fails=["test-gaze-cnn-2"]
def gaze_cnn(batch_norm=False):
    norms = [nn.BatchNorm2d(channels, affine=False) if batch_norm else nn.Identity() for channels in (6, 16)]
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), norms[0]),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), norms[1]),
        *(nn.Flatten(), nn.Linear(2592, 256), nn.ReLU(), nn.Linear(256, 4)),
    )

# %% grade_id="gaze-cnn" mistake="relu-after-prediction-layer" fails=["test-gaze-cnn-1", "test-gaze-cnn-2"]
def gaze_cnn(batch_norm=False):
    norms = [nn.BatchNorm2d(channels) if batch_norm else nn.Identity() for channels in (6, 16)]
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), norms[0]),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), norms[1]),
        *(nn.Flatten(), nn.Linear(2592, 256), nn.ReLU(), nn.Linear(256, 4), nn.ReLU()),
    )

# %% grade_id="gaze-cnn" mistake="activation-forgotten" fails=["test-gaze-cnn-1", "test-gaze-cnn-2"]
def gaze_cnn(batch_norm=False):
    norms = [nn.BatchNorm2d(channels) if batch_norm else nn.Identity() for channels in (6, 16)]
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), norms[0]),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), norms[1]),
        *(nn.Flatten(), nn.Linear(2592, 256), nn.Linear(256, 4)),
    )

# %% grade_id="gaze-cnn" mistake="wrong-padding" fails=["test-gaze-cnn-1", "test-gaze-cnn-2"]
def gaze_cnn(batch_norm=False):
    norms = [nn.BatchNorm2d(channels) if batch_norm else nn.Identity() for channels in (6, 16)]
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), norms[0]),
        *(nn.Conv2d(6, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), norms[1]),
        *(nn.Flatten(), nn.Linear(16 * 9 * 30, 256), nn.ReLU(), nn.Linear(256, 4)),
    )

# %% grade_id="build" mistake="view-for-flatten" fails=["test-build-2"]
class Rows(nn.Module):
    def forward(self, x):
        return x.view(len(x), -1)


def build(name, num_classes=10, padding="valid", activation="relu", head=None):
    """Return one of the five networks, a new nn.Module from images (B, 3, 32, 32) to logits.

    name: "mlp_1", "mlp_2", "cnn_3", "cnn_4" or "cnn_5". The logits have shape (B, num_classes).
    padding: "valid" or "same", for all convolutions. activation: "relu" or "sigmoid".
    head: units of an additional layer (with activation) before the prediction layer, or None.
    """
    activate = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels, size, features = [], 3, 32, None
    for layer in [*LAYERS[name], *([] if head is None else [f"fc {head}", "relu"])]:
        kind, *numbers = layer.split()
        if kind == "conv":
            kernel, count = map(int, numbers)
            layers.append(nn.Conv2d(channels, count, kernel, padding=padding))
            channels = count
            size = size if padding == "same" else conv_output_size(size, kernel)
        elif kind == "pool":
            layers.append(nn.MaxPool2d(2))
            size = conv_output_size(size, 2, 2)
        elif kind == "relu":
            layers.append(activate())
        else:
            width = int(numbers[0])
            if features is None:
                layers.append(Rows())
                features = channels * size * size
            bare = name == "mlp_2" and len(layers) == 3
            layers.append(nn.Linear(features, width, bias=not bare))
            features = width
    if features is None:
        layers.append(Rows())
        features = channels * size * size
    return nn.Sequential(*layers, nn.Linear(features, num_classes))

# %% grade_id="gaze-cnn" mistake="view-for-flatten" fails=["test-gaze-cnn-1", "test-gaze-cnn-2"]
class Rows(nn.Module):
    def forward(self, x):
        return x.view(len(x), -1)


def gaze_cnn(batch_norm=False):
    """Return the network of the table, a new nn.Module from (B, 1, 36, 120) to logits (B, 4).

    batch_norm: True for a batch normalisation after each of the two pools.
    """
    norms = [nn.BatchNorm2d(channels) if batch_norm else nn.Identity() for channels in (6, 16)]
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), norms[0]),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), norms[1]),
        *(Rows(), nn.Linear(2592, 256), nn.ReLU(), nn.Linear(256, 4)),
    )

# %% grade_id="train-and-record" mistake="weights-of-another-layer" fails=["test-train-and-record-2"]
def train_and_record(
    name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0
):
    """Train a model in place with cross-entropy and return the record described above, a dict.

    Loaders yield (images, labels), images float32 (B, ...), labels int64 (B,).
    optimizer: holds the model's parameters. input_noise: standard deviation.
    """

    def accuracy(loader):
        model.eval()
        right = count = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (model(images).argmax(dim=1) == labels).sum().item()
                count += len(labels)
        model.train()
        return right / count

    record = {"name": name, "loss_curve": [], "train_acc_curve": [], "val_acc_curve": []}
    losses, hits = [], []
    model.train()
    for _ in progress(range(epochs), name):
        for images, labels in train_loader:
            if input_noise:
                images = images + input_noise * torch.randn_like(images)
            optimizer.zero_grad()
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            hits.append((logits.argmax(dim=1) == labels).float())
            if len(losses) == 10:
                record["loss_curve"].append(sum(losses) / 10)
                record["train_acc_curve"].append(torch.cat(hits).mean().item())
                record["val_acc_curve"].append(accuracy(val_loader))
                losses, hits = [], []
    record["test_acc"] = accuracy(test_loader)
    first = next(m for m in model.modules() if isinstance(m, nn.Linear))
    record["weights"] = first.weight.detach().numpy().copy()
    return record
