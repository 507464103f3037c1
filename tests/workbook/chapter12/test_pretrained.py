"""Pretrained networks: each with the preprocessing of its weights; nothing is downloaded unless asked for."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from workbook import data
from workbook.chapter12.pretrained import (
    NETWORKS,
    available_networks,
    load_pretrained,
    networks_in_words,
    untrained,
    weights_checksum,
)
from workbook.chapter12.transfer import task
from workbook.vision import torchvision

LITE = {"efficientnet_lite0": 224, "efficientnet_lite1": 240, "efficientnet_lite2": 260}
TORCHVISION = {
    "alexnet": ("alexnet-owt-7be5be79.pth", 61_100_840),
    "vgg16": ("vgg16-397923af.pth", 138_357_544),
    "resnet18": ("resnet18-f37072fd.pth", 11_689_512),
}


@pytest.fixture(autouse=True)
def an_empty_cache_and_no_network(monkeypatch, tmp_path):
    for name in ("WORKBOOK_DATA", "WORKBOOK_DOWNLOAD", "WORKBOOK_EMBEDDED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))

    def refuse(*args, **kwargs):
        raise AssertionError("something was downloaded without being asked for")

    monkeypatch.setattr(torch.hub, "download_url_to_file", refuse)


def put_weights(name: str, folder: Path) -> Path:
    """A state dict of the right shapes where torchvision looks. Every entry is one number, so the file is small."""
    with torch.device("meta"):
        state = getattr(torchvision.models, name)().state_dict()
    file = folder / "torch" / "hub" / "checkpoints" / TORCHVISION[name][0]
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.save({n: torch.full((), 0.25, dtype=t.dtype).expand(t.shape) for n, t in state.items()}, file)
    return file


def image() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8))


@pytest.mark.parametrize("name", LITE)
def test_efficientnets_come_with_weights_size_and_statistics(name):
    model, transform, categories = load_pretrained(name)
    assert not model.training
    assert len(categories) == len(set(categories)) == 1000
    assert (categories[0], categories[999]) == ("tench", "toilet tissue")
    x = transform(image())
    assert (tuple(x.shape), x.dtype) == ((3, LITE[name], LITE[name]), torch.float32)
    white = transform(Image.new("RGB", (300, 300), "white"))
    np.testing.assert_allclose(white.numpy(), (255 - 127) / 128, rtol=1e-5)
    with torch.no_grad():
        assert model(x[None]).shape == (1, 1000)


@pytest.mark.parametrize(
    ("photo", "labels"),
    [
        ("cat", {"tabby", "tiger cat", "Egyptian cat"}),
        ("coffee", {"espresso"}),
        ("motorcycle", {"moped", "motor scooter"}),
        ("cameraman", {"tripod"}),
        ("temple", {"palace"}),
    ],
)
def test_every_efficientnet_recognises_the_easy_photographs(photo, labels):
    path = data.photographs()[photo]
    for name in LITE:
        model, transform, categories = load_pretrained(name)
        with Image.open(path) as file, torch.no_grad():
            best = int(model(transform(file.convert("RGB"))[None]).argmax())
        assert categories[best] in labels, name


@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvisions_networks_are_read_from_its_cache(name, tmp_path):
    put_weights(name, tmp_path)
    assert name in available_networks()
    model, transform, categories = load_pretrained(name)
    assert not model.training
    parameters = list(model.parameters())
    assert sum(p.numel() for p in parameters) == TORCHVISION[name][1]
    assert all(p.device.type == "cpu" and p.requires_grad and p.flatten()[0] == 0.25 for p in parameters)
    x = transform(image())
    assert (tuple(x.shape), x.dtype, len(categories)) == ((3, 224, 224), torch.float32, 1000)
    white = transform(Image.new("RGB", (300, 300), "white"))[:, 0, 0]
    np.testing.assert_allclose(white, (1 - np.array([0.485, 0.456, 0.406])) / [0.229, 0.224, 0.225], rtol=1e-5)


@pytest.mark.parametrize("name", TORCHVISION)
def test_without_network_and_cache_the_message_says_which_file_goes_where(name, tmp_path):
    with pytest.raises(FileNotFoundError) as failure:
        load_pretrained(name)
    text = str(failure.value)
    assert TORCHVISION[name][0] in text
    assert str(tmp_path / "torch" / "hub" / "checkpoints") in text
    assert "download=True" in text and "efficientnet_lite0" in text
    assert available_networks() == list(LITE)


def test_a_download_that_is_asked_for_is_verified_and_used(monkeypatch, tmp_path):
    asked = []

    def fetch(url, target, hash_prefix=None, progress=True):
        asked.append((url, hash_prefix))
        put_weights("resnet18", tmp_path)

    monkeypatch.setattr(torch.hub, "download_url_to_file", fetch)
    load_pretrained("resnet18", download=True)
    assert asked == [("https://download.pytorch.org/models/resnet18-f37072fd.pth", "f37072fd")]


def test_a_download_that_fails_says_which_file_goes_where(monkeypatch):
    def no_network(*args, **kwargs):
        raise OSError("no network")

    monkeypatch.setattr(torch.hub, "download_url_to_file", no_network)
    monkeypatch.setenv("WORKBOOK_DOWNLOAD", "1")
    with pytest.raises(FileNotFoundError, match=r"no network.*resnet18-f37072fd\.pth"):
        load_pretrained("resnet18")


def test_grading_never_downloads(monkeypatch):
    monkeypatch.setenv("WORKBOOK_EMBEDDED", "1")
    with pytest.raises(FileNotFoundError):
        load_pretrained("resnet18", download=True)


def test_grading_uses_packaged_networks_only(monkeypatch, tmp_path):
    put_weights("resnet18", tmp_path)
    monkeypatch.setenv("WORKBOOK_EMBEDDED", "1")
    assert available_networks() == list(LITE)


def test_one_line_says_which_networks_are_here_and_why_others_are_not(monkeypatch, tmp_path):
    message = networks_in_words()
    assert message.startswith(f"networks: {', '.join(LITE)}; not alexnet, vgg16, resnet18, since")
    assert message.endswith(str(tmp_path / "torch" / "hub" / "checkpoints")) and "\n" not in message
    put_weights("vgg16", tmp_path)
    assert "vgg16; not alexnet, resnet18" in networks_in_words()
    for name in ("alexnet", "resnet18"):
        put_weights(name, tmp_path)
    assert networks_in_words().startswith("networks: all six")
    monkeypatch.setenv("WORKBOOK_EMBEDDED", "1")
    assert networks_in_words().endswith("since grading and the book use networks whose weights come in packages")


def test_the_checksum_is_that_of_the_file(tmp_path):
    file = put_weights("resnet18", tmp_path)
    assert weights_checksum("resnet18") == hashlib.sha256(file.read_bytes()).hexdigest()
    assert len({weights_checksum(name) for name in LITE}) == 3


def test_a_file_that_holds_something_else_is_named(tmp_path):
    file = put_weights("resnet18", tmp_path)
    file.write_bytes(b"not weights")
    with pytest.raises(ValueError, match=r"resnet18-f37072fd\.pth does not hold.*Delete it"):
        load_pretrained("resnet18")


@pytest.mark.parametrize("function", [load_pretrained, untrained])
def test_an_unknown_network_is_named(function):
    with pytest.raises(ValueError, match="no network 'lenet'; expected one of efficientnet_lite0"):
        function("lenet")


def test_an_untrained_network_has_the_same_parameters():
    shapes = {n: p.shape for n, p in load_pretrained("efficientnet_lite1")[0].named_parameters()}
    assert {n: p.shape for n, p in untrained("efficientnet_lite1").named_parameters()} == shapes
    assert set(NETWORKS) == {*LITE, *TORCHVISION}


def test_photographs_are_files_in_packages_and_open_as_images(capsys):
    paths = data.photographs()
    assert "16 that ship" in capsys.readouterr().out
    assert len(paths) == 16
    for path in paths.values():
        with Image.open(path) as photo:
            assert min(photo.size) >= 224


def test_a_readers_own_photographs_are_added(tmp_path, monkeypatch, capsys):
    image().save(tmp_path / "garden.JPG", "JPEG")
    (tmp_path / "notes.txt").write_text("no photograph")
    assert data.photographs(tmp_path)["garden"] == str(tmp_path / "garden.JPG")
    assert "1 of your own" in capsys.readouterr().out
    (tmp_path / "photographs").mkdir()
    image().save(tmp_path / "photographs" / "sea.png")
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path))
    assert "sea" in data.photographs()
    monkeypatch.setenv("WORKBOOK_EMBEDDED", "1")
    assert len(data.photographs(tmp_path)) == 16


def test_clashing_names_and_missing_folders_are_named(tmp_path):
    image().save(tmp_path / "cat.png")
    with pytest.raises(ValueError, match="a photograph called 'cat' already"):
        data.photographs(tmp_path)
    with pytest.raises(ValueError, match="is not a folder"):
        data.photographs(tmp_path / "nowhere")


@pytest.mark.parametrize("colour", [False, True])
def test_a_task_is_enlarged_and_normalised(colour):
    class Images:
        x_train = np.full((5, 8, 8, 3) if colour else (5, 8, 8), 255, dtype=np.uint8)
        x_test, y_train, y_test = x_train[:3], np.arange(5), np.arange(3)
        source = "white"

    small = task(Images, train=4, test=10, side=16, mean=0.5, std=0.25)
    assert small.train_images.shape == (4, 3, 16, 16)
    assert (len(small.test_images), small.train_labels.tolist(), small.source) == (3, [0, 1, 2, 3], "white")
    np.testing.assert_allclose(small.train_images, 2.0)
