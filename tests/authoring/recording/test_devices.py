"""Batches are what a chapter's loaders give, on the device; a model on an accelerator can be asked for its weights."""

from __future__ import annotations

import pytest
import torch

from authoring.recording.devices import Batches, CopiesForNumpy, device_in_words, training_on

CPU = torch.device("cpu")
IMAGES, LABELS = torch.arange(23.0)[:, None], torch.arange(23)


def test_without_shuffling_batches_are_in_order_and_nothing_is_drawn():
    before = torch.get_rng_state()
    batches = list(Batches(IMAGES, LABELS, 5, CPU))
    assert [len(labels) for _, labels in batches] == [5, 5, 5, 5, 3]
    assert torch.equal(torch.cat([labels for _, labels in batches]), LABELS)
    assert torch.equal(torch.get_rng_state(), before)


def test_shuffled_batches_have_each_image_once_with_its_label_in_a_new_order_each_time():
    torch.manual_seed(0)
    loader = Batches(IMAGES, LABELS, 5, CPU, shuffle=True)
    orders = []
    for _ in range(2):
        batches = list(loader)
        assert len(batches) == len(loader) == 5
        assert all(torch.equal(images[:, 0].long(), labels) for images, labels in batches)
        orders.append(torch.cat([labels for _, labels in batches]).tolist())
    assert sorted(orders[0]) == sorted(orders[1]) == LABELS.tolist() and orders[0] != orders[1]


def test_batches_are_moved_to_the_device():
    meta = torch.device("meta")
    loader = Batches(IMAGES, LABELS, 5, meta)
    assert {images.device.type for images, _ in loader} == {labels.device.type for _, labels in loader} == {"meta"}


def test_a_tensor_elsewhere_is_copied_before_it_becomes_an_array():
    # The meta device holds no numbers: that a copy is tried shows in its own message.
    elsewhere = torch.ones(3, device="meta")
    with pytest.raises(TypeError, match="can't convert meta"):
        elsewhere.numpy()
    with CopiesForNumpy(), pytest.raises(NotImplementedError, match="copy out of meta"):
        elsewhere.numpy()
    with CopiesForNumpy():
        assert torch.ones(3).mul(2).numpy().tolist() == [2, 2, 2]


def test_on_a_processor_nothing_is_switched():
    with training_on(CPU):
        assert not torch.are_deterministic_algorithms_enabled()


def test_the_processor_is_named_with_its_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    assert device_in_words(CPU).endswith(" CPU, 1 thread")
    torch.set_num_threads(before)
