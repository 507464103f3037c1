"""A recording is written once it is complete, says where it came from and loses no seed; the list says the same."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest
import torch

from authoring.recording import record as module
from authoring.recording.__main__ import main
from authoring.recording.listing import listing
from authoring.recording.processes import Job, train_seeds
from authoring.recording.record import record
from authoring.recording.seed_folder import SeedFolder
from authoring.recording.train_seed import train_plan
from autograder.errors import AutograderError
from tests.authoring.recording.test_train_seed import after, never
from tests.authoring.recording.toy_plan import CPU, plan
from tests.conftest import ROOT
from workbook.recorded import read_recording, recording, recordings

NAME = "vgg11_original"


@pytest.fixture
def toy_course(tmp_path):
    """Stands for the course: a folder in which recordings are written."""
    return SimpleNamespace(root=tmp_path / "course")


@pytest.fixture
def stops(monkeypatch):
    """Lets seeds train the toy plan in this process; a test says where each of them stops."""
    stops = {}

    def train_here(jobs, _at_once):
        for job in jobs:
            train_plan(plan(), job.seed, SeedFolder(job.path, "toy"), CPU, stops.get(job.seed, never))
        return dict.fromkeys([job.seed for job in jobs], 0)

    monkeypatch.setattr(module, "train_seeds", train_here)
    return stops


def test_nothing_is_written_while_something_is_left(toy_course, tmp_path, stops):
    stops[1] = after(3)
    outcome = record(toy_course, NAME, "full", [0, 1], None, 1, tmp_path / "runs")
    assert outcome.recording is None and not (tmp_path / "course").exists()
    assert [run.done for run in outcome.progress[1].values()] == [2, 0]
    del stops[1]
    outcome = record(toy_course, NAME, "full", [0, 1], None, 1, tmp_path / "runs")
    assert outcome.recording == tmp_path / "course" / "workbook" / "recorded" / f"{NAME}.json"


def test_a_recording_has_scale_device_seeds_versions_and_runs(toy_course, tmp_path, stops):
    made = read_recording(record(toy_course, NAME, "quick", [2, 0], None, 1, tmp_path / "runs").recording)
    assert (made.name, made.scale, made.seeds, made.data) == (NAME, "quick", (2, 0), "noise")
    assert "CPU" in made.device and made.versions["torch"] == torch.__version__
    assert made.command == f"python -m authoring.recording {NAME} --scale quick --seeds 2,0"
    assert [(run["seed"], run["name"]) for run in made.runs] == [
        (2, "first"), (2, "second, wide"), (0, "first"), (0, "second, wide")
    ]  # fmt: skip
    assert len(made.curves("first", "loss_curve")[0]) == 24
    assert all(len(f"{value:.9g}".replace(".", "").lstrip("0")) <= 5 for value in made.runs[0]["loss_curve"])


def test_quick_recordings_stay_beside_the_checkpoints(toy_course, tmp_path, stops):
    outcome = record(toy_course, NAME, "quick", [0], None, 1, tmp_path / "runs")
    assert outcome.recording == tmp_path / "runs" / "quick" / f"{NAME}.json"


def test_a_recording_is_not_replaced_by_one_of_fewer_seeds(toy_course, tmp_path, stops):
    record(toy_course, NAME, "full", [0, 1, 2], None, 1, tmp_path / "runs")
    with pytest.raises(AutograderError, match=r"has seeds 1, 2, which would be lost. Give these seeds as well"):
        record(toy_course, NAME, "full", [0], None, 1, tmp_path / "elsewhere")
    assert record(toy_course, NAME, "full", [0, 1, 2, 3], None, 1, tmp_path / "runs").recording


def test_seeds_from_different_data_are_not_put_together(toy_course, tmp_path, stops, monkeypatch):
    record(toy_course, NAME, "quick", [0, 1], None, 1, tmp_path / "runs")
    path = tmp_path / "runs" / "quick" / NAME / "seed-0" / "plan.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"data": "digits"}))
    monkeypatch.setattr(module, "train_seeds", lambda *_: {})  # time was up before any of them was looked at
    with pytest.raises(AutograderError, match="seed 0: digits; seed 1: noise"):
        record(toy_course, NAME, "quick", [0, 1], None, 1, tmp_path / "runs")


def test_a_process_that_fails_is_reported_and_nothing_is_written(toy_course, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "train_seeds", lambda jobs, _: {job.seed: -9 for job in jobs})
    outcome = record(toy_course, NAME, "quick", [0, 1], None, 1, tmp_path / "runs")
    assert outcome.failed == {0: -9, 1: -9} and outcome.recording is None


def test_an_unknown_experiment_is_named_with_those_there_are(toy_course, tmp_path):
    with pytest.raises(AutograderError, match=r"no experiment 'vgg12'; expected one of .*vgg11_original"):
        record(toy_course, "vgg12", "full", [0], None, 1, tmp_path)


def test_no_process_starts_when_time_is_up(tmp_path):
    job = Job(tmp_path, NAME, "quick", 0, tmp_path / "seed-0", until=0.0, threads=1)
    assert train_seeds([job], 2) == {}


@pytest.mark.parametrize(("name", "expected"), [(NAME, [0, 1, 0, 1]), ("vgg11", [0, 1])])
def test_where_there_are_more_cores_than_seeds_processes_share_the_runs_of_a_seed(
    toy_course, tmp_path, monkeypatch, name, expected
):
    started = []
    monkeypatch.setattr(module.os, "cpu_count", lambda: 5)
    monkeypatch.setattr(module, "training_device", lambda: CPU)
    monkeypatch.setattr(module, "train_seeds", lambda jobs, at_once: started.extend([*jobs, at_once]) or {})
    record(toy_course, name, "full", [0, 1], None, 1, tmp_path)
    assert [job.seed for job in started[:-1]] == expected and started[-1] == 5


def test_the_list_says_what_is_recorded_under_way_and_missing(toy_course, tmp_path, stops):
    runs = tmp_path / "runs"
    record(toy_course, "vgg11", "full", [0, 1], None, 1, runs)
    record(toy_course, "vgg11_original", "quick", [0], None, 1, runs)
    stops[1] = after(7)
    record(toy_course, "architectures_original", "full", [0, 1], None, 1, runs)
    lines = [line.strip() for line in listing(toy_course, runs).splitlines()]
    done, under_way, missing = (lines.index(f"{t}:") for t in ("Recorded", "Under way", "Missing at full scale"))
    assert [line.partition(" CPU")[0] for line in lines[done + 1 : under_way]] == [
        "vgg11, full scale, seeds 0, 1, x86_64", "vgg11_original, quick scale, seed 0, x86_64"
    ]  # fmt: skip
    assert lines[under_way + 1 : missing] == [
        "architectures_original, full scale, seed 0: 8 of 8 epochs, done",
        "architectures_original, full scale, seed 1: 5 of 8 epochs, 1 of 2 runs done, second, wide is at epoch 1 of 4",
    ]
    assert "vgg11: recorded from seeds 0, 1 only" in lines[missing:]
    assert "architectures_original" in lines[missing:] and "transfer" in lines[missing:]


def test_recordings_made_before_scales_were_written_down_are_of_full_scale():
    assert {recording(name).scale for name in recordings()} == {"full"}


@pytest.fixture
def command(monkeypatch, capsys):
    """The command in this process: its status, and what it printed."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    def run(*arguments, **options):
        status = 0
        try:
            main(*arguments, **options)
        except SystemExit as ended:
            status = ended.code
        return status, capsys.readouterr()

    return run


def test_out_of_time_the_command_says_how_far_it_is_and_what_continues_it(tmp_path, command):
    status, output = command(NAME, scale="quick", seeds="0,1", budget=0.0, threads=2, runs=tmp_path)
    assert status == 1 and "seed 0: not begun\nseed 1: not begun" in output.out
    again = f"python -m authoring.recording {NAME} --scale quick --seeds 0,1 --threads 2 --runs {tmp_path}"
    assert f"to continue: {again}\n" in output.out


@pytest.mark.parametrize("seeds", ["", "0,", "a", "0,0", "-1", "1.5"])
def test_seeds_that_are_no_numbers_are_refused_with_status_2(command, seeds):
    status, output = command(NAME, seeds=seeds)
    assert status == 2 and "expected different whole numbers" in output.err


def test_an_interrupted_command_says_what_continues_it(command, monkeypatch, tmp_path):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "train_seeds", interrupt)
    status, output = command(NAME, scale="quick", runs=tmp_path)
    assert status == 1 and "interrupted; to continue: python -m authoring.recording" in output.err


@pytest.mark.parametrize(("statuses", "expected"), [((2, 0), 2), ((-9, 0), 1), ((1, 1), 1)])
def test_a_seed_that_refuses_ends_the_command_with_2_and_one_that_dies_with_1(
    command, monkeypatch, tmp_path, statuses, expected
):
    monkeypatch.setattr(module, "train_seeds", lambda *_: dict(enumerate(statuses)))
    status, output = command(NAME, scale="quick", seeds="0,1", runs=tmp_path)
    assert status == expected and f"seed 0 ended with status {statuses[0]}; see above" in output.out


def test_without_a_name_the_command_lists(command, tmp_path):
    status, output = command(runs=tmp_path)
    assert status == 0 and output.out.startswith("Recorded:\n  architectures_original, full scale, seed 0, x86_64 CPU")


@pytest.mark.slow
def test_the_command_trains_seeds_in_processes_and_ends_with_status_0(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "authoring.recording", NAME, "--scale", "quick", "--seeds", "0,1", "--runs", tmp_path],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    trained = re.findall(r"(seed \d), .*: ([^:]+), epoch (\d) of 2", ended.stderr)
    assert len(trained) == len(set(trained)) == 16  # no run twice, however many processes there are
    assert "seed 1: 8 of 8 epochs, done" in ended.stdout
    assert f"{NAME}, seed 0, " in ended.stderr and "CPU, 1 thread: Adam, epoch 2 of 2" in ended.stderr
    assert len(read_recording(tmp_path / "quick" / f"{NAME}.json").runs) == 8
