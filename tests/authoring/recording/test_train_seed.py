"""A training that was interrupted continues, and ends as an undisturbed one does, bit for bit."""

from __future__ import annotations

import itertools
import json
import random
import signal
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from authoring.recording import train_seed as module
from authoring.recording.experiment import Plan
from authoring.recording.experiments import learning_rates_original
from authoring.recording.seed_folder import WHOLE_SEED, SeedFolder, checkpoint_files, seed_progress
from authoring.recording.train_seed import train_plan
from autograder.errors import AutograderError
from tests.authoring.recording.toy_plan import CPU, EPOCHS, STEPS, plan
from tests.conftest import ROOT

RUNS = ("first", "second, wide")
SEED = 7


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def never():
    return False


def after(questions):
    """Says stop from the given question on."""
    count = itertools.count()
    return lambda: next(count) >= questions


def train(path, stop=never, each_step=lambda *_: None, seed=SEED):
    return train_plan(plan(each_step), seed, SeedFolder(path, "toy"), CPU, stop)


def results(path):
    """What the runs recorded, without what time and place decide."""
    folder = SeedFolder(path, "toy")
    kept = {name: dict(folder.finished(name)[0]) for name in RUNS}
    for result in kept.values():
        assert result.pop("seconds") >= 0 and "CPU, 1 thread" in result.pop("device")
    return kept


def disturb_generators():
    """Another process has other states."""
    random.seed(99)
    np.random.seed(98)  # noqa: NPY002
    torch.manual_seed(97)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    torch.set_num_threads(1)
    path = tmp_path_factory.mktemp("undisturbed")
    assert train(path)
    return results(path)


@pytest.mark.parametrize("stops", [[1], [2], [4], [1, 1, 1], [2, 3], [6], [7], [8, 2]])
def test_stopping_between_epochs_changes_nothing(tmp_path, undisturbed, stops):
    for questions in stops:
        assert not train(tmp_path, after(questions))
        disturb_generators()
    assert train(tmp_path)
    assert results(tmp_path) == undisturbed


@pytest.mark.parametrize(("run", "epoch", "step"), [("first", 0, 3), ("first", 2, 5), ("second, wide", 3, 1)])
def test_an_exception_within_an_epoch_changes_nothing(tmp_path, undisturbed, run, epoch, step):
    def interrupt(*now):
        if now == (run, epoch, step):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, each_step=interrupt)
    disturb_generators()
    assert train(tmp_path)
    assert results(tmp_path) == undisturbed


def test_a_process_that_is_killed_within_an_epoch_continues_in_another(tmp_path, undisturbed):
    command = [sys.executable, "-m", "tests.authoring.recording.toy_plan", str(tmp_path), RUNS[0], "2", "4"]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert seed_progress(tmp_path)["first"].done == 2
    assert train(tmp_path)
    assert results(tmp_path) == undisturbed


def test_state_after_continuing_is_that_of_an_undisturbed_run(tmp_path):
    for name, stops in (("undisturbed", [EPOCHS]), ("continued", [1, 2, 3])):
        for questions in stops:
            train(tmp_path / name, after(questions))
            disturb_generators()
    one, other = (SeedFolder(tmp_path / name, "toy").latest("first") for name in ("undisturbed", "continued"))
    assert one.epochs == other.epochs == EPOCHS - 1
    assert one.curves == other.curves and len(one.curves["loss_curve"]) == STEPS * one.epochs
    assert all(torch.equal(one.model[key], other.model[key]) for key in one.model)
    states = [checkpoint.optimizer["state"] for checkpoint in (one, other)]
    assert all(
        torch.equal(states[0][place][key], states[1][place][key]) for place in states[0] for key in states[0][place]
    )
    assert one.random["python"] == other.random["python"] and one.random["numpy"] == other.random["numpy"]
    assert torch.equal(one.random["torch"], other.random["torch"])


def test_each_seed_trains_differently_and_each_run_from_its_seed_alone(tmp_path, undisturbed):
    assert train(tmp_path / "other", seed=SEED + 1)
    assert results(tmp_path / "other")["first"] != undisturbed["first"]
    disturb_generators()
    assert train(tmp_path / "same")
    assert results(tmp_path / "same") == undisturbed


def test_a_finished_seed_is_not_trained_again(tmp_path):
    assert train(tmp_path)
    steps = []
    assert train(tmp_path, each_step=lambda *now: steps.append(now))
    assert not steps


def test_a_run_that_another_process_has_is_left_to_it(tmp_path, undisturbed):
    with SeedFolder(tmp_path, "toy").claimed("second, wide") as mine:
        assert mine
        assert not train(tmp_path)
    assert [run.done for run in seed_progress(tmp_path).values()] == [EPOCHS, 0]
    assert train(tmp_path)
    assert results(tmp_path) == undisturbed


def test_a_run_waits_for_those_that_it_needs(tmp_path, undisturbed):
    first, second = plan().runs
    turned_round = Plan("noise", (second, first))
    folder = SeedFolder(tmp_path, "toy")
    with folder.claimed("first"):
        assert not train_plan(turned_round, SEED, folder, CPU, never)
    assert folder.finished("second, wide") is None
    assert train_plan(turned_round, SEED, folder, CPU, never)
    assert results(tmp_path) == undisturbed


def test_a_process_that_is_killed_gives_its_run_back(tmp_path):
    code = (
        "import os, signal, sys, pathlib; from authoring.recording.seed_folder import SeedFolder\n"
        "with SeedFolder(pathlib.Path(sys.argv[1]), 'toy').claimed('first') as mine:\n"
        "    assert mine; os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    with SeedFolder(tmp_path, "toy").claimed("first") as mine:
        assert mine


def test_progress_counts_epochs_and_only_the_last_checkpoint_is_kept(tmp_path):
    assert seed_progress(tmp_path) == {}
    train(tmp_path, after(4))  # asked once before the run and once before each epoch
    progress = seed_progress(tmp_path)
    assert [(run.done, run.epochs, run.finished) for run in progress.values()] == [
        (3, EPOCHS, False),
        (0, EPOCHS, False),
    ]
    assert list(checkpoint_files(tmp_path, "first")) == [3]
    train(tmp_path)
    assert all(run.finished and run.done == run.epochs for run in seed_progress(tmp_path).values())
    assert not list(tmp_path.glob("*.pt"))


def test_a_checkpoint_names_no_module_and_holds_plain_state_dicts(tmp_path):
    train(tmp_path, after(3))
    (path,) = checkpoint_files(tmp_path, "first").values()
    fields = torch.load(path, weights_only=True)
    assert list(fields["model"])[:2] == ["0.weight", "0.bias"] and fields["epochs"] == 2
    content = path.read_bytes()
    for package in (b"authoring", b"workbook", b"autograder", b"tests."):
        assert package not in content


def test_an_interrupted_write_leaves_the_checkpoint_before(tmp_path, undisturbed, monkeypatch):
    train(tmp_path, after(3))

    def half(_fields, target):
        target.write_bytes(b"half of a checkpoint")
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(torch, "save", half)
        with pytest.raises(OSError, match="disk is full"):
            train(tmp_path)
    assert seed_progress(tmp_path)["first"].done == 2
    assert train(tmp_path)
    assert results(tmp_path) == undisturbed


@pytest.mark.parametrize("damage", ["cut", "words", "empty", "another object"])
def test_a_damaged_checkpoint_is_named_with_what_to_do(tmp_path, damage):
    train(tmp_path, after(3))
    (path,) = checkpoint_files(tmp_path, "first").values()
    if damage == "another object":
        torch.save([1, 2], path)
    else:
        content = path.read_bytes()
        path.write_bytes({"cut": content[: len(content) // 2], "words": b"no checkpoint", "empty": b""}[damage])
    with pytest.raises(AutograderError, match=rf"{path.name} cannot be read .*Copy it again"):
        train(tmp_path)


def test_a_pickle_in_place_of_a_checkpoint_is_not_executed(tmp_path):
    train(tmp_path, after(3))
    (path,) = checkpoint_files(tmp_path, "first").values()
    torch.save({"model": Dangerous(tmp_path / "executed")}, path)
    with pytest.raises(AutograderError, match="cannot be read"):
        train(tmp_path)
    assert not (tmp_path / "executed").exists()


class Dangerous:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (type(self.path).touch, (self.path,))


@pytest.mark.parametrize("questions", [1, 3, 6])
def test_what_was_made_from_other_code_is_refused(tmp_path, questions):
    train(tmp_path, after(questions))
    (tmp_path / "plan.json").unlink()  # the checkpoint and the results say it as well
    other = SeedFolder(tmp_path, "other code")
    if questions == 1:
        assert train_plan(plan(), SEED, other, CPU, never)
        return
    with pytest.raises(AutograderError, match=r"was made from other code .* begin anew"):
        train_plan(plan(), SEED, other, CPU, never)


def test_a_plan_of_other_code_is_refused(tmp_path):
    train(tmp_path, after(1))
    with pytest.raises(AutograderError, match=r"plan\.json was made from other code"):
        train_plan(plan(), SEED, SeedFolder(tmp_path, "other code"), CPU, never)


def test_a_plan_that_cannot_be_read_is_named(tmp_path):
    train(tmp_path, after(1))
    (tmp_path / "plan.json").write_text("{", encoding="utf-8")
    with pytest.raises(AutograderError, match=r"plan\.json cannot be read"):
        train(tmp_path)


@pytest.mark.parametrize("names", [["a, b", "a b"], ["plan"]])
def test_runs_that_would_share_a_file_are_refused(tmp_path, names):
    with pytest.raises(ValueError, match="share a file"):
        SeedFolder(tmp_path, "toy").write_plan("noise", dict.fromkeys(names, 1))


def test_an_experiment_without_a_plan_trains_each_seed_in_one_go(course, tmp_path, monkeypatch):
    calls = []

    def run(names, seed):
        calls.append((seed, names["answer"], torch.initial_seed()))
        return [{"name": "one", "loss_curve": [0.5]}, {"name": "two", "loss_curve": [0.25]}]

    whole = SimpleNamespace(CHAPTER="03_digits_mlp", data=lambda names: f"{names['answer']} numbers", run=run)
    monkeypatch.setattr(module, "experiment", lambda _: whole)
    monkeypatch.setattr(module, "definitions", lambda *_: {"answer": 42})
    assert not module.train_seed(course, "toy", "full", 3, tmp_path, lambda: True, 1)
    assert not calls and not seed_progress(tmp_path)[WHOLE_SEED].finished
    for _ in range(2):
        assert module.train_seed(course, "toy", "full", 3, tmp_path, never, 1)
    assert calls == [(3, 42, 3)] and seed_progress(tmp_path)[WHOLE_SEED].finished
    kept = json.loads((tmp_path / "whole-seed.json").read_text(encoding="utf-8"))
    assert [result["name"] for result in kept["results"]] == ["one", "two"]
    assert "CPU, 1 thread" in kept["devices"][0]


def test_settings_of_an_experiment_are_part_of_its_key():
    before = module.settings(learning_rates_original)
    assert "('BATCH', '50')" in before and "CHAPTER" not in before and "0x" not in before
