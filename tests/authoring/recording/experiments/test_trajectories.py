"""Epoch by epoch, with one optimizer and one random state, a chapter's function trains as in one long call."""

from __future__ import annotations

import os
from unittest import mock

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from authoring.recording import whole_cifar10
from authoring.recording.chapter_code import definitions
from authoring.recording.devices import Batches
from authoring.recording.experiment import experiment
from authoring.recording.experiments.learning_rates_original import one_epoch
from authoring.recording.random_states import seed_all
from authoring.recording.seed_folder import SeedFolder
from authoring.recording.train_seed import train_plan
from autograder.errors import AutograderError
from workbook.data.ten_classes import ColourImages

CPU = torch.device("cpu")
EPOCHS = 3
ORIGINAL = ("activations_original", "architectures_original", "learning_rates_original", "vgg11_original")
NETWORKS = ("mlp_1", "mlp_2", "cnn_3", "cnn_4", "cnn_5")


@pytest.fixture(scope="module")
def chapters(course):
    """What the chapters of the experiments at original scale define, with the data that they embed."""
    threads = torch.get_num_threads()
    with mock.patch.dict(os.environ, {"WORKBOOK_EMBEDDED": "1", "WORKBOOK_SCALE": "quick", "MPLBACKEND": "agg"}):
        names = {name: definitions(course, experiment(name).CHAPTER) for name in ORIGINAL}
    torch.set_num_threads(1)
    yield names
    torch.set_num_threads(threads)


def loaders():
    """Twenty batches for training, and one for judging; a DataLoader draws from the generator, as a chapter's does."""
    random = torch.Generator().manual_seed(5)
    images, labels = torch.randn(100, 3, 32, 32, generator=random), torch.arange(100) % 10
    pairs = TensorDataset(images, labels)
    return DataLoader(pairs, batch_size=5, shuffle=True), Batches(images[:20], labels[:20], 20, CPU)


def weights(model):
    return [parameter.detach().clone() for parameter in model.state_dict().values()]


def same(one, other):
    return len(one) == len(other) and all(map(torch.equal, one, other))


def test_chapter_08(chapters):
    names = chapters["architectures_original"]
    train, judge = loaders()
    ends, curves = [], []
    for calls, epochs in ((1, EPOCHS), (EPOCHS, 1)):
        seed_all(3)
        model = names["build"]("cnn_3", padding="same", head=64)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
        records = [
            names["train_and_record"]("cnn_3", model, train, judge, judge, epochs, optimizer) for _ in range(calls)
        ]
        ends.append(weights(model))
        curves.append({key: [v for r in records for v in r[key]] for key in ("loss_curve", "val_acc_curve")})
        assert (
            records[-1]["test_acc"] == names["train_and_record"]("", model, [], judge, judge, 0, optimizer)["test_acc"]
        )
    assert same(*ends) and curves[0] == curves[1] and len(curves[0]["loss_curve"]) == 2 * EPOCHS


def test_chapter_09(chapters):
    names = chapters["activations_original"]
    train, _ = loaders()
    ends, curves = [], []
    for calls, epochs in ((1, EPOCHS), (EPOCHS, 1)):
        seed_all(3)
        model = names["build"]("cnn_4", padding="same", head=64)
        results = [names["train_with_gradients"](model, train, epochs, 0.1) for _ in range(calls)]
        ends.append(weights(model))
        curves.append({key: [v for result in results for v in result[key]] for key in results[0]})
    assert same(*ends) and curves[0] == curves[1] and len(curves[0]["grad_curve"]) == 2 * EPOCHS


@pytest.mark.parametrize("milestones", [[], [1], [1, 2]])
def test_chapter_10s_schedule(chapters, milestones):
    names = chapters["learning_rates_original"]
    train, judge = loaders()
    seed_all(3)
    long_call = names["scheduled_run"]("cnn_5", train, judge, milestones, EPOCHS)
    seed_all(3)
    model = names["build"]("cnn_5")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scores = []
    for epoch in range(EPOCHS):
        rate = names["step_schedule"](epoch, 0.1, milestones, 0.1)
        scores += one_epoch(names, model, optimizer, train, judge, rate)["val_acc_epochs"]
    assert scores == long_call


def test_chapter_10s_adam(chapters):
    names = chapters["learning_rates_original"]
    train, judge = loaders()
    seed_all(3)
    long_call, scores = names["adam_run"]("cnn_3", train, judge, EPOCHS)
    seed_all(3)
    model = names["build"]("cnn_3")
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    epochs = [one_epoch(names, model, optimizer, train, judge, 0.001) for _ in range(EPOCHS)]
    assert same(weights(model), weights(long_call))
    assert [score for epoch in epochs for score in epoch["val_acc_epochs"]] == scores
    assert all(len(epoch["loss_curve"]) == 2 for epoch in epochs)


def test_chapter_11(chapters):
    names = chapters["vgg11_original"]
    random = np.random.default_rng(5)
    part = random.random((24, 1, 32, 32), dtype=np.float32), np.arange(24) % 10
    ends, curves = [], []
    for calls, epochs in ((1, 2), (2, 1)):
        seed_all(3)
        model = names["speed"].accelerated(names["build_vgg11"](width=1 / 32), names["SPEED"])
        optimizer = names["adam"](model.parameters())
        histories = [names["run_study"](model, optimizer, part, part, epochs, 8) for _ in range(calls)]
        ends.append(weights(model))
        curves.append([value for history in histories for value in history["train_loss"]])
    assert same(*ends) and curves[0] == curves[1]


# --- the plans ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "runs", "epochs"),
    [
        ("architectures_original", NETWORKS, [2] * 5),
        ("activations_original", NETWORKS, [2] * 5),
        ("vgg11_original", ("SGD", "Adam", "Adam, sigmoid", "Adam, sigmoid, no dropout"), [2] * 4),
        (
            "learning_rates_original",
            [
                f"{network}, {label}"
                for network in ("cnn_3", "cnn_5")
                for label in ("rate 0.01", "rate 0.001", "0.1", "0.1, 0.01", "0.1, 0.01, 0.001", "Adam, 0.001")
            ],
            [1, 1, 2, 2, 2, 2] * 2,
        ),
    ],
)
def test_a_plan_has_its_runs(chapters, name, runs, epochs):
    plan = experiment(name).plan(chapters[name], "quick", CPU)
    assert [run.name for run in plan.runs] == list(runs)
    assert [run.epochs for run in plan.runs] == epochs


def test_full_scale_is_that_of_the_sources():
    full = whole_cifar10.SIZES["full"]
    assert (full.training, full.test, full.epochs) == (None, None, 15)
    architectures, rates, vgg11 = (experiment(name) for name in ORIGINAL[1:])
    assert (architectures.HELD_OUT, rates.HELD_OUT, rates.EPOCHS["full"]) == (0.1, 0.1, (20, 30))
    assert vgg11.SIZES["full"] == vgg11.Sizes(width=1.0, training=600, test=600, epochs=10, batch=64)


@pytest.mark.parametrize("name", ORIGINAL)
def test_full_scale_without_its_data_is_refused(chapters, name):
    with pytest.raises(AutograderError, match=r"full scale needs .*found (drawn things|scikit-learn's).*WORKBOOK_DATA"):
        experiment(name).plan(chapters[name], "full", CPU)


def test_a_subset_of_cifar10_is_not_all_of_it():
    images = ColourImages(*([np.zeros(5)] * 4), (), "CIFAR-10 subset from WORKBOOK_DATA")
    with pytest.raises(AutograderError, match=r"50000 training and 10000 test images; found .*, 5 and 5\."):
        whole_cifar10.chosen(images, "full")


def test_a_tenth_of_each_class_is_held_out_and_no_image_twice():
    labels = np.random.default_rng(0).integers(0, 4, 400)
    training, held_out = whole_cifar10.split(labels, 0.1)
    assert sorted([*training, *held_out]) == list(range(400))
    assert np.array_equal(np.bincount(labels[held_out]), np.round(np.bincount(labels) / 10))
    judged = whole_cifar10.spread_out(held_out, 8)
    assert len(set(judged)) == 8 and set(labels[judged]) == {0, 1, 2, 3} and set(judged) <= set(held_out)


def test_the_cnns_have_padding_and_a_head_and_start_alike_with_either_activation(chapters):
    names = chapters["activations_original"]
    model = whole_cifar10.network(names["build"], "cnn_5", CPU, activation="sigmoid")
    assert sum(parameter.numel() for parameter in model.parameters()) == 40_682
    assert [type(layer).__name__ for layer in model].count("Sigmoid") == 7
    plan = experiment("activations_original").plan(names, "quick", CPU)
    state = plan.runs[2].begin({}).model.state_dict()
    assert all(torch.equal(state[key], state[key.replace("relu", "sigmoid")]) for key in state if "relu" in key)


def test_milestones_come_from_the_runs_before(chapters):
    names = chapters["learning_rates_original"]
    plan = experiment("learning_rates_original").plan(names, "quick", CPU)
    third = next(run for run in plan.runs if run.name == "cnn_3, 0.1, 0.01, 0.001")
    rising = [0.1 * epoch for epoch in range(4)]
    first, second = rising + [0.3] * 6, rising + [0.5] * 6  # each is level for patience epochs from its end of rising
    curves = {"loss_curve": [2.0] * 10, "val_acc_epochs": second}
    training = third.begin({"cnn_3, 0.1": {"val_acc_epochs": first}, "cnn_3, 0.1, 0.01": {"val_acc_epochs": second}})
    assert training.result(curves)["milestones"] == [4, 5]


@pytest.mark.parametrize("name", ["architectures_original", "vgg11_original"])
def test_an_experiment_continues_as_if_it_had_not_been_stopped(chapters, tmp_path, name):
    names = chapters[name]
    results = {}
    for way in ("undisturbed", "stopped"):
        plan = experiment(name).plan(names, "quick", CPU)
        plan = type(plan)(plan.data, plan.runs[1:3])
        folder = SeedFolder(tmp_path / way, "key")
        if way == "stopped":
            questions = iter([False, False, True])
            assert not train_plan(plan, 0, folder, CPU, lambda asked=questions: next(asked))
            seed_all(99)
        assert train_plan(plan, 0, folder, CPU, lambda: False)
        results[way] = [{**folder.finished(run.name)[0], "seconds": 0} for run in plan.runs]
    assert results["undisturbed"] == results["stopped"]
