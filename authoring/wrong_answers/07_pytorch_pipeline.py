# %% grade_id="digits" mistake="channel-axis-missing" fails=["test-digits", "test-evaluate-3"]
class Digits(Dataset):
    def __init__(self, X, y):
        self.X = torch.tensor(np.array(X), dtype=torch.float32)
        self.y = torch.tensor(np.array(y), dtype=torch.int64)

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return self.X[index], self.y[index]

# %% grade_id="digits" mistake="image-not-float32" fails=["test-digits", "test-evaluate-3"]
class Digits(Dataset):
    def __init__(self, X, y):
        self.X = torch.tensor(np.array(X)).unsqueeze(1)
        self.y = torch.tensor(np.array(y), dtype=torch.int64)

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return self.X[index], self.y[index]

# %% grade_id="digits" mistake="label-is-float" fails=["test-digits", "test-evaluate-3"]
class Digits(Dataset):
    def __init__(self, X, y):
        self.X = torch.tensor(np.array(X), dtype=torch.float32).unsqueeze(1)
        self.y = torch.tensor(np.array(y), dtype=torch.float32)

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return self.X[index], self.y[index]

# %% grade_id="digits" mistake="label-not-int64" fails=["test-digits"]
class Digits(Dataset):
    def __init__(self, X, y):
        self.X = torch.tensor(np.array(X), dtype=torch.float32).unsqueeze(1)
        self.y = torch.tensor(np.array(y))

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return self.X[index], self.y[index]

# %% grade_id="digits" mistake="label-has-an-axis" fails=["test-digits", "test-evaluate-3"]
class Digits(Dataset):
    def __init__(self, X, y):
        self.X = torch.tensor(np.array(X), dtype=torch.float32).unsqueeze(1)
        self.y = torch.tensor(np.array(y), dtype=torch.int64).unsqueeze(1)

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return self.X[index], self.y[index]

# %% grade_id="digits" mistake="scaled-by-255" fails=["test-digits", "test-evaluate-3"]
class Digits(Dataset):
    def __init__(self, X, y):
        self.X = torch.tensor(np.array(X), dtype=torch.float32).unsqueeze(1) / 255
        self.y = torch.tensor(np.array(y), dtype=torch.int64)

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return self.X[index], self.y[index]

# %% grade_id="digits" mistake="batch-axis-in-item" fails=["test-digits", "test-evaluate-3"]
class Digits(Dataset):
    def __init__(self, X, y):
        self.X, self.y = X, y

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        image = torch.tensor(self.X[index], dtype=torch.float32).reshape(1, 1, 8, 8)
        return image, torch.tensor(self.y[index], dtype=torch.int64)

# %% grade_id="simple-cnn" mistake="softmax-in-model" fails=["test-simple-cnn-2"]
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 10), nn.Softmax(dim=1),
        )

    def forward(self, x):
        return self.layers(x)

# %% grade_id="simple-cnn" mistake="softmax-in-model" fails=["test-simple-cnn-2"]
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 10),
        )

    def forward(self, x):
        return nn.functional.log_softmax(self.layers(x), dim=1)

# %% grade_id="simple-cnn" mistake="relu-after-prediction-layer" fails=["test-simple-cnn-2", "test-evaluate-3"]
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 10), nn.ReLU(),
        )

    def forward(self, x):
        return self.layers(x)

# %% grade_id="simple-cnn" mistake="relu-forgotten" fails=["test-simple-cnn-2"]
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3, padding=1)
        self.c2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.c2(self.c1(x))), 2)
        return self.fc(x.reshape(-1, 512))

# %% grade_id="simple-cnn" mistake="padding-forgotten" fails=["test-simple-cnn-1", "test-simple-cnn-2"]
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 3), nn.ReLU(), nn.Conv2d(16, 32, 3), nn.ReLU(),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 10),
        )

    def forward(self, x):
        return self.layers(x)

# %% grade_id="simple-cnn" mistake="padding-forgotten" fails=["test-simple-cnn-2", "test-evaluate-3"]
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 3), nn.ReLU(), nn.Conv2d(16, 32, 3), nn.ReLU(),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 10),
        )

    def forward(self, x):
        return self.layers(x)

# %% grade_id="simple-cnn" mistake="pooling-forgotten" fails=["test-simple-cnn-1", "test-simple-cnn-2"]
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
            nn.Flatten(), nn.Linear(2048, 10),
        )

    def forward(self, x):
        return self.layers(x)

# %% grade_id="simple-cnn" mistake="layers-not-registered" fails=["test-simple-cnn-1", "test-simple-cnn-2", "test-evaluate-3"]
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 10),
        ]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

# %% grade_id="simple-cnn" mistake="batch-flattened" fails=["test-simple-cnn-2", "test-evaluate-3"]
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3, padding=1)
        self.c2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.c2(torch.relu(self.c1(x)))), 2)
        return self.fc(x.flatten())

# %% grade_id="simple-cnn" mistake="not-defined" fails=["test-simple-cnn-2", "test-evaluate-3"]
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 16, 3, padding=1)
        self.second = nn.Conv2d(16, 32, 3, padding=1)
        self.output = nn.Linear(512, 10)

    def forward(self, x):
        x = F.relu(self.first(x))
        x = F.max_pool2d(F.relu(self.second(x)), 2)
        return self.output(x.flatten(start_dim=1))

# %% grade_id="train-one-epoch" mistake="zero-grad-forgotten" fails=["test-train-one-epoch-1", "test-evaluate-3"]
def train_one_epoch(model, loader, optimizer, loss_function):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        loss = loss_function(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count

# %% grade_id="train-one-epoch" mistake="no-update" fails=["test-train-one-epoch-1", "test-evaluate-3"]
def train_one_epoch(model, loader, optimizer, loss_function):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        loss = loss_function(model(images), labels)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count

# %% grade_id="train-one-epoch" mistake="mean-of-batch-means" fails=["test-train-one-epoch-1"]
def train_one_epoch(model, loader, optimizer, loss_function):
    model.train()
    losses = []
    for images, labels in loader:
        optimizer.zero_grad()
        loss = loss_function(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)

# %% grade_id="train-one-epoch" mistake="last-batch-only" fails=["test-train-one-epoch-1"]
def train_one_epoch(model, loader, optimizer, loss_function):
    model.train()
    for images, labels in loader:
        optimizer.zero_grad()
        loss = loss_function(model(images), labels)
        loss.backward()
        optimizer.step()
    return loss.item()

# %% grade_id="train-one-epoch" mistake="loss-function-ignored" fails=["test-train-one-epoch-1"]
def train_one_epoch(model, loader, optimizer, loss_function):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count

# %% grade_id="train-one-epoch" mistake="first-batch-only" fails=["test-train-one-epoch-1", "test-train-one-epoch-2"]
def train_one_epoch(model, loader, optimizer, loss_function):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = loss_function(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
        return total / count

# %% grade_id="train-one-epoch" mistake="trained-in-eval-mode" fails=["test-train-one-epoch-2"]
def train_one_epoch(model, loader, optimizer, loss_function):
    total, count = 0.0, 0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = loss_function(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count

# %% grade_id="evaluate" mistake="evaluated-in-train-mode" fails=["test-evaluate-1"]
def evaluate(model, loader):
    right, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            right += (model(images).argmax(dim=1) == labels).sum().item()
            count += len(labels)
    return right / count

# %% grade_id="evaluate" mistake="left-in-eval-mode" fails=["test-evaluate-2"]
def evaluate(model, loader):
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            right += (model(images).argmax(dim=1) == labels).sum().item()
            count += len(labels)
    return right / count

# %% grade_id="evaluate" mistake="mode-not-restored" fails=["test-evaluate-2"]
def evaluate(model, loader):
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            right += (model(images).argmax(dim=1) == labels).sum().item()
            count += len(labels)
    model.train()
    return right / count

# %% grade_id="evaluate" mistake="mean-of-batch-means" fails=["test-evaluate-1"]
def evaluate(model, loader):
    before = model.training
    model.eval()
    shares = []
    with torch.no_grad():
        for images, labels in loader:
            shares.append((model(images).argmax(dim=1) == labels).float().mean().item())
    model.train(before)
    return sum(shares) / len(shares)

# %% grade_id="evaluate" mistake="percent" fails=["test-evaluate-1", "test-evaluate-3"]
def evaluate(model, loader):
    before = model.training
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            right += (model(images).argmax(dim=1) == labels).sum().item()
            count += len(labels)
    model.train(before)
    return 100 * right / count

# %% grade_id="evaluate" mistake="gradients-tracked" fails=["test-evaluate-1"]
def evaluate(model, loader):
    before = model.training
    model.eval()
    right, count = 0, 0
    for images, labels in loader:
        right += (model(images).argmax(dim=1) == labels).sum().item()
        count += len(labels)
    model.train(before)
    return right / count

# %% grade_id="predict" mistake="logits-not-probabilities" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(images) for images, _ in loader])

# %% grade_id="predict" mistake="softmax-twice" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        batches = [torch.softmax(model(images), dim=1) for images, _ in loader]
    return torch.softmax(torch.cat(batches), dim=1)

# %% grade_id="predict" mistake="softmax-over-the-batch" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([torch.softmax(model(images), dim=0) for images, _ in loader])

# %% grade_id="predict" mistake="evaluated-in-train-mode" fails=["test-predict"]
def predict(model, loader):
    with torch.no_grad():
        return torch.cat([torch.softmax(model(images), dim=1) for images, _ in loader])

# %% grade_id="predict" mistake="gradients-tracked" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    return torch.cat([torch.softmax(model(images), dim=1) for images, _ in loader]).detach().numpy()

# %% grade_id="predict" mistake="labels-not-probabilities" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(images).argmax(dim=1) for images, _ in loader])

# %% grade_id="predict" mistake="last-batch-only" fails=["test-predict"]
def predict(model, loader):
    model.eval()
    with torch.no_grad():
        for images, _ in loader:
            probabilities = torch.softmax(model(images), dim=1)
    return probabilities

# %% grade_id="digits" mistake="label-not-int64" fails=["test-digits"]
class Digits(Dataset):
    """Images of digits and their labels, as pairs.

    X: array (N, 8, 8) of numbers of any type. y: array (N,) of integers.
    Item i is (image, label): image a float32 tensor (1, 8, 8) with the values of X[i],
    label the number y[i] as int64.
    """

    def __init__(self, X, y):
        self.images = torch.tensor(np.array(X), dtype=torch.float32).unsqueeze(1)
        self.labels = torch.tensor(y)

    def __len__(self):
        """Return the number of items, N."""
        return len(self.images)

    def __getitem__(self, index):
        """Return the pair (image, label) at this index."""
        return self.images[index], self.labels[index]
