# %% image-folder-dataset | transform-not-applied | test-image-folder-dataset-1, test-image-folder-dataset-2
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


# %% image-folder-dataset | normalisation-missing | test-image-folder-dataset-1, test-image-folder-dataset-2
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


# %% image-folder-dataset | another-networks-normalisation | test-image-folder-dataset-1, test-image-folder-dataset-2
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


# %% image-folder-dataset | preprocessed-twice | test-image-folder-dataset-1, test-image-folder-dataset-2
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


# %% image-folder-dataset | not-converted-to-rgb | test-image-folder-dataset-1
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


# %% image-folder-dataset | channels-reversed | test-image-folder-dataset-1, test-image-folder-dataset-2
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


# %% image-folder-dataset | channel-axis-last | test-image-folder-dataset-1, test-image-folder-dataset-2
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


# %% image-folder-dataset | batch-axis-in-item | test-image-folder-dataset-1, test-image-folder-dataset-2
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


# %% image-folder-dataset | not-a-single-tensor | test-image-folder-dataset-1, test-image-folder-dataset-2
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


# %% image-folder-dataset | error-swallowed | test-image-folder-dataset-2
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


# %% image-folder-dataset | error-swallowed | test-image-folder-dataset-2
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


# %% image-folder-dataset | error-without-the-file | test-image-folder-dataset-2
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


# %% image-folder-dataset | another-error | test-image-folder-dataset-2
class ImageFolderDataset(Dataset):
    def __init__(self, paths, transform):
        self.paths = list(paths)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        with Image.open(self.paths[index]) as image:
            return self.transform(image.convert("RGB"))


# %% image-folder-dataset | another-error | test-image-folder-dataset-2
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


# %% predict | softmax-missing | test-predict
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(images) for images in loader])


# %% predict | softmax-twice | test-predict
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(images).softmax(dim=1).softmax(dim=1) for images in loader])


# %% predict | softmax-over-the-batch | test-predict
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(images).softmax(dim=0) for images in loader])


# %% predict | log-probabilities | test-predict
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(images).log_softmax(dim=1) for images in loader])


# %% predict | sigmoid-not-softmax | test-predict
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([torch.sigmoid(model(images)) for images in loader])


# %% predict | predicted-in-train-mode | test-predict
def predict(model, loader):
    with torch.no_grad():
        return torch.cat([model(images).softmax(dim=1) for images in loader])


# %% predict | gradients-tracked | test-predict
def predict(model, loader):
    model.eval()
    return torch.cat([model(images).softmax(dim=1).detach() for images in loader])


# %% predict | last-batch-only | test-predict
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        for images in loader:
            probabilities = model(images).softmax(dim=1)
    return probabilities


# %% predict | labels-not-probabilities | test-predict
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(images).argmax(dim=1) for images in loader])


# %% top-k | ascending | test-top-k
def top_k(probabilities, k, categories):
    order = probabilities.argsort(dim=1)[:, :k]
    return [[(categories[i], float(row[i])) for i in places] for row, places in zip(probabilities, order)]


# %% top-k | ascending | test-top-k
def top_k(probabilities, k, categories):
    order = probabilities.argsort(dim=1)[:, -k:]
    return [[(categories[i], float(row[i])) for i in places] for row, places in zip(probabilities, order)]


# %% top-k | not-sorted | test-top-k
def top_k(probabilities, k, categories):
    order = probabilities.topk(k, dim=1).indices.sort(dim=1).values
    return [[(categories[i], float(row[i])) for i in places] for row, places in zip(probabilities, order)]


# %% top-k | labels-off-by-one | test-top-k
def top_k(probabilities, k, categories):
    order = probabilities.argsort(dim=1, descending=True)[:, :k]
    return [[(categories[i - 1], float(row[i])) for i in places] for row, places in zip(probabilities, order)]


# %% top-k | wrong-row | test-top-k
def top_k(probabilities, k, categories):
    order = probabilities.argsort(dim=1, descending=True)[:, :k]
    return [[(categories[i], float(probabilities[0, i])) for i in order[0]] for _ in probabilities]


# %% top-k | wrong-row | test-top-k
def top_k(probabilities, k, categories):
    values, indices = probabilities.topk(k, dim=1)
    return [[(categories[i], float(p)) for i, p in zip(row, values[0])] for row in indices]


# %% top-k | probabilities-not-sorted | test-top-k
def top_k(probabilities, k, categories):
    order = probabilities.argsort(dim=1, descending=True)[:, :k]
    return [
        [(categories[i], float(p)) for i, p in zip(places, row)] for row, places in zip(probabilities, order)
    ]


# %% top-k | percent | test-top-k
def top_k(probabilities, k, categories):
    values, indices = probabilities.topk(k, dim=1)
    return [
        [(categories[i], 100 * float(p)) for i, p in zip(places, row)] for places, row in zip(indices, values)
    ]


# %% top-k | no-label-in-pair | test-top-k
def top_k(probabilities, k, categories):
    values, indices = probabilities.topk(k, dim=1)
    return [[(int(i), float(p)) for i, p in zip(places, row)] for places, row in zip(indices, values)]


# %% top-k | not-one-list-a-row | test-top-k
def top_k(probabilities, k, categories):
    values, indices = probabilities[0].topk(k)
    return [[(categories[i], float(p)) for i, p in zip(indices, values)]]


# %% freeze-features | nothing-frozen | test-freeze-features
def freeze_features(model):
    model.requires_grad = False


# %% freeze-features | nothing-frozen | test-freeze-features
def freeze_features(model):
    model.eval()


# %% freeze-features | frozen-head | test-freeze-features
def freeze_features(model):
    for parameter in model.parameters():
        parameter.requires_grad = False


# %% freeze-features | features-not-all-frozen | test-freeze-features
def freeze_features(model):
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            for parameter in module.parameters():
                parameter.requires_grad = False


# %% freeze-features | features-not-all-frozen | test-freeze-features
def freeze_features(model):
    for module in model.modules():
        if not isinstance(module, nn.Linear) and not list(module.children()):
            for parameter in module.parameters():
                parameter.requires_grad = False


# %% replace-head | softmax-in-head | test-replace-head
def replace_head(model, num_classes):
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    head = nn.Sequential(nn.Linear(old.in_features, num_classes), nn.Softmax(dim=1))
    setattr(model.get_submodule(parent), child, head)


# %% replace-head | head-by-one-name | test-replace-head
def replace_head(model, num_classes):
    model.fc = nn.Linear(model.fc.in_features, num_classes)


# %% replace-head | head-on-top-of-the-old | test-replace-head
def replace_head(model, num_classes):
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, nn.Sequential(old, nn.Linear(old.out_features, num_classes)))


# %% replace-head | wrong-layer-replaced | test-replace-head
def replace_head(model, num_classes):
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[0]
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, nn.Linear(old.in_features, num_classes))


# %% replace-head | head-not-replaced | test-replace-head
def replace_head(model, num_classes):
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    old = nn.Linear(old.in_features, num_classes)


# %% replace-head | frozen-head | test-replace-head
def replace_head(model, num_classes):
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, nn.Linear(old.in_features, num_classes))
    for parameter in model.parameters():
        parameter.requires_grad = False


# %% replace-head | features-lost | test-replace-head
def replace_head(model, num_classes):
    for module in model.modules():
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, nn.Linear(old.in_features, num_classes))


# %% replace-head | features-not-all-frozen | test-replace-head
def replace_head(model, num_classes):
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, old = linear[-1]
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, nn.Linear(old.in_features, num_classes))
    model.requires_grad_(True)
