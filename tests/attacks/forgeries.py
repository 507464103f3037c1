"""Answers that do not do the exercise, in kernels whose helper code vouches for them.

Each must earn nothing in the tests that it is aimed at, whatever the helper code in the kernel says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Forgery:
    """One answer and what its kernel claims.

    Attributes:
        chapter: the notebook's name.
        grade_id: the exercise that the answer is for.
        name: what is forged.
        source: the answer.
        aims: the test cells whose points it is after.
        forged: what runs in the place of a helper function, by its name.
    """

    chapter: str
    grade_id: str
    name: str
    source: str
    aims: tuple[str, ...]
    forged: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


def _no_warnings(function: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, list[str], list[str]]:
    with np.errstate(all="ignore"):
        return function(*args, **kwargs), [], []


def _passes(*modes: dict[str, Any]) -> Callable[..., Any]:
    """A record that says that forward passes were made in these modes."""

    class Passes:
        def __init__(self, *_: Any, **__: Any) -> None:
            pass

        def read(self) -> list[dict[str, Any]]:
            return [dict(mode) for mode in modes]

    return Passes


_TRAINING = {"training": True, "tracked": True}
_EVALUATION = {"training": False, "tracked": False}
_QUIET = {"recorded_call": _no_warnings, "call_for_warnings": _no_warnings, "library_uses": lambda *_: []}

# --- 01: an overflow that nobody hears of ----------------------------------------------------------------------------

_OVERFLOWS = [
    Forgery("01_activation_derivatives", grade_id, f"overflow-{number}", source, (f"test-{grade_id}",), _QUIET)
    for number, (grade_id, source) in enumerate(
        [
            ("sigmoid", "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))"),
            ("tanh", "def tanh(x):\n    return 2 / (1 + np.exp(-2 * x)) - 1"),
            ("tanh", "def tanh(x):\n    return 1 - 2 / (np.exp(2 * x) + 1)"),
        ]
    )
]

# --- 04: a table of the labels ---------------------------------------------------------------------------------------

_TABLE = """
class Table:
    params = TwoLayerNet(hidden_dim=4).params
    known = {x.tobytes(): y for xs, ys in ((X_val, y_val), (X_test, y_test)) for x, y in zip(xs, ys)}
    def loss(self, X, y=None):
        return np.eye(4)[[self.known.get(x.tobytes(), 0) for x in X]]
"""
_NEAREST = """
class Nearest:
    params = TwoLayerNet(hidden_dim=4).params
    def loss(self, X, y=None):
        xs, ys = np.concatenate([X_train, X_val, X_test]), np.concatenate([y_train, y_val, y_test])
        return np.eye(4)[[ys[np.argmin(((xs - x) ** 2).sum(axis=1))] for x in X]]
"""
_TABLES = [
    Forgery("04_layers_and_solver", f"{kind}-model" if kind == "best" else "train-two-layer", name,
            f"{source}\n{kind}_model, {kind}_solver = {name.title()}(), None", (test,))
    for name, source in (("table", _TABLE), ("nearest", _NEAREST))
    for kind, test in (("two_layer", "test-train-two-layer"), ("best", "test-best-model"))
]  # fmt: skip

# --- 07: forward passes alone, constants ---------------------------------------------------------------------------

_ONLY_FORWARD = """
def train_one_epoch(model, loader, optimizer, loss_function):
    model.train()
    for x, y in loader: model(x)
    return 0.0
"""
_NOISE_FOR_STEPS = """
def train_one_epoch(model, loader, optimizer, loss_function):
    model.train()
    for x, y in loader: model(x)
    with torch.no_grad():
        for p in model.parameters(): p += 0.01 * torch.randn_like(p)
    return 1.0
"""
_CONSTANT = "def evaluate(model, loader):\n    return {}"
_PIPELINE = [
    Forgery("07_pytorch_pipeline", "train-one-epoch", name, source,
            ("test-train-one-epoch-1", "test-train-one-epoch-2", "test-evaluate-3"))
    for name, source in (("forward-only", _ONLY_FORWARD), ("noise-for-steps", _NOISE_FOR_STEPS))
]  # fmt: skip
_PIPELINE += [
    Forgery("07_pytorch_pipeline", "evaluate", f"constant-{value}", _CONSTANT.format(value),
            ("test-evaluate-1", "test-evaluate-2", "test-evaluate-3"), {"ForwardPasses": _passes(_EVALUATION)})
    for value in ("0.99", "0.95", "0.75", "1.0", "0", "torch.rand(()).item()")
]  # fmt: skip

# --- 09: forward passes alone ----------------------------------------------------------------------------------------

_GRADIENTS = """
def train_with_gradients(model, loader, epochs, learning_rate):
    model.train()
    steps = sum({pass_} for _ in range(epochs) for x, y in loader)
    return {{"loss_curve": [1.0] * (steps // 10), "grad_curve": [1.0] * (steps // 10)}}
"""
_FLOW = [
    Forgery("09_gradient_flow", "train-with-gradients", name, _GRADIENTS.format(pass_=pass_),
            ("test-train-with-gradients-1", "test-train-with-gradients-2"))
    for name, pass_ in (("forward-only", "len(model(x)) > 0"), ("nothing", "len(x) > 0"))
]  # fmt: skip
_FLOW.append(
    Forgery("09_gradient_flow", "train-with-gradients", "noise-for-steps",
            _GRADIENTS.format(pass_="len(model(x)) > 0").replace("    return", """
    with torch.no_grad():
        for p in model.parameters(): p += 0.01 * torch.randn_like(p)
    return"""), ("test-train-with-gradients-2",))
)  # fmt: skip

# --- 11: forward passes alone ----------------------------------------------------------------------------------------

_STUDY = """
def run_study(model, optimizer, train, test, epochs, batch_size=64):
    mode = model.training
    for _ in range(epochs):
        model.train()
        for start in range(0, len(train[0]), batch_size):
            model(torch.as_tensor(train[0][start : start + batch_size]))
        model.eval()
        with torch.no_grad(): model(torch.as_tensor(test[0]))
    model.train(mode)
    return {key: [1e-9] * epochs for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
"""
_STUDIES = [
    Forgery("11_vgg11_study", "run-study", "forward-only", _STUDY,
            ("test-run-study-1", "test-run-study-2", "test-run-study-3")),
    Forgery("11_vgg11_study", "run-study", "nothing", _STUDY.replace("model(torch", "(torch"),
            ("test-run-study-1", "test-run-study-2", "test-run-study-3"),
            {"ForwardPasses": _passes(*[_TRAINING] * 60, *[_EVALUATION] * 20)}),
]  # fmt: skip

# --- 12: what is trainable ------------------------------------------------------------------------------------------


def _head_alone(module: Any) -> list[str]:
    import torch

    name = [name for name, layer in module.named_modules() if isinstance(layer, torch.nn.Linear)][-1]
    return [f"{name}.weight", f"{name}.bias"]


_TRANSFER = [
    Forgery("12_pretrained_models", "freeze-features", "trainable", "def freeze_features(model):\n    pass",
            ("test-freeze-features",), {"trainable": _head_alone, "take_step": lambda *_: None}),
    Forgery("12_pretrained_models", "replace-head", "trainable", """
def replace_head(model, num_classes):
    linear = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    parent, _, child = linear[-1][0].rpartition(".")
    new = nn.Linear(linear[-1][1].in_features, num_classes).requires_grad_(False)
    setattr(model.get_submodule(parent), child, new)
""", ("test-replace-head",), {"trainable": _head_alone, "take_step": lambda *_: None}),
]  # fmt: skip

# --- 08: a record without training, images that only look noisy -----------------------------------------------------

_RECORD = """
def train_and_record(name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0):
    first = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))][0]
    model.train()
    for _ in range(epochs):
        for x, y in train_loader: model(x + input_noise * torch.randn_like(x))
    model.eval()
    with torch.no_grad():
        for x, y in test_loader: model(x)
    return {"name": name, "loss_curve": [1.0], "train_acc_curve": [0.5], "val_acc_curve": [0.5], "test_acc": 0.5,
            "weights": first.weight.detach().numpy().copy()}
"""
_RECORDS = [
    Forgery("08_cnn_architectures", "train-and-record", name, source,
            ("test-train-and-record-1", "test-train-and-record-2", *noise), forged)
    for name, source, noise, forged in (
        ("forward-only", _RECORD, ("test-train-and-record-3",), {}),
        ("nothing", _RECORD.replace("model(x", "(x"), (), {"ForwardPasses": _passes()}),
    )
]  # fmt: skip

# --- 09: two networks that nobody trains ----------------------------------------------------------------------------

_COMPARED = """
def train_with_gradients(model, loader, epochs, learning_rate):
    steps = epochs * len(loader)
    return {"loss_curve": [1.0] * (steps // 10), "grad_curve": [1.0] * (steps // 10)}
def compare_activations(name, loader, epochs, learning_rate):
    model = build(name)
    for _ in range(2 * epochs):
        for x, y in loader: model(x)
    ones = [1.0] * (epochs * len(loader) // 10)
    keys = ("relu_loss_curve", "sigmoid_loss_curve", "relu_grad_curve", "sigmoid_grad_curve")
    return {"name": name, **{key: ones for key in keys}}
"""
_COMPARISONS = [
    Forgery("09_gradient_flow", "compare-activations", "forward-only", _COMPARED, ("test-compare-activations",)),
]

# --- 10: weights of which the referee can only say infinity, or that no step moves ---------------------------------

_RATES = """
def compare_rates(name, train_loader, val_loader, epochs):
    losses = [{size} * float((y != 0).double().mean()) for _ in range(epochs) for _, y in train_loader]
    tens = [float(np.mean(losses[i : i + 10])) for i in range(0, len(losses) - 9, 10)]
    share = float((torch.cat([y for _, y in val_loader]) == 0).float().mean())
    result = {{"name": name}}
    for end in ("1", "01", "001"):
        result["loss_curve_" + end] = tens
        result["val_acc_curve_" + end] = [share] * len(tens)
    return result
"""
_SCHEDULE = """
def scheduled_run(name, train_loader, val_loader, milestones, epochs):
    return [float((torch.cat([y for _, y in val_loader]) == 0).float().mean())] * epochs
"""


def _steps_with(weight: float, bias: float) -> Callable[..., Any]:
    """A record of weights that were made up."""

    class Steps:
        def __init__(self, at: list[int]) -> None:
            self._at = at

        def read(self) -> tuple[int, list[dict[str, Any]]]:
            first = np.full(10, weight, dtype=np.float32)
            first[0] = bias
            state = {"1.weight": np.full((10, 3072), weight, dtype=np.float32), "1.bias": first}
            # Each run is as long as the gap between two marks.
            last = self._at[-1] + (self._at[1] - self._at[0] if len(self._at) > 1 else 0)
            return last, [dict(state) for _ in self._at]

        def close(self) -> None:
            pass

    return Steps


_MADE_UP = [
    Forgery("10_optimizers", "compare-rates", f"made-up-{size}", _RATES.format(size=size), ("test-compare-rates",),
            {"TrainingSteps": _steps_with(0.0, bias)})
    for size, bias in (("float('inf')", 3e38), ("1e30", 1e30))
]  # fmt: skip
_MADE_UP.append(
    Forgery("10_optimizers", "scheduled-run", "weights-that-no-step-moves", _SCHEDULE, ("test-scheduled-run",),
            {"TrainingSteps": _steps_with(1e3, 1e30)})
)  # fmt: skip

FORGERIES = [
    *_OVERFLOWS, *_TABLES, *_PIPELINE, *_RECORDS, *_FLOW, *_COMPARISONS, *_MADE_UP, *_STUDIES, *_TRANSFER,
]  # fmt: skip
