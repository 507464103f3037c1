# %% pad-images | wrong-amount-of-padding | test-pad-images
def pad_images(images):
    padded = np.pad(images, ((0, 0), (4, 4), (4, 4)))
    return (padded / 255).astype(np.float32)[:, None]


# %% pad-images | padded-at-one-side | test-pad-images
def pad_images(images):
    padded = np.pad(images, ((0, 0), (0, 4), (0, 4)))
    return (padded / 255).astype(np.float32)[:, None]


# %% pad-images | padded-with-white | test-pad-images
def pad_images(images):
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2)), constant_values=255)
    return (padded / 255).astype(np.float32)[:, None]


# %% pad-images | pixels-not-in-0-1 | test-pad-images
def pad_images(images):
    return np.pad(images, ((0, 0), (2, 2), (2, 2))).astype(np.float32)[:, None]


# %% pad-images | divided-by-the-maximum | test-pad-images
def pad_images(images):
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    return (padded / padded.max()).astype(np.float32)[:, None]


# %% pad-images | channel-axis-missing | test-pad-images
def pad_images(images):
    return (np.pad(images, ((0, 0), (2, 2), (2, 2))) / 255).astype(np.float32)


# %% pad-images | every-axis-padded | test-pad-images
def pad_images(images):
    return (np.pad(images, 2) / 255).astype(np.float32)[:, None]


# %% pad-images | not-float32 | test-pad-images
def pad_images(images):
    return np.pad(images, ((0, 0), (2, 2), (2, 2)))[:, None] / 255


# %% build-vgg11 | no-batch-norm | test-build-vgg11-1, test-build-vgg11-2, test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | batch-norm-ignored | test-build-vgg11-1, test-build-vgg11-2, test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | bias-missing | test-build-vgg11-1, test-build-vgg11-2, test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1, bias=False))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | width-not-on-hidden-layers | test-build-vgg11-1, test-build-vgg11-2, test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = 4096
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | width-ignored | test-build-vgg11-1, test-build-vgg11-2, test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = size
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = 4096
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | pool-missing | test-build-vgg11-1, test-build-vgg11-2, test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(4 * channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | pool-missing | test-build-vgg11-2, test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | pool-too-many | test-build-vgg11-2, test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool", "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | three-input-channels | test-build-vgg11-1, test-build-vgg11-2, test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 3
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | no-conv-padding | test-build-vgg11-2, test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | activation-after-last-layer | test-build-vgg11-2
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10), active(),
    )


# %% build-vgg11 | softmax-in-model | test-build-vgg11-2, test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10), nn.Softmax(dim=1),
    )


# %% build-vgg11 | activation-ignored | test-build-vgg11-2
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = nn.ReLU
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | activation-missing | test-build-vgg11-2
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | batch-norm-after-activation | test-build-vgg11-2
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        layers.append(active())
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | dropout-missing | test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(),
        nn.Linear(hidden, hidden), active(),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | dropout-once | test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | dropout-after-last-layer | test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, 10), nn.Dropout(dropout),
    )


# %% build-vgg11 | dropout-before-the-layer | test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(), nn.Dropout(dropout),
        nn.Linear(channels, hidden), active(), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), active(),
        nn.Linear(hidden, 10),
    )


# %% build-vgg11 | dropout-ignored | test-build-vgg11-3
def build_vgg11(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
    active = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    layers, channels = [], 1
    for size in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        kernels = round(width * size)
        layers.append(nn.Conv2d(channels, kernels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(kernels))
        layers.append(active())
        channels = kernels
    hidden = round(width * 4096)
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels, hidden), active(), nn.Dropout(0.5),
        nn.Linear(hidden, hidden), active(), nn.Dropout(0.5),
        nn.Linear(hidden, 10),
    )


# %% run-study | summed-not-averaged | test-run-study-1, test-run-study-2
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    images, labels = (torch.as_tensor(part) for part in train)
    before = model.training
    history = {key: [] for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
    for _ in range(epochs):
        began = time.perf_counter()
        model.train()
        for chosen in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        history["seconds"].append(time.perf_counter() - began)
        model.eval()
        for name, pair in (("train", train), ("test", test)):
            x, y = (torch.as_tensor(part) for part in pair)
            loss, right = 0.0, 0
            with torch.no_grad():
                for start in range(0, len(x), 128):
                    logits = model(x[start : start + 128])
                    loss += F.cross_entropy(logits, y[start : start + 128], reduction="sum").item()
                    right += (logits.argmax(dim=1) == y[start : start + 128]).sum().item()
            history[f"{name}_loss"].append(loss)
            history[f"{name}_acc"].append(right / len(x))
    model.train(before)
    return history


# %% run-study | mean-of-batch-means | test-run-study-1
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    images, labels = (torch.as_tensor(part) for part in train)
    before = model.training
    history = {key: [] for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
    for _ in range(epochs):
        began = time.perf_counter()
        model.train()
        for chosen in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        history["seconds"].append(time.perf_counter() - began)
        model.eval()
        for name, pair in (("train", train), ("test", test)):
            x, y = (torch.as_tensor(part) for part in pair)
            loss, right = 0.0, 0
            with torch.no_grad():
                for start in range(0, len(x), 128):
                    logits = model(x[start : start + 128])
                    loss += F.cross_entropy(logits, y[start : start + 128], reduction="mean").item() / -(-len(x) // 128)
                    right += (logits.argmax(dim=1) == y[start : start + 128]).sum().item()
            history[f"{name}_loss"].append(loss)
            history[f"{name}_acc"].append(right / len(x))
    model.train(before)
    return history


# %% run-study | last-batch-dropped | test-run-study-1, test-run-study-2, test-run-study-3
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    images, labels = (torch.as_tensor(part) for part in train)
    before = model.training
    history = {key: [] for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
    for _ in range(epochs):
        began = time.perf_counter()
        model.train()
        for chosen in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        history["seconds"].append(time.perf_counter() - began)
        model.eval()
        for name, pair in (("train", train), ("test", test)):
            x, y = (torch.as_tensor(part) for part in pair)
            loss, right = 0.0, 0
            with torch.no_grad():
                for start in range(0, len(x) - 127, 128):
                    logits = model(x[start : start + 128])
                    loss += F.cross_entropy(logits, y[start : start + 128], reduction="sum").item()
                    right += (logits.argmax(dim=1) == y[start : start + 128]).sum().item()
            history[f"{name}_loss"].append(loss / len(x))
            history[f"{name}_acc"].append(right / len(x))
    model.train(before)
    return history


# %% run-study | percent | test-run-study-1
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    images, labels = (torch.as_tensor(part) for part in train)
    before = model.training
    history = {key: [] for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
    for _ in range(epochs):
        began = time.perf_counter()
        model.train()
        for chosen in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        history["seconds"].append(time.perf_counter() - began)
        model.eval()
        for name, pair in (("train", train), ("test", test)):
            x, y = (torch.as_tensor(part) for part in pair)
            loss, right = 0.0, 0
            with torch.no_grad():
                for start in range(0, len(x), 128):
                    logits = model(x[start : start + 128])
                    loss += F.cross_entropy(logits, y[start : start + 128], reduction="sum").item()
                    right += (logits.argmax(dim=1) == y[start : start + 128]).sum().item()
            history[f"{name}_loss"].append(loss / len(x))
            history[f"{name}_acc"].append(100 * right / len(x))
    model.train(before)
    return history


# %% run-study | measured-while-training | test-run-study-2
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    images, labels = (torch.as_tensor(part) for part in train)
    before = model.training
    history = {key: [] for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
    for _ in range(epochs):
        began = time.perf_counter()
        model.train()
        running = []
        for chosen in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad()
            batch_loss = F.cross_entropy(model(images[chosen]), labels[chosen])
            batch_loss.backward()
            running.append(batch_loss.item() * len(chosen))
            optimizer.step()
        history["seconds"].append(time.perf_counter() - began)
        model.eval()
        for name, pair in (("train", train), ("test", test)):
            x, y = (torch.as_tensor(part) for part in pair)
            loss, right = 0.0, 0
            with torch.no_grad():
                for start in range(0, len(x), 128):
                    logits = model(x[start : start + 128])
                    loss += F.cross_entropy(logits, y[start : start + 128], reduction="sum").item()
                    right += (logits.argmax(dim=1) == y[start : start + 128]).sum().item()
            history[f"{name}_loss"].append(sum(running) / len(x) if name == "train" else loss / len(x))
            history[f"{name}_acc"].append(right / len(x))
    model.train(before)
    return history


# %% run-study | zero-grad-forgotten | test-run-study-2
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    images, labels = (torch.as_tensor(part) for part in train)
    before = model.training
    history = {key: [] for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
    for _ in range(epochs):
        began = time.perf_counter()
        model.train()
        for chosen in torch.randperm(len(images)).split(batch_size):
            F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        history["seconds"].append(time.perf_counter() - began)
        model.eval()
        for name, pair in (("train", train), ("test", test)):
            x, y = (torch.as_tensor(part) for part in pair)
            loss, right = 0.0, 0
            with torch.no_grad():
                for start in range(0, len(x), 128):
                    logits = model(x[start : start + 128])
                    loss += F.cross_entropy(logits, y[start : start + 128], reduction="sum").item()
                    right += (logits.argmax(dim=1) == y[start : start + 128]).sum().item()
            history[f"{name}_loss"].append(loss / len(x))
            history[f"{name}_acc"].append(right / len(x))
    model.train(before)
    return history


# %% run-study | not-shuffled | test-run-study-2
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    images, labels = (torch.as_tensor(part) for part in train)
    before = model.training
    history = {key: [] for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
    for _ in range(epochs):
        began = time.perf_counter()
        model.train()
        for chosen in torch.arange(len(images)).split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        history["seconds"].append(time.perf_counter() - began)
        model.eval()
        for name, pair in (("train", train), ("test", test)):
            x, y = (torch.as_tensor(part) for part in pair)
            loss, right = 0.0, 0
            with torch.no_grad():
                for start in range(0, len(x), 128):
                    logits = model(x[start : start + 128])
                    loss += F.cross_entropy(logits, y[start : start + 128], reduction="sum").item()
                    right += (logits.argmax(dim=1) == y[start : start + 128]).sum().item()
            history[f"{name}_loss"].append(loss / len(x))
            history[f"{name}_acc"].append(right / len(x))
    model.train(before)
    return history


# %% run-study | evaluated-in-train-mode | test-run-study-3
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    images, labels = (torch.as_tensor(part) for part in train)
    before = model.training
    history = {key: [] for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
    for _ in range(epochs):
        began = time.perf_counter()
        model.train()
        for chosen in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        history["seconds"].append(time.perf_counter() - began)
        for name, pair in (("train", train), ("test", test)):
            x, y = (torch.as_tensor(part) for part in pair)
            loss, right = 0.0, 0
            with torch.no_grad():
                for start in range(0, len(x), 128):
                    logits = model(x[start : start + 128])
                    loss += F.cross_entropy(logits, y[start : start + 128], reduction="sum").item()
                    right += (logits.argmax(dim=1) == y[start : start + 128]).sum().item()
            history[f"{name}_loss"].append(loss / len(x))
            history[f"{name}_acc"].append(right / len(x))
    model.train(before)
    return history


# %% run-study | trained-in-eval-mode | test-run-study-3
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    images, labels = (torch.as_tensor(part) for part in train)
    before = model.training
    history = {key: [] for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
    for _ in range(epochs):
        began = time.perf_counter()
        for chosen in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        history["seconds"].append(time.perf_counter() - began)
        model.eval()
        for name, pair in (("train", train), ("test", test)):
            x, y = (torch.as_tensor(part) for part in pair)
            loss, right = 0.0, 0
            with torch.no_grad():
                for start in range(0, len(x), 128):
                    logits = model(x[start : start + 128])
                    loss += F.cross_entropy(logits, y[start : start + 128], reduction="sum").item()
                    right += (logits.argmax(dim=1) == y[start : start + 128]).sum().item()
            history[f"{name}_loss"].append(loss / len(x))
            history[f"{name}_acc"].append(right / len(x))
    model.train(before)
    return history


# %% run-study | mode-not-restored | test-run-study-3
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    images, labels = (torch.as_tensor(part) for part in train)
    before = model.training
    history = {key: [] for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
    for _ in range(epochs):
        began = time.perf_counter()
        model.train()
        for chosen in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        history["seconds"].append(time.perf_counter() - began)
        model.eval()
        for name, pair in (("train", train), ("test", test)):
            x, y = (torch.as_tensor(part) for part in pair)
            loss, right = 0.0, 0
            with torch.no_grad():
                for start in range(0, len(x), 128):
                    logits = model(x[start : start + 128])
                    loss += F.cross_entropy(logits, y[start : start + 128], reduction="sum").item()
                    right += (logits.argmax(dim=1) == y[start : start + 128]).sum().item()
            history[f"{name}_loss"].append(loss / len(x))
            history[f"{name}_acc"].append(right / len(x))
    return history


# %% run-study | gradients-tracked | test-run-study-3
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    images, labels = (torch.as_tensor(part) for part in train)
    before = model.training
    history = {key: [] for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
    for _ in range(epochs):
        began = time.perf_counter()
        model.train()
        for chosen in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        history["seconds"].append(time.perf_counter() - began)
        model.eval()
        for name, pair in (("train", train), ("test", test)):
            x, y = (torch.as_tensor(part) for part in pair)
            loss, right = 0.0, 0
            if True:
                for start in range(0, len(x), 128):
                    logits = model(x[start : start + 128])
                    loss += F.cross_entropy(logits, y[start : start + 128], reduction="sum").item()
                    right += (logits.argmax(dim=1) == y[start : start + 128]).sum().item()
            history[f"{name}_loss"].append(loss / len(x))
            history[f"{name}_acc"].append(right / len(x))
    model.train(before)
    return history


# %% run-study | seconds-missing | test-run-study-1, test-run-study-2, test-run-study-3
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    images, labels = (torch.as_tensor(part) for part in train)
    before = model.training
    history = {key: [] for key in ("train_loss", "test_loss", "train_acc", "test_acc")}
    for _ in range(epochs):
        began = time.perf_counter()
        model.train()
        for chosen in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        model.eval()
        for name, pair in (("train", train), ("test", test)):
            x, y = (torch.as_tensor(part) for part in pair)
            loss, right = 0.0, 0
            with torch.no_grad():
                for start in range(0, len(x), 128):
                    logits = model(x[start : start + 128])
                    loss += F.cross_entropy(logits, y[start : start + 128], reduction="sum").item()
                    right += (logits.argmax(dim=1) == y[start : start + 128]).sum().item()
            history[f"{name}_loss"].append(loss / len(x))
            history[f"{name}_acc"].append(right / len(x))
    model.train(before)
    return history


# %% run-study | seconds-add-up | test-run-study-3
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    images, labels = (torch.as_tensor(part) for part in train)
    before = model.training
    history = {key: [] for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
    began = time.perf_counter()
    for _ in range(epochs):
        model.train()
        for chosen in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        history["seconds"].append(time.perf_counter() - began)
        model.eval()
        for name, pair in (("train", train), ("test", test)):
            x, y = (torch.as_tensor(part) for part in pair)
            loss, right = 0.0, 0
            with torch.no_grad():
                for start in range(0, len(x), 128):
                    logits = model(x[start : start + 128])
                    loss += F.cross_entropy(logits, y[start : start + 128], reduction="sum").item()
                    right += (logits.argmax(dim=1) == y[start : start + 128]).sum().item()
            history[f"{name}_loss"].append(loss / len(x))
            history[f"{name}_acc"].append(right / len(x))
    model.train(before)
    return history
