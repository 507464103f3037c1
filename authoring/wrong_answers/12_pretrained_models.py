# %% grade_id="image-folder-dataset" mistake="transform-not-applied" fails=["test-image-folder-dataset-1", "test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        try:
            with Image.open(path) as image:
                colour = image.convert("RGB")
        except OSError as error:
            raise ValueError(f"{path} is not an image: {error}") from error
        return colour

# %% grade_id="image-folder-dataset" mistake="normalisation-missing" fails=["test-image-folder-dataset-1", "test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        try:
            with Image.open(path) as image:
                colour = image.convert("RGB")
        except OSError as error:
            raise ValueError(f"{path} is not an image: {error}") from error
        return torch.from_numpy(np.array(colour, dtype=np.float32)).permute(2, 0, 1) / 255

# %% grade_id="image-folder-dataset" mistake="another-networks-normalisation" fails=["test-image-folder-dataset-1", "test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        try:
            with Image.open(path) as image:
                colour = image.convert("RGB")
        except OSError as error:
            raise ValueError(f"{path} is not an image: {error}") from error
        pixels = torch.from_numpy(np.array(colour, dtype=np.float32)).permute(2, 0, 1) / 255
        return torchvision.transforms.functional.normalize(pixels, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))

# %% grade_id="image-folder-dataset" mistake="preprocessed-twice" fails=["test-image-folder-dataset-1", "test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        try:
            with Image.open(path) as image:
                colour = image.convert("RGB")
        except OSError as error:
            raise ValueError(f"{path} is not an image: {error}") from error
        return torchvision.transforms.functional.normalize(
            self.transform(colour), (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
        )

# %% grade_id="image-folder-dataset" mistake="not-converted-to-rgb" fails=["test-image-folder-dataset-1"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        try:
            with Image.open(path) as image:
                colour = image.copy()
        except OSError as error:
            raise ValueError(f"{path} is not an image: {error}") from error
        return self.transform(colour)

# %% grade_id="image-folder-dataset" mistake="channels-reversed" fails=["test-image-folder-dataset-1", "test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        try:
            with Image.open(path) as image:
                colour = image.convert("RGB")
        except OSError as error:
            raise ValueError(f"{path} is not an image: {error}") from error
        return self.transform(Image.fromarray(np.array(colour)[:, :, ::-1].copy()))

# %% grade_id="image-folder-dataset" mistake="channel-axis-last" fails=["test-image-folder-dataset-1", "test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        try:
            with Image.open(path) as image:
                colour = image.convert("RGB")
        except OSError as error:
            raise ValueError(f"{path} is not an image: {error}") from error
        return self.transform(colour).permute(1, 2, 0)

# %% grade_id="image-folder-dataset" mistake="batch-axis-in-item" fails=["test-image-folder-dataset-1", "test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        try:
            with Image.open(path) as image:
                colour = image.convert("RGB")
        except OSError as error:
            raise ValueError(f"{path} is not an image: {error}") from error
        return self.transform(colour).unsqueeze(0)

# %% grade_id="image-folder-dataset" mistake="not-a-single-tensor" fails=["test-image-folder-dataset-1", "test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        try:
            with Image.open(path) as image:
                colour = image.convert("RGB")
        except OSError as error:
            raise ValueError(f"{path} is not an image: {error}") from error
        return self.transform(colour), path

# %% grade_id="image-folder-dataset" mistake="error-swallowed" fails=["test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        try:
            with Image.open(self.paths[index]) as image:
                colour = image.convert("RGB")
        except OSError:
            colour = Image.new("RGB", (224, 224))
        return self.transform(colour)

# %% grade_id="image-folder-dataset" mistake="error-swallowed" fails=["test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        try:
            with Image.open(self.paths[index]) as image:
                return self.transform(image.convert("RGB"))
        except OSError as error:
            print(error)

# %% grade_id="image-folder-dataset" mistake="error-without-the-file" fails=["test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        try:
            with Image.open(path) as image:
                colour = image.convert("RGB")
        except OSError as error:
            raise ValueError("not an image") from error
        return self.transform(colour)

# %% grade_id="image-folder-dataset" mistake="another-error" fails=["test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        with Image.open(self.paths[index]) as image:
            return self.transform(image.convert("RGB"))

# %% grade_id="image-folder-dataset" mistake="another-error" fails=["test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        try:
            image = Image.open(path)
        except OSError as error:
            raise ValueError(f"{path} is not an image") from error
        return self.transform(image.convert("RGB"))

# %% grade_id="image-folder-dataset" mistake="order-of-paths-lost" fails=["test-image-folder-dataset-1", "test-image-folder-dataset-2"]
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths, self.transform = sorted(paths), transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        try:
            return self.transform(Image.open(self.paths[index]).convert("RGB"))
        except OSError:
            raise ValueError(self.paths[index])

# %% grade_id="predict" mistake="softmax-missing" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(images) for images in loader])

# %% grade_id="predict" mistake="softmax-twice" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(images).softmax(dim=1).softmax(dim=1) for images in loader])

# %% grade_id="predict" mistake="softmax-over-the-batch" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(images).softmax(dim=0) for images in loader])

# %% grade_id="predict" mistake="log-probabilities" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(images).log_softmax(dim=1) for images in loader])

# %% grade_id="predict" mistake="sigmoid-not-softmax" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([torch.sigmoid(model(images)) for images in loader])

# %% grade_id="predict" mistake="predicted-in-train-mode" fails=["test-predict"]
def predict(model, loader):
    with torch.no_grad():
        return torch.cat([model(images).softmax(dim=1) for images in loader])

# %% grade_id="predict" mistake="gradients-tracked" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    return torch.cat([model(images).softmax(dim=1).detach() for images in loader])

# %% grade_id="predict" mistake="last-batch-only" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        for images in loader:
            probabilities = model(images).softmax(dim=1)
    return probabilities

# %% grade_id="predict" mistake="labels-not-probabilities" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(images).argmax(dim=1) for images in loader])

# %% grade_id="predict" mistake="stacked-not-joined" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.stack([torch.softmax(model(images), dim=1) for images in loader])

# %% grade_id="top-k" mistake="ascending" fails=["test-top-k"]
def top_k(probabilities, k, categories):
    order = probabilities.argsort(dim=1)[:, :k]
    return [[(categories[i], float(row[i])) for i in places] for row, places in zip(probabilities, order)]

# %% grade_id="top-k" mistake="ascending" fails=["test-top-k"]
def top_k(probabilities, k, categories):
    order = probabilities.argsort(dim=1)[:, -k:]
    return [[(categories[i], float(row[i])) for i in places] for row, places in zip(probabilities, order)]

# %% grade_id="top-k" mistake="not-sorted" fails=["test-top-k"]
def top_k(probabilities, k, categories):
    order = probabilities.topk(k, dim=1).indices.sort(dim=1).values
    return [[(categories[i], float(row[i])) for i in places] for row, places in zip(probabilities, order)]

# %% grade_id="top-k" mistake="labels-off-by-one" fails=["test-top-k"]
def top_k(probabilities, k, categories):
    order = probabilities.argsort(dim=1, descending=True)[:, :k]
    return [[(categories[i - 1], float(row[i])) for i in places] for row, places in zip(probabilities, order)]

# %% grade_id="top-k" mistake="wrong-row" fails=["test-top-k"]
def top_k(probabilities, k, categories):
    order = probabilities.argsort(dim=1, descending=True)[:, :k]
    return [[(categories[i], float(probabilities[0, i])) for i in order[0]] for _ in probabilities]

# %% grade_id="top-k" mistake="wrong-row" fails=["test-top-k"]
def top_k(probabilities, k, categories):
    values, indices = probabilities.topk(k, dim=1)
    return [[(categories[i], float(p)) for i, p in zip(row, values[0])] for row in indices]

# %% grade_id="top-k" mistake="probabilities-not-sorted" fails=["test-top-k"]
def top_k(probabilities, k, categories):
    order = probabilities.argsort(dim=1, descending=True)[:, :k]
    return [
        [(categories[i], float(p)) for i, p in zip(places, row)] for row, places in zip(probabilities, order)
    ]

# %% grade_id="top-k" mistake="percent" fails=["test-top-k"]
def top_k(probabilities, k, categories):
    values, indices = probabilities.topk(k, dim=1)
    return [
        [(categories[i], 100 * float(p)) for i, p in zip(places, row)] for places, row in zip(indices, values)
    ]

# %% grade_id="top-k" mistake="no-label-in-pair" fails=["test-top-k"]
def top_k(probabilities, k, categories):
    values, indices = probabilities.topk(k, dim=1)
    return [[(int(i), float(p)) for i, p in zip(places, row)] for places, row in zip(indices, values)]

# %% grade_id="top-k" mistake="not-one-list-a-row" fails=["test-top-k"]
def top_k(probabilities, k, categories):
    values, indices = probabilities[0].topk(k)
    return [[(categories[i], float(p)) for i, p in zip(indices, values)]]

# %% grade_id="top-k" mistake="not-the-most-probable" fails=["test-top-k"]
def top_k(probabilities, k, categories):
    rows = []
    for row in probabilities.tolist():
        rows.append(sorted(zip(categories, row), reverse=True)[:k])
    return rows

# %% grade_id="freeze-features" mistake="nothing-frozen" fails=["test-freeze-features"]
def freeze_features(model):
    model.requires_grad = False

# %% grade_id="freeze-features" mistake="nothing-frozen" fails=["test-freeze-features"]
def freeze_features(model):
    model.eval()

# %% grade_id="freeze-features" mistake="frozen-head" fails=["test-freeze-features"]
def freeze_features(model):
    for parameter in model.parameters():
        parameter.requires_grad = False

# %% grade_id="freeze-features" mistake="features-not-all-frozen" fails=["test-freeze-features"]
def freeze_features(model):
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            for parameter in module.parameters():
                parameter.requires_grad = False

# %% grade_id="freeze-features" mistake="features-not-all-frozen" fails=["test-freeze-features"]
def freeze_features(model):
    for module in model.modules():
        if not isinstance(module, nn.Linear) and not list(module.children()):
            for parameter in module.parameters():
                parameter.requires_grad = False

# %% grade_id="replace-head" mistake="softmax-in-head" fails=["test-replace-head"]
def replace_head(model, num_classes):
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    head = nn.Sequential(nn.Linear(old.in_features, num_classes), nn.Softmax(dim=1))
    setattr(model.get_submodule(parent), child, head)

# %% grade_id="replace-head" mistake="head-by-one-name" fails=["test-replace-head"]
def replace_head(model, num_classes):
    model.fc = nn.Linear(model.fc.in_features, num_classes)

# %% grade_id="replace-head" mistake="head-on-top-of-the-old" fails=["test-replace-head"]
def replace_head(model, num_classes):
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, nn.Sequential(old, nn.Linear(old.out_features, num_classes)))

# %% grade_id="replace-head" mistake="wrong-layer-replaced" fails=["test-replace-head"]
def replace_head(model, num_classes):
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[0]
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, nn.Linear(old.in_features, num_classes))

# %% grade_id="replace-head" mistake="head-not-replaced" fails=["test-replace-head"]
def replace_head(model, num_classes):
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    old = nn.Linear(old.in_features, num_classes)

# %% grade_id="replace-head" mistake="frozen-head" fails=["test-replace-head"]
def replace_head(model, num_classes):
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, nn.Linear(old.in_features, num_classes))
    for parameter in model.parameters():
        parameter.requires_grad = False

# %% grade_id="replace-head" mistake="features-lost" fails=["test-replace-head"]
def replace_head(model, num_classes):
    for module in model.modules():
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, nn.Linear(old.in_features, num_classes))

# %% grade_id="replace-head" mistake="features-not-all-frozen" fails=["test-replace-head"]
def replace_head(model, num_classes):
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, nn.Linear(old.in_features, num_classes))
    model.requires_grad_(True)

# %% grade_id="freeze-features" mistake="head-by-one-name" fails=["test-freeze-features"]
def freeze_features(model):
    """Freeze all parameters of the model except those of its head, the last linear layer.

    The model is changed in place. Values stay as they are. The head stays as trainable as it was.
    """
    head = getattr(model, "fc", None) or getattr(model, "_fc", None) or model.classifier[-1]
    mine = {id(parameter) for parameter in head.parameters()}
    for parameter in model.parameters():
        if id(parameter) not in mine:
            parameter.requires_grad = False

# %% grade_id="replace-head" mistake="features-frozen-as-well" fails=["test-replace-head"]
def replace_head(model, num_classes):
    """Put a new linear layer with num_classes outputs in the place of the last linear layer.

    The model is changed in place. The new layer has random weights and a bias, and is trainable.
    All other layers stay as they are, frozen or not.
    """
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    for p in model.parameters():
        p.requires_grad = False
    setattr(model.get_submodule(parent), child, nn.Linear(old.in_features, num_classes))

# %% grade_id="replace-head" mistake="head-not-random" fails=["test-replace-head"]
def replace_head(model, num_classes):
    """Put a new linear layer with num_classes outputs in the place of the last linear layer.

    The model is changed in place. The new layer has random weights and a bias, and is trainable.
    All other layers stay as they are, frozen or not.
    """
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    new = nn.Linear(old.in_features, num_classes)
    nn.init.zeros_(new.weight)
    setattr(model.get_submodule(parent), child, new)
