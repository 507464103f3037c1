"""Train a model that offers ``params`` and ``loss(X, y)`` by stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from workbook.data.sources import embedded_only
from workbook.progress import progress

Array = NDArray[np.floating[Any]]
UpdateRule = Callable[[Array, Array, dict[str, Any]], tuple[Array, dict[str, Any]]]

_BATCH_SEED = 0
_ACCURACY_SAMPLES = 1000


def check_accuracy(model: Any, X: Array, y: NDArray[np.integer[Any]]) -> float:
    """The share of samples whose largest score is that of their label, a fraction in [0, 1].

    Args:
        model: ``model.loss(X)`` returns scores, (N, C).
        X: samples, one a row; they are scored 500 at a time.
        y: labels, (N,).
    """
    starts = range(0, len(X), 500)
    right = [np.argmax(model.loss(X[i : i + 500]), axis=1) == y[i : i + 500] for i in starts]
    return float(np.mean(np.concatenate(right)))


def sgd(w: Array, dw: Array, config: dict[str, Any]) -> tuple[Array, dict[str, Any]]:
    """One step of plain gradient descent; ``config["learning_rate"]`` defaults to 0.01."""
    return w - config.setdefault("learning_rate", 1e-2) * dw, config


class Solver:
    """Trains a model in place, one parameter array at a time, on batches drawn anew in every epoch.

    The batches are the same for every solver: two trainings differ in the model, the rule and its settings only.

    A bar counts the epochs where a person watches, see :func:`workbook.progress.progress`.

    Args:
        model: has a dict ``params`` from names to arrays, and ``loss(X, y)``, which returns the loss and a dict of
            gradients with the same names; ``loss(X)`` returns scores.
        data: dict with ``X_train``, ``y_train``, ``X_val`` and ``y_val``.
        update_rule: ``"sgd"``, or a function ``(w, dw, config) -> (next_w, config)``.
        optim_config: settings of the update rule, such as ``{"learning_rate": 1e-3}``; one copy for each parameter.
        lr_decay: the learning rate is multiplied by this after every epoch.
        batch_size: samples for one update; what is left over at the end of an epoch is not used in that epoch.
        print_every: updates between two progress lines, which an unattended run leaves out.
        verbose: False to print nothing at all.

    Attributes:
        loss_history: the loss of every batch, before its update.
        train_acc_history, val_acc_history: accuracies before training and after every epoch, that is
            ``num_epochs + 1`` entries; the first on up to 1000 training samples.
        best_params: copies of the parameters with the best validation accuracy; the model has them after :meth:`train`.

    Raises:
        ValueError: if an entry of ``data`` is missing, counts differ, or the update rule is unknown.
    """

    def __init__(
        self,
        model: Any,
        data: Mapping[str, Any],
        update_rule: Literal["sgd"] | UpdateRule = "sgd",
        optim_config: Mapping[str, Any] | None = None,
        lr_decay: float = 1.0,
        num_epochs: int = 10,
        batch_size: int = 256,
        print_every: int = 50,
        verbose: bool = True,
    ) -> None:
        missing = {"X_train", "y_train", "X_val", "y_val"} - set(data)
        if missing:
            raise ValueError(f"data has no {' and no '.join(sorted(missing))}; give all four arrays.")
        for part in ("train", "val"):
            images, labels = len(data[f"X_{part}"]), len(data[f"y_{part}"])
            if images != labels:
                raise ValueError(f"X_{part} has {images} samples and y_{part} {labels}; expected equally many.")
        if update_rule != "sgd" and not callable(update_rule):
            raise ValueError(f'the update rule {update_rule!r} is not known; use "sgd" or pass a function.')
        self.model, self.data = model, data
        self.update_rule: UpdateRule = sgd if update_rule == "sgd" else update_rule
        self.lr_decay, self.num_epochs = lr_decay, num_epochs
        self.batch_size = min(batch_size, len(data["X_train"]))
        self.print_every, self.verbose = print_every, verbose
        self.optim_configs = {name: dict(optim_config or {}) for name in model.params}
        self.loss_history: list[float] = []
        self.train_acc_history: list[float] = []
        self.val_acc_history: list[float] = []
        self.best_params: dict[str, Array] = {}
        self._rng = np.random.default_rng(_BATCH_SEED)

    def train(self) -> None:
        """Run all epochs, then give the model its best parameters back."""
        self._record_accuracy(0)
        for epoch in progress(range(1, self.num_epochs + 1), "epochs"):
            order = self._rng.permutation(len(self.data["X_train"]))
            for start in range(0, len(order) - self.batch_size + 1, self.batch_size):
                self._step(order[start : start + self.batch_size])
            for config in self.optim_configs.values():
                if "learning_rate" in config:
                    config["learning_rate"] *= self.lr_decay
            self._record_accuracy(epoch)
        self.model.params.update({name: w.copy() for name, w in self.best_params.items()})
        if self.verbose:
            print(
                f"{self.num_epochs} epochs, {len(self.loss_history)} updates: best validation accuracy "
                f"{max(self.val_acc_history):.3f}, training accuracy at the end {self.train_acc_history[-1]:.3f}"
            )

    def _step(self, chosen: NDArray[np.int64]) -> None:
        loss, gradients = self.model.loss(self.data["X_train"][chosen], self.data["y_train"][chosen])
        self.loss_history.append(float(loss))
        for name, w in self.model.params.items():
            self.model.params[name], self.optim_configs[name] = self.update_rule(
                w, gradients[name], self.optim_configs[name]
            )
        done = len(self.loss_history)
        if self.verbose and not embedded_only() and done % self.print_every == 0:
            # Unlike print, this leaves a progress bar whole.
            tqdm.write(f"update {done}: loss {loss:.4f}, validation accuracy {self.val_acc_history[-1]:.3f}")

    def _record_accuracy(self, epoch: int) -> None:
        part = slice(_ACCURACY_SAMPLES)
        self.train_acc_history.append(
            check_accuracy(self.model, self.data["X_train"][part], self.data["y_train"][part])
        )
        self.val_acc_history.append(check_accuracy(self.model, self.data["X_val"], self.data["y_val"]))
        if epoch == 0 or self.val_acc_history[-1] > max(self.val_acc_history[:-1]):
            self.best_params = {name: np.array(w) for name, w in self.model.params.items()}
