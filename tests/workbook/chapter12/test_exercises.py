"""Chapter 12: the closed forms agree with PyTorch, and correct answers in another style pass."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch import nn

from autograder.testing import CheckFailed, student_side
from autograder.testing.answers import live_answers
from autograder.testing.student_side import AffineTransform, with_numbers, write_files
from workbook.chapter12 import exercises as check
from workbook.chapter12 import figures
from workbook.chapter12.inputs import png, random_images, random_pixels
from workbook.chapter12.little_networks import HEADS, features, little_network, moved_by_a_step
from workbook.chapter12.reference.images import rgb
from workbook.chapter12.reference.predictions import ImageTwin


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_the_twin_is_its_module_in_both_modes(seed: int, count: int) -> None:
    twin, images = ImageTwin.random(seed), random_images(seed + 1, count)
    module = twin.module().eval()
    np.testing.assert_allclose(student_side.outputs(module, images), twin.logits(images), rtol=1e-3, atol=1e-4)
    module.train()
    trained = student_side.outputs(module, images)
    np.testing.assert_allclose(trained, twin.logits_in_train_mode(images), rtol=1e-2, atol=1e-3)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 6), st.sampled_from([1, 3, 4]))
def test_a_picture_survives_its_file(seed: int, height: int, width: int, channels: int) -> None:
    pixels = random_pixels(seed, height, width, channels)
    (path,) = write_files({"a.png": png(pixels)})
    with Image.open(path) as image:
        read = AffineTransform(255.0, 0.0)(image.convert("RGB"))
    np.testing.assert_allclose(read, rgb(pixels), atol=1e-3)


@pytest.mark.parametrize("head", HEADS)
def test_features_are_what_reaches_the_head(head: str) -> None:
    network, images = little_network(head, 8, seed=1), random_images(2, 4)
    reached = features(network, head, images)
    network.get_submodule(head).weight.data.fill_(0.5)
    expected = 0.5 * reached.sum(axis=1, keepdims=True).repeat(8, axis=1)
    np.testing.assert_allclose(student_side.outputs(network, images), expected, rtol=1e-4, atol=1e-5)
    network.get_submodule(head).weight.data.normal_()
    moved = moved_by_a_step(network, head, images, reached)
    assert len(moved) == (10 if head == "classifier.6" else 6)
    network.requires_grad_(False)
    assert moved_by_a_step(network, head, images, reached) == []


@pytest.mark.parametrize(
    ("reference", "given"),
    [
        ("predictions:probabilities", (123, 8, 3, 20)),
        ("images:item", (random_pixels(1, 5, 7), 4.0, -1.0)),
        ("predictions:best", (np.array([[0.1, 0.5, 0.15, 0.25]]), 3)),
    ],
)
def test_every_wrong_answer_differs_from_the_right_one(reference: str, given: tuple) -> None:
    answers = live_answers(f"workbook.chapter12.reference.{reference}", given, {})
    right = np.asarray(answers.right)
    for name, formulas in answers.wrong.items():
        for wrong in (np.asarray(formula()) for formula in formulas):
            assert wrong.shape != right.shape or not np.allclose(wrong, right, rtol=1e-2), name


class EagerImages(torch.utils.data.Dataset):
    """A correct data set that reads all files at once."""

    def __init__(self, paths, transform):
        self.items = []
        for path in paths:
            try:
                image = Image.open(path)
                image.load()
            except Exception as error:
                raise ValueError(f"cannot read {path}") from error
            rgb_image = Image.new("RGB", image.size)
            rgb_image.paste(image.convert("RGB"))
            self.items.append(transform(rgb_image))

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index].clone()


@torch.inference_mode()
def predict_in_another_style(model, loader):
    model.train(False)
    rows = []
    for images in loader:
        rows.extend(F.log_softmax(model(images), dim=-1).exp().numpy())
    return np.array(rows)


def top_k_in_another_style(probabilities, k, categories):
    result = []
    for row in probabilities.numpy():
        best = sorted(range(len(row)), key=lambda i: row[i], reverse=True)[:k]
        result.append(tuple((categories[i], row[i]) for i in best))
    return result


def top_k_with_tensors(probabilities, k, categories):
    values, indices = probabilities.topk(k)
    return [[(categories[i], v) for i, v in zip(*pair, strict=True)] for pair in zip(indices, values, strict=True)]


def freeze_in_another_style(model):
    model.requires_grad_(False)
    linear = [m for m in model.modules() if type(m) is nn.Linear]
    linear[-1].requires_grad_(True)
    return model


def replace_in_another_style(model, num_classes):
    for parent in reversed(list(model.modules())):
        for name, child in reversed(list(parent.named_children())):
            if isinstance(child, nn.Linear):
                parent.add_module(name, nn.Linear(child.weight.shape[1], num_classes))
                return model
    raise ValueError("no head")


def test_correct_answers_in_another_style_pass() -> None:
    check.image_folder_dataset(EagerImages)
    check.refuses_what_is_no_image(EagerImages)
    check.refuses(EagerImages, "cut.png", png(random_pixels(1, 60, 80))[:3000])
    check.predict(predict_in_another_style)
    check.top_k(top_k_in_another_style)
    check.top_k(top_k_with_tensors)
    check.freeze_features(freeze_in_another_style)
    check.replace_head(replace_in_another_style)


def test_a_single_number_stands_for_a_tensor() -> None:
    assert with_numbers([("a", torch.tensor(0.5)), ["b", np.float64(2)]]) == [("a", 0.5), ["b", 2.0]]


def test_an_answer_that_is_not_written_is_said_to_be_missing() -> None:
    class Stub(torch.utils.data.Dataset):
        def __init__(self, paths, transform):
            raise NotImplementedError

    for function in (check.image_folder_dataset, check.refuses_what_is_no_image):
        with pytest.raises(CheckFailed) as failure:
            function(Stub)
        assert failure.value.mistake == "not-written"


def test_right_labels_are_marked_in_the_figures() -> None:
    (path,) = write_files({"a.png": png(random_pixels(0, 20, 30))})
    ranking = [("cat", 0.7), ("dog", 0.2), ("fox", 0.1)]
    figure = figures.answers({"a": path}, {"a": ranking}, {"a": ("dog",)}, columns=1)
    assert [text.get_text() for text in figure.axes[1].texts] == ["70 %  cat", "20 %  dog  ✓", "10 %  fox"]
    table = figures.side_by_side({"x": {"a": ranking[0]}}, {"a": ("cat",)})
    assert "70 %  cat  ✓" in [text.get_text() for text in table.axes[0].texts]
    plt.close("all")
