"""Chapter 11: oracles agree with PyTorch, mistakes are told apart, correct variants pass, speed changes nothing."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from autograder.testing import CheckFailed, student_side
from autograder.testing.answers import live_answers
from workbook.chapter11 import exercises as check
from workbook.chapter11 import figures, speed
from workbook.chapter11.evaluations import losses_of
from workbook.chapter11.inputs import filling, kind_table, kinds_in, study_data
from workbook.chapter11.reference import vgg
from workbook.chapter11.reference.vgg import Plan
from workbook.linear_classifier import LinearClassifier


class Nested(nn.Module):
    """A correct network in another style: made back to front, functional activations, nested modules."""

    def __init__(self, activation="relu", dropout=0.5, batch_norm=True, width=1.0):
        super().__init__()
        self.active = {"relu": F.relu, "sigmoid": torch.sigmoid}[activation]
        hidden, features = int(width * 4096), int(width * 512)
        self.last, self.drop = nn.Linear(hidden, 10), nn.Dropout(dropout)
        self.second, self.first = nn.Linear(hidden, hidden), nn.Linear(features, hidden)
        sizes = [1, *(int(width * n) for n in (64, 128, 256, 256, 512, 512, 512, 512))]
        self.norms = nn.ModuleList(nn.BatchNorm2d(n) if batch_norm else nn.Identity() for n in sizes[1:])
        pairs = itertools.pairwise(sizes)
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, (3, 3), padding="same") for a, b in pairs)

    def forward(self, x):
        for number, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            x = norm(convolution(x))
            if number in (0, 1, 3, 5, 7):
                x = F.max_pool2d(x, 2)
            x = self.active(x)
        x = self.drop(self.active(self.first(x.view(len(x), -1))))
        return self.last(self.drop(self.active(self.second(x))))


def study_with_loaders(model, optimizer, train, test, epochs, batch_size=64):
    """A correct study in another style: data sets, loaders, running counts, seconds with the evaluation."""
    sets = [
        torch.utils.data.TensorDataset(torch.tensor(x, dtype=torch.float32), torch.tensor(y)) for x, y in (train, test)
    ]
    loader = torch.utils.data.DataLoader(sets[0], batch_size, shuffle=True)
    mode = model.training
    out = {"train_loss": [], "test_loss": [], "train_acc": [], "test_acc": [], "seconds": []}
    for _ in range(epochs):
        start = time.time()
        model.train()
        for x, y in loader:
            loss = nn.CrossEntropyLoss()(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.inference_mode():
            for name, held in zip(("train", "test"), sets, strict=True):
                loss, right = 0.0, 0
                for x, y in torch.utils.data.DataLoader(held, 77):
                    logits = model(x)
                    loss += F.cross_entropy(logits, y).item() * len(y)
                    right += int((logits.argmax(1) == y).sum())
                out[f"{name}_loss"].append(loss / len(held))
                out[f"{name}_acc"].append(right / len(held))
        out["seconds"].append(time.time() - start)
    model.train(mode)
    return out


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1 / 16, 1 / 32]), st.booleans(), st.sampled_from(["relu", "sigmoid"]))
def test_the_functional_forward_pass_is_that_of_modules(seed, width, batch_norm, activation) -> None:
    plan, model = Plan(width, batch_norm), Nested(activation, width=width, batch_norm=batch_norm).eval()
    student_side.load_arrays(model, filling(student_side.state_arrays(model), seed))
    images = np.random.default_rng(seed).random((2, 1, 32, 32))
    expected = vgg.forward(plan.filled(seed), plan, images, vgg.Variant(activation))
    np.testing.assert_allclose(student_side.outputs(model, images), expected, rtol=2e-3, atol=2e-4)


def test_the_plan_of_the_full_network_has_the_parameters_of_the_text() -> None:
    assert sum(n * int(np.prod(shape)) for (_, shape), n in Plan(1.0).kinds().items()) == 28_148_362


def test_kinds_survive_their_table() -> None:
    assert kinds_in(kind_table(Plan(1 / 8).kinds())) == Plan(1 / 8).kinds()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5))
def test_no_wrong_padding_equals_the_right_one(seed, count) -> None:
    images = np.random.default_rng(seed).integers(1, 200, (count, 28, 28)).astype(np.uint8)
    for name, argument in (("shape", count), ("pixels", images)):
        answers = live_answers(f"workbook.chapter11.reference.padding:{name}", (argument,), {})
        for mistake, formulas in answers.wrong.items():
            for wrong in (np.asarray(formula()) for formula in formulas):
                different = wrong.shape != np.shape(answers.right) or not np.allclose(wrong, answers.right, 1e-4, 1e-6)
                assert different, mistake


@pytest.mark.parametrize(("row", "column"), [(0, 3), (31, 31), (5, 0), (14, 20)])
def test_a_pixel_that_is_not_compared_alone_changes_the_mean(row, column) -> None:
    def with_a_speck(images):
        padded = np.pad(images, ((0, 0), (2, 2), (2, 2)))[:, None] / np.float32(255)
        padded[:, :, row, column] += 0.1
        return padded

    with pytest.raises(CheckFailed, match=r"pad_images\(images\)|the mean of each padded image"):
        check.pad_images(with_a_speck)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 400), st.integers(1, 70))
def test_no_wrong_average_equals_the_right_one(seed, count, batch_size) -> None:
    arguments = "train_loss", seed, (count, 5), batch_size, 2
    answers = live_answers("workbook.chapter11.reference.studies:measured", arguments, {})
    for mistake, formulas in answers.wrong.items():
        assert not any(np.allclose(formula(), answers.right, rtol=5e-4) for formula in formulas), mistake


def test_losses_of_a_trained_classifier_are_those_of_its_module() -> None:
    module, (images, labels) = LinearClassifier.random(3, normalised=True).module(), study_data(20, 4)
    student_side.take_step(module, images, labels, 0.1)
    module.eval()
    logits = torch.as_tensor(student_side.outputs(module, images))
    expected = F.cross_entropy(logits, torch.as_tensor(labels), reduction="none")
    np.testing.assert_allclose(losses_of(student_side.state_arrays(module), images, labels), expected, rtol=1e-3)


def test_correct_answers_in_another_style_pass(capsys) -> None:
    check.pad_images(lambda images: F.pad(torch.tensor(images).unsqueeze(1).float() / 255, (2, 2, 2, 2)))
    check.layers(Nested)
    check.forward(Nested)
    check.dropout(Nested)
    check.dropped(Nested, 0.6, width=1 / 8, batch_norm=False)
    check.run_study(study_with_loaders)
    check.training(study_with_loaders)
    check.study_modes(study_with_loaders)
    assert capsys.readouterr().out.count("correct") == 7


class Careless(Nested):
    """Dropout as a function that nobody told about the mode."""

    def forward(self, x):
        self.drop = nn.Identity()
        return F.dropout(super().forward(x), 0.5)


@pytest.mark.parametrize("judge", [check.forward, check.dropout])
def test_dropout_in_evaluation_mode_is_named(judge) -> None:
    with pytest.raises(CheckFailed) as failure:
        judge(Careless)
    assert failure.value.mistake == "dropout-in-evaluation"


class Unscaled(nn.Module):
    """Dropout that forgets to divide."""

    def __init__(self, probability):
        super().__init__()
        self.probability = probability

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.probability) if self.training else x


def test_dropout_without_division_is_named() -> None:
    def build(activation="relu", dropout=0.5, batch_norm=True, width=1.0):
        model = Nested(activation, dropout, batch_norm, width)
        model.drop = Unscaled(dropout)
        return model

    with pytest.raises(CheckFailed) as failure:
        check.dropout(build)
    assert failure.value.mistake == "dropout-not-scaled"


@pytest.mark.parametrize("bfloat16", [False, True])
def test_a_faster_network_has_the_same_parameters_modes_and_nearly_the_same_logits(bfloat16) -> None:
    torch.manual_seed(0)
    plain = Nested(width=1 / 16).eval()
    images = torch.rand(4, 1, 32, 32)
    with torch.no_grad():
        expected = plain(images)
        fast = speed.accelerated(plain, speed.Speed(channels_last=True, bfloat16=bfloat16))
        got = fast(images)
    assert got.dtype == torch.float32
    assert not fast.training
    torch.testing.assert_close(got, expected, rtol=0.1 if bfloat16 else 1e-4, atol=0.02 if bfloat16 else 1e-5)
    assert {id(p) for p in fast.parameters()} == {id(p) for p in plain.parameters()}
    assert fast.train().model.training


def test_the_path_names_what_this_cpu_cannot_do(monkeypatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True})
    wanted = speed.Speed(bfloat16=True)
    assert not wanted.autocasts
    assert "no bfloat16 instructions" in wanted.path()
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": True})
    assert wanted.autocasts
    assert "bfloat16 products" in wanted.path()


def test_the_study_figure_has_two_panels_for_each_run_and_one_for_the_seconds() -> None:
    history = {key: [0.5, 0.4] for key in ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")}
    figure = figures.study({"SGD": [history], "Adam": [history, history]}, "title")
    assert len(figure.axes) == 5
