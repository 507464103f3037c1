"""What torchvision's networks say of the photographs is recorded with the checksum of their weights."""

from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace

import pytest
import torch
from torch.utils.data import Dataset

from authoring.recording import photographs
from workbook.chapter12 import pretrained
from workbook.chapter12.figures import side_by_side
from workbook.chapter12.recorded_answers import recorded_answers
from workbook.data.photographs import SHIPPED
from workbook.vision import torchvision


class Grey(Dataset):
    """Images in place of the chapter's data set, which read no file."""

    def __init__(self, paths, transform):
        self.paths = paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return torch.full((3, 224, 224), index / 16)


def predict(model, loader):
    with torch.no_grad():
        return torch.cat([model(images).softmax(dim=1) for images in loader])


def top_k(probabilities, k, categories):
    best = probabilities.topk(k, dim=1)
    return [
        [(categories[i], v) for v, i in zip(*pair, strict=True)]
        for pair in zip(best.values.tolist(), best.indices.tolist(), strict=True)
    ]


NAMES = {
    "PHOTOGRAPHS": {name: name for name in (*SHIPPED, "my garden")},
    "ImageFolderDataset": Grey,
    "predict": predict,
    "top_k": top_k,
}


@pytest.fixture
def weights(monkeypatch, tmp_path):
    """Random weights of ResNet18 in an empty cache of torchvision's, under a name that ends in their checksum."""
    for name in ("WORKBOOK_DATA", "WORKBOOK_DOWNLOAD", "WORKBOOK_EMBEDDED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    torch.manual_seed(0)
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    torch.save(torchvision.models.resnet18().state_dict(), folder / "made.pth")
    digest = hashlib.sha256((folder / "made.pth").read_bytes()).hexdigest()
    file = (folder / "made.pth").rename(folder / f"resnet18-{digest[:8]}.pth")
    real = pretrained._weights

    def renamed(name):
        found = real(name)
        if name != "resnet18":
            return found
        return SimpleNamespace(url=f"https://nowhere/{file.name}", meta=found.meta, transforms=found.transforms)

    monkeypatch.setattr(pretrained, "_weights", renamed)
    monkeypatch.setattr(photographs, "definitions", lambda *_: NAMES)
    return file


def test_networks_that_are_here_are_recorded_with_their_checksum(weights, tmp_path, capsys):
    file = tmp_path / "recorded.json"
    assert photographs.main(file) == 0
    made = json.loads(file.read_text())
    (network,) = made["networks"].values()
    assert (list(made["networks"]), network["weights"]) == (["resnet18"], weights.name)
    assert network["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert network["sha256"] in capsys.readouterr().out
    assert list(network["answers"]) == list(SHIPPED)
    assert made["versions"]["torchvision"] == torchvision.__version__.partition("+")[0]


def test_what_is_recorded_stands_beside_networks_that_are_asked(weights, tmp_path):
    file = tmp_path / "recorded.json"
    photographs.main(file)
    found = recorded_answers(file=file)
    assert list(found) == ["resnet18 (recorded)"]
    assert recorded_answers(besides=["resnet18"], file=file) == {}
    ranking = found["resnet18 (recorded)"]["cat"]
    assert len(ranking) == 3 and ranking[0][1] >= ranking[1][1] >= ranking[2][1]
    own = {"asked": {"my garden": ("daisy", 0.5), "cat": ("tabby", 0.5)}}
    tops = own | {name: {photo: ranked[0] for photo, ranked in answers.items()} for name, answers in found.items()}
    assert len(side_by_side(tops, {}).axes[0].texts) == 2 + 3 + 2


def test_other_weights_under_that_name_are_refused(weights, tmp_path, capsys):
    torch.save(torchvision.models.resnet18().state_dict(), weights)
    assert photographs.main(tmp_path / "recorded.json") == 2
    assert "does not hold torchvision's weights: its SHA-256 is" in capsys.readouterr().err
    assert not (tmp_path / "recorded.json").exists()


def test_without_weights_the_command_says_where_they_belong(weights, tmp_path, monkeypatch, capsys):
    weights.unlink()

    def refuse(*args, **kwargs):
        raise AssertionError("something was downloaded without being asked for")

    monkeypatch.setattr(torch.hub, "download_url_to_file", refuse)
    assert photographs.main(tmp_path / "recorded.json") == 2
    message = capsys.readouterr().err
    for words in ("not alexnet, vgg16, resnet18", str(weights.parent), "WORKBOOK_DOWNLOAD=1"):
        assert words in message


def test_as_long_as_nothing_is_recorded_nothing_is_shown(tmp_path):
    assert recorded_answers(file=tmp_path / "nothing.json") == {}
