# %% grade_id="pad-images" mistake="wrong-amount-of-padding" fails=["test-pad-images"]
def pad_images(images):
    padded = np.pad(images, ((0, 0), (4, 4), (4, 4)))
    return (padded / 255).astype(np.float32)[:, None]

# %% grade_id="pad-images" mistake="padded-at-one-side" fails=["test-pad-images"]
def pad_images(images):
    padded = np.pad(images, ((0, 0), (0, 4), (0, 4)))
    return (padded / 255).astype(np.float32)[:, None]

# %% grade_id="pad-images" mistake="padded-with-white" fails=["test-pad-images"]
def pad_images(images):
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2)), constant_values=255)
    return (padded / 255).astype(np.float32)[:, None]

# %% grade_id="pad-images" mistake="pixels-not-in-0-1" fails=["test-pad-images"]
def pad_images(images):
    return np.pad(images, ((0, 0), (2, 2), (2, 2))).astype(np.float32)[:, None]

# %% grade_id="pad-images" mistake="divided-by-the-maximum" fails=["test-pad-images"]
def pad_images(images):
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    return (padded / padded.max()).astype(np.float32)[:, None]

# %% grade_id="pad-images" mistake="channel-axis-missing" fails=["test-pad-images"]
def pad_images(images):
    return (np.pad(images, ((0, 0), (2, 2), (2, 2))) / 255).astype(np.float32)

# %% grade_id="pad-images" mistake="every-axis-padded" fails=["test-pad-images"]
def pad_images(images):
    return (np.pad(images, 2) / 255).astype(np.float32)[:, None]

# %% grade_id="pad-images" mistake="not-float32" fails=["test-pad-images"]
def pad_images(images):
    return np.pad(images, ((0, 0), (2, 2), (2, 2)))[:, None] / 255

# %% grade_id="build-vgg11" mistake="no-batch-norm" fails=["test-build-vgg11-1", "test-build-vgg11-2", "test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="batch-norm-ignored" fails=["test-build-vgg11-1", "test-build-vgg11-2", "test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="bias-missing" fails=["test-build-vgg11-1", "test-build-vgg11-2", "test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="width-not-on-hidden-layers" fails=["test-build-vgg11-1", "test-build-vgg11-2", "test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="width-ignored" fails=["test-build-vgg11-1", "test-build-vgg11-2", "test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="pool-missing" fails=["test-build-vgg11-1", "test-build-vgg11-2", "test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="pool-missing" fails=["test-build-vgg11-2", "test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="pool-too-many" fails=["test-build-vgg11-2", "test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="three-input-channels" fails=["test-build-vgg11-1", "test-build-vgg11-2", "test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="no-conv-padding" fails=["test-build-vgg11-2", "test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="activation-after-last-layer" fails=["test-build-vgg11-2"]
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

# %% grade_id="build-vgg11" mistake="softmax-in-model" fails=["test-build-vgg11-2", "test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="activation-ignored" fails=["test-build-vgg11-2"]
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

# %% grade_id="build-vgg11" mistake="activation-missing" fails=["test-build-vgg11-2"]
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

# %% grade_id="build-vgg11" mistake="batch-norm-after-activation" fails=["test-build-vgg11-2"]
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

# %% grade_id="build-vgg11" mistake="dropout-missing" fails=["test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="dropout-once" fails=["test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="dropout-after-last-layer" fails=["test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="dropout-before-the-layer" fails=["test-build-vgg11-3"]
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

# %% grade_id="build-vgg11" mistake="dropout-ignored" fails=["test-build-vgg11-3"]
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

# %% grade_id="run-study" mistake="summed-not-averaged" fails=["test-run-study-1", "test-run-study-2"]
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

# %% grade_id="run-study" mistake="mean-of-batch-means" fails=["test-run-study-1"]
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

# %% grade_id="run-study" mistake="last-batch-dropped" fails=["test-run-study-1", "test-run-study-2", "test-run-study-3"]
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

# %% grade_id="run-study" mistake="percent" fails=["test-run-study-1"]
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

# %% grade_id="run-study" mistake="measured-while-training" fails=["test-run-study-2"]
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

# %% grade_id="run-study" mistake="zero-grad-forgotten" fails=["test-run-study-2"]
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

# %% grade_id="run-study" mistake="not-shuffled" fails=["test-run-study-2"]
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

# %% grade_id="run-study" mistake="evaluated-in-train-mode" fails=["test-run-study-3"]
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

# %% grade_id="run-study" mistake="trained-in-eval-mode" fails=["test-run-study-3"]
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

# %% grade_id="run-study" mistake="mode-not-restored" fails=["test-run-study-3"]
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

# %% grade_id="run-study" mistake="gradients-tracked" fails=["test-run-study-3"]
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

# %% grade_id="run-study" mistake="seconds-missing" fails=["test-run-study-1", "test-run-study-2", "test-run-study-3"]
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

# %% grade_id="run-study" mistake="seconds-add-up" fails=["test-run-study-3"]
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

# %% grade_id="run-study" mistake="same-order-in-each-epoch" fails=["test-run-study-2"]
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    """Train a model on the cross-entropy and measure it after each epoch.

    train, test: pairs of arrays, images float32 (N, 1, H, W) and labels int64 (N,).
    optimizer: holds the model's parameters.
    Returns a dict of lists with one float for each epoch: "train_loss", "test_loss" (means over
    images), "train_acc", "test_acc" (fractions), all in evaluation mode and without tracking
    gradients, and "seconds" of training. The model ends in the mode in which it came.
    """
    sets = {"train": train, "test": test}
    sets = {name: tuple(torch.as_tensor(part) for part in pair) for name, pair in sets.items()}
    images, labels = sets["train"]
    came_in_training = model.training
    keys = ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")
    history = {key: [] for key in keys}
    order = torch.randperm(len(images))
    for _ in progress(range(epochs), "epochs"):
        began = time.perf_counter()
        model.train()
        for chosen in order.split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        history["seconds"].append(time.perf_counter() - began)
        model.eval()
        for name, (x, y) in sets.items():
            with torch.no_grad():
                logits = torch.cat([model(part) for part in x.split(SPEED.evaluation_batch)])
            history[f"{name}_loss"].append(F.cross_entropy(logits, y).item())
            history[f"{name}_acc"].append((logits.argmax(dim=1) == y).float().mean().item())
    model.train(came_in_training)
    return history
