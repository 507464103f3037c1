"""Chapter 07: the closed forms agree with PyTorch, mistakes can be told apart, and correct variants pass."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.data import Dataset

from autograder.testing import CheckFailed, student_side
from workbook import data
from workbook.chapter07 import exercises as check
from workbook.chapter07.figures import confusion_matrix, predictions
from workbook.chapter07.inputs import CNN_SHAPES
from workbook.chapter07.reference import classifiers, networks
from workbook.linear_classifier import random_images
from workbook.reference.pipeline import LinearTwin, descend


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9), st.sampled_from([0.0, 0.3]))
def test_the_twins_loss_and_gradients_are_those_of_autograd(seed: int, count: int, smoothing: float) -> None:
    twin, (images, labels) = LinearTwin.random(seed), random_images(count, seed + 1)
    weight = torch.tensor(twin.weight, requires_grad=True)
    bias = torch.tensor(twin.bias, requires_grad=True)
    logits = torch.tensor(images.reshape(count, 64)) @ weight.T + bias
    loss = F.cross_entropy(logits, torch.tensor(labels), label_smoothing=smoothing)
    loss.backward()
    assert twin.loss(images, labels, smoothing) == pytest.approx(loss.item(), rel=1e-9)
    for mine, theirs in zip(twin.gradients(images, labels, smoothing), (weight.grad, bias.grad), strict=True):
        np.testing.assert_allclose(mine, theirs.numpy(), rtol=1e-7, atol=1e-10)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_the_normalised_twin_is_its_module_in_both_modes(seed: int, count: int) -> None:
    twin, (images, _) = LinearTwin.random(seed, normalised=True), random_images(count, seed + 1)
    module = twin.module().eval()
    np.testing.assert_allclose(student_side.outputs(module, images), twin.logits(images), rtol=1e-3, atol=1e-4)
    module.train()
    trained = student_side.outputs(module, images)
    np.testing.assert_allclose(trained, twin.logits_in_train_mode(images), rtol=1e-2, atol=1e-3)


def test_an_epoch_with_accumulated_gradients_differs_from_the_second_batch_on() -> None:
    twin, (images, labels) = LinearTwin.random(1), random_images(6, 2)
    right, wrong = (descend(twin, images, labels, 3, 0.5, accumulate=flag) for flag in (False, True))
    assert right.losses[1] == wrong.losses[1]
    assert not np.allclose(right.twin.weight, wrong.twin.weight)


def test_labels_make_as_many_answers_right_as_are_marked() -> None:
    right = (1, 0, 1, 1, 0)
    classifier, images, labels = check.classified(4816, right)
    answers = student_side.outputs(classifier.module().eval(), images).argmax(axis=1)
    np.testing.assert_array_equal(answers == labels, np.array(right, dtype=bool))


def test_a_network_with_a_slip_is_judged_by_its_arrays() -> None:
    images = random_images(40, 1)[0]
    right = networks.classes(student_side.state_arrays(OtherOrder()), images, np.zeros(40, dtype=np.int64))
    assert len(right) > 1
    network = OtherOrder()
    answered = student_side.outputs(network, images).argmax(axis=1)
    np.testing.assert_array_equal(
        networks.classes(student_side.state_arrays(network), images, answered), answered[None]
    )
    other = {"a": np.zeros((10, 64))}
    assert len(networks.classes(other, images, answered)) == 0


def test_each_wrong_network_differs_from_the_right_one() -> None:
    images = 16 * random_images(5, 3)[0]
    right = networks.logits(images, seed=4)
    assert right.shape == (5, CNN_SHAPES["linear layer"][1][0])
    for mistake, formula in networks.logits_mistakes(images, seed=4):
        assert not np.allclose(formula(), right, rtol=1e-2), mistake


def test_weights_of_a_later_epoch_follow_from_those_of_the_one_before() -> None:
    given = (5, 7, 3, 0.2)
    module = LinearTwin.random(5).module()
    loader = student_side.array_loader(*random_images(7, 6), 3)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.2)
    for number in (1, 2):
        loss = train_in_another_style(module, loader, optimizer, nn.CrossEntropyLoss(label_smoothing=0.1))
        weight = student_side.state_arrays(module)["1.weight"]
        np.testing.assert_allclose(weight, classifiers.weight(*given, number, 0.1), rtol=1e-4, atol=1e-6)
        assert float(loss) == pytest.approx(classifiers.mean_loss(*given, number, 0.1), rel=1e-5)


class LazyDigits(Dataset):
    """A correct data set in another style: it converts one item at a time, scales to [0, 1], and leaves NumPy types."""

    def __init__(self, X, y):
        self.X, self.y = X, y

    def __len__(self):
        return self.X.shape[0]

    def __getitem__(self, index):
        return torch.from_numpy(np.asarray(self.X[index], dtype=np.float32) / 16)[None], int(self.y[index])


class OtherOrder(nn.Module):
    """A correct network whose layers are made in another order, under other names, in nested modules."""

    def __init__(self):
        super().__init__()
        self.head = nn.Linear(512, 10)
        self.body = nn.ModuleDict({"b": nn.Conv2d(16, 32, 3, padding="same"), "a": nn.Conv2d(1, 16, 3, padding=1)})

    def forward(self, x):
        x = F.relu(self.body["a"](x))
        x = F.relu(F.max_pool2d(self.body["b"](x), 2))
        return self.head(x.view(x.size(0), -1))


def train_in_another_style(model, loader, optimizer, loss_function):
    model.train()
    losses, sizes = [], []
    for images, labels in loader:
        loss = loss_function(model(images), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
        losses.append(loss.detach())
        sizes.append(images.shape[0])
    return torch.dot(torch.stack(losses), torch.tensor(sizes, dtype=torch.float32)) / sum(sizes)


@torch.inference_mode()
def evaluate_in_another_style(model, loader):
    mode = model.training
    model.train(False)
    answers = torch.cat([torch.softmax(model(x), 1).max(1).indices == y for x, y in loader])
    model.train(mode)
    return answers.float().mean()


@torch.no_grad()
def predict_in_another_style(model, loader):
    rows = []
    for images, _ in loader:
        rows.extend(F.log_softmax(model.eval()(images), dim=-1).exp().numpy())
    return np.array(rows)


def test_correct_answers_in_another_style_pass() -> None:
    check.digits(LazyDigits)
    check.simple_cnn_layers(OtherOrder)
    check.simple_cnn_forward(OtherOrder)
    check.independent(OtherOrder)
    check.train_one_epoch(train_in_another_style)
    check.epoch(train_in_another_style, 5, count=7, batch_size=3, rate=0.2, epochs=2, smoothing=0.1)
    check.train_mode(train_in_another_style)
    check.evaluate(evaluate_in_another_style)
    check.mode_afterwards(evaluate_in_another_style)
    check.predict(predict_in_another_style)


@pytest.mark.parametrize("labels", ["float", "one-hot"])
def test_labels_of_another_kind_are_named(labels: str) -> None:
    class Other(LazyDigits):
        def __getitem__(self, index):
            label = float(self.y[index]) if labels == "float" else np.eye(10)[self.y[index]]
            return super().__getitem__(index)[0], label

    with pytest.raises(CheckFailed) as failure:
        check.digits(Other)
    assert failure.value.mistake == {"float": "label-is-float", "one-hot": "label-one-hot"}[labels]


def test_shared_layers_and_a_misspelt_forward_are_named() -> None:
    shared = OtherOrder()
    with pytest.raises(CheckFailed) as failure:
        check.independent(lambda: shared)
    assert failure.value.mistake == "shared-layers"

    class Misspelt(nn.Module):
        def foward(self, x):
            return x

    with pytest.raises(CheckFailed) as failure:
        check.simple_cnn_forward(Misspelt)
    assert failure.value.mistake == "no-forward"


def test_the_digits_are_split_as_agreed(capsys) -> None:
    X_train, y_train, X_test, y_test = data.digits8()
    assert "500 training and 1297 test images" in capsys.readouterr().out
    assert (X_train.shape, X_test.shape) == ((500, 8, 8), (1297, 8, 8))
    assert (X_train.dtype, y_train.dtype, X_train.min(), X_train.max()) == (np.float64, np.int64, 0, 16)
    np.testing.assert_array_equal(np.bincount(y_train), [51, 52, 48, 57, 54, 48, 44, 47, 52, 47])
    assert set(y_test) == set(range(10))
    np.testing.assert_array_equal(X_train, data.digits8()[0])


def test_forward_passes_are_noted_with_mode_and_tracking() -> None:
    module = nn.Linear(2, 2)
    passes = student_side.ForwardPasses(module)
    module(torch.zeros(1, 2))
    student_side.outputs(module.eval(), np.zeros((1, 2)))
    assert passes.read() == [{"training": True, "tracked": True}, {"training": False, "tracked": False}]


def test_arrays_go_into_a_module_and_come_back() -> None:
    module = nn.Linear(2, 1)
    student_side.load_arrays(module, {"weight": np.array([[1.0, 2.0]]), "bias": np.array([3.0])})
    np.testing.assert_array_equal(student_side.state_arrays(module)["weight"], [[1.0, 2.0]])
    np.testing.assert_array_equal(student_side.outputs(module, np.array([[1.0, 1.0]])), [[6.0]])


def test_wrong_predictions_are_framed_and_empty_cells_left_out() -> None:
    figure = predictions(np.zeros((3, 8, 8)), np.array([0, 1, 2]), np.eye(10)[[0, 5, 2]], columns=2)
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["0 (100 %)", "5 (100 %)\nnot 1", "2 (100 %)", ""]
    matrix = np.diag([4, 5, 6])
    matrix[0, 2] = 1
    assert [text.get_text() for text in confusion_matrix(matrix).axes[0].texts] == ["4", "1", "5", "6"]
