"""Chapter 10: the oracles agree with each other, mistakes can be told apart, and correct variants pass."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import CheckFailed, student_side
from autograder.testing.student_side import TrainingSteps
from tests.support.inprocess import read_chapter, run_chapter
from workbook.chapter10 import exercises as check
from workbook.chapter10.inputs import Data
from workbook.chapter10.reference.optimizer_mistakes import shared_state, wrong_paths
from workbook.chapter10.reference.optimizers import RULES, right_walk, walk
from workbook.chapter10.reference.schedules import plateau_mistakes, scheduled_rates
from workbook.chapter10.training_replay import near, related, replay

STRONG = {"learning_rate": 0.1, "momentum": 0.8, "alpha": 0.9, "beta1": 0.8, "beta2": 0.95, "eps": 0.01}


def case(rule, seed=0, steps=6, decay=0.0, **changed):
    rng = np.random.default_rng(seed)
    w, slopes = rng.standard_normal(3), list(rng.standard_normal((steps, 3)))
    config = {key: STRONG.get(key, value) for key, value in RULES[rule].defaults.items()}
    config |= {"weight_decay": decay, **changed}
    return w, slopes, [config["learning_rate"]] * steps, config


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_every_wrong_path_differs_from_the_right_one(rule, decay):
    w, slopes, rates, config = case(rule, decay=decay)
    right = right_walk(rule, w, slopes, rates, config).points
    for name, wrong in wrong_paths(rule, w, slopes, rates, config, config):
        assert wrong.shape == right.shape, name
        # At a constant rate, chapter 04's momentum is the same walk.
        assert name == "rate-inside-the-velocity" or not np.allclose(wrong, right, atol=1e-6), name
        assert name == "rate-inside-the-velocity" or not np.allclose(wrong[-1], right[-1], atol=1e-6), name


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["sgd_momentum", "nesterov"]), st.floats(0.1, 0.95))
def test_chapter_04s_momentum_parts_from_pytorchs_only_when_the_rate_changes(seed, rule, mu):
    w, slopes, rates, config = case(rule, seed, momentum=mu)
    for lowered in (False, True):
        rates = [*rates[:3], *[rate / 10 for rate in rates[3:]]] if lowered else rates
        wrong = dict(wrong_paths(rule, w, slopes, rates, config, config))
        same = np.allclose(wrong["rate-inside-the-velocity"], right_walk(rule, w, slopes, rates, config).points)
        assert same is not lowered


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-3, 1e3))
def test_adams_path_does_not_depend_on_the_scale_of_the_gradients(seed, scale):
    w, slopes, rates, config = case("adam", seed, eps=0.0)
    scaled = right_walk("adam", w, [scale * g for g in slopes], rates, config).points
    np.testing.assert_allclose(scaled, right_walk("adam", w, slopes, rates, config).points, rtol=1e-7, atol=1e-9)


def test_shared_memory_is_that_of_one_optimizer_that_sees_both_parameters():
    w, slopes, rates, config = case("sgd_momentum")
    _, together = shared_state("sgd_momentum", w, slopes, slopes[::-1], rates, config)
    _, alone = shared_state("sgd_momentum", w, slopes, [0 * g for g in slopes], rates, {**config, "momentum": 0.0})
    np.testing.assert_allclose(alone, walk("SGD", w, slopes, rates).points)
    assert not np.allclose(together, alone)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.floats(0.01, 1.0), st.floats(0.0, 0.01))
def test_the_cosine_goes_from_base_to_the_floor(total, base, floor):
    rates = scheduled_rates("cosine", total + 1, base, total=total, floor=floor)
    assert rates[0] == pytest.approx(base)
    assert rates[-1] == pytest.approx(floor, abs=1e-9)
    assert np.all(np.diff(rates) <= 1e-12)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 16), min_size=5, max_size=12), st.integers(2, 4))
def test_no_wrong_plateau_is_reported_for_a_right_answer(history, patience):
    """A mistake that gives the right answer by chance must not be named, since the answer is right."""
    values = [value / 16 for value in history]
    ahead = [max(values[i + 1 : i + 1 + patience]) - values[i] for i in range(len(values) - patience)]
    right = next((i for i, gain in enumerate(ahead) if gain < 0.125), None)
    check.stall(lambda *_: right, values, patience, 0.125, right)
    assert len(list(plateau_mistakes(values, patience, 0.125))) == 9


def perceptron():
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3072, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))


def test_networks_are_related_where_one_came_from_the_other():
    torch.manual_seed(0)
    data, states = Data.random(5, 30, 10), [student_side.state_arrays(perceptron()) for _ in range(2)]
    trained = replay(states[0], data, [0.1, 0.1]).state
    assert related(states[0], trained)
    assert near(trained, trained) and not near(states[0], trained)
    assert not related(*states)


def test_a_replay_is_the_run_itself():
    torch.manual_seed(0)
    data, network = Data.random(5, 30, 10), perceptron()
    again = replay(student_side.state_arrays(network), data, [0.1, 0.01])
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    for rate in (0.1, 0.01):
        optimizer.param_groups[0]["lr"] = rate
        for x, y in student_side.array_loader(data.x, data.y, 10):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(network(x), y).backward()
            optimizer.step()
    for name, array in student_side.state_arrays(network).items():
        np.testing.assert_allclose(array, again.state[name], rtol=1e-4, atol=1e-6)


def test_training_steps_are_counted_and_evaluations_are_not():
    network, images = perceptron(), torch.zeros(2, 3, 32, 32)
    watch = TrainingSteps([0, 2])
    try:
        for _ in range(3):
            torch.nn.CrossEntropyLoss()(network(images), torch.tensor([1, 2]))
            with torch.no_grad():
                network(images)
            network.eval()
            network(images)
            network.train()
    finally:
        watch.close()
    count, states = watch.read()
    assert (count, len(states)) == (3, 2)
    network(images)
    assert watch.read()[0] == 3


VARIANTS = {
    "sgd-momentum": """
def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    for key, value in (("learning_rate", 1e-3), ("momentum", 0), ("weight_decay", 0)):
        config.setdefault(key, value)
    velocity = config.get("v", np.zeros_like(w))
    velocity = config["momentum"] * velocity + dw + config["weight_decay"] * w
    config["v"] = velocity
    return [w - config["learning_rate"] * velocity, config]
""",
    "adamw": """
def adamw(w, dw, config=None):
    c = dict(learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01, t=0, m=0, s=0)
    c.update(config or {})
    c["t"] += 1
    w = w * (1 - c["learning_rate"] * c["weight_decay"])
    c["m"] = c["m"] + (1 - c["beta1"]) * (dw - c["m"])
    c["s"] = c["beta2"] * c["s"] + (1 - c["beta2"]) * dw * dw
    c1, c2 = 1 - c["beta1"] ** c["t"], 1 - c["beta2"] ** c["t"]
    return w - c["learning_rate"] / c1 * c["m"] / (np.sqrt(c["s"]) / np.sqrt(c2) + c["eps"]), c
""",
    "compare-rates": """
def compare_rates(name, train_loader, val_loader, epochs):
    import copy
    first, result = build(name).state_dict(), {"name": name}
    first, model = copy.deepcopy(first), build(name)
    for key, rate in {"_1": 0.1, "_01": 0.01, "_001": 0.001}.items():
        model.load_state_dict(first)
        optimizer, step, total = torch.optim.SGD(model.parameters(), lr=rate), 0, 0.0
        losses, scores = result.setdefault("loss_curve" + key, []), result.setdefault("val_acc_curve" + key, [])
        for _ in range(epochs):
            for x, y in train_loader:
                total += train_step(model, x, y, optimizer)
                step += 1
                if step % 10 == 0:
                    losses.append(total / 10)
                    total = 0.0
                    scores.append(accuracy(model, val_loader))
    return result
""",
    "scheduled-run": """
def scheduled_run(name, train_loader, val_loader, milestones, epochs):
    model, scores = build(name), []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones, 0.1)
    for _ in range(epochs):
        for x, y in train_loader:
            train_step(model, x, y, optimizer)
        scheduler.step()
        scores.append(accuracy(model, val_loader))
    return np.array(scores)
""",
    "plateau": """
def plateau(history, patience, threshold):
    history = np.asarray(history)
    best, since = -np.inf, 0
    for epoch in range(len(history) - patience):
        if history[epoch + 1 : epoch + patience + 1].max() < history[: epoch + 1].max() + threshold:
            return np.int64(epoch)
""",
}


def test_other_right_answers_pass():
    outcome = run_chapter(read_chapter("10_optimizers"), VARIANTS)
    assert {test: str(error) for test, error in outcome.items() if error is not None} == {}


def test_a_message_says_at_which_step_a_path_goes_wrong():
    def forgetful(w, dw, config=None):
        config = {"learning_rate": 1e-3, "momentum": 0.0, **(config or {})}
        return w - config["learning_rate"] * dw, config

    with pytest.raises(CheckFailed, match="w after step 2") as failure:
        check.sgd_momentum(forgetful)
    assert failure.value.mistake in ("velocity-forgotten", "state-not-kept")


def adam(w, dw, config=None, square=np.square, quotient=lambda m, s, eps: m / (np.sqrt(s) + eps), read=dict, times=1):
    config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0, **(config or {})}
    used = {**config, **read(config)}
    b1, b2, t = used["beta1"], used["beta2"], config.get("t", 0) + 1
    g = dw + times * used["weight_decay"] * w
    m, s = (b * config.get(key, 0) + (1 - b) * new for key, b, new in (("m", b1, g), ("s", b2, square(g))))
    with np.errstate(invalid="ignore"):
        step = used["learning_rate"] * quotient(m / (1 - b1**t), s / (1 - b2**t), used["eps"])
    return w - step, {**config, "m": m, "s": s, "t": t}


@pytest.mark.parametrize(
    ("spoilt", "mistake"),
    [
        ({"read": lambda config: {"learning_rate": 1e-3}}, "setting-not-read"),
        ({"read": lambda config: {"beta2": 0.999}}, "setting-not-read"),
        ({"quotient": lambda m, s, eps: m / np.sqrt(s) + eps}, "bracket-missing"),
        ({"square": lambda g: g}, "square-missing"),
        ({"square": lambda g: np.sum(g**2)}, "squares-summed"),
        ({"times": 2}, "decay-twice"),
    ],
)
def test_a_wrong_rule_is_named(spoilt, mistake):
    config = {key: STRONG[key] for key in ("learning_rate", "beta1", "beta2", "eps")}
    config["weight_decay"] = 0.3 if mistake == "decay-twice" else 0.0
    check.path(adam, "adam", (3,), steps=4, **config)
    with pytest.raises(CheckFailed) as failure:
        check.path(lambda *given: adam(*given, **spoilt), "adam", (3,), steps=4, **config)
    assert failure.value.mistake == mistake


def test_nothing_is_said_about_earlier_steps_at_the_first_one():
    for wrong, named in ((1, False), (2, True)):

        def rule(w, dw, config, wrong=wrong):
            step = config.get("step", 0) + 1
            return w - config["learning_rate"] * dw - 0.123 * (step == wrong), {**config, "step": step}

        with pytest.raises(CheckFailed, match=f"w after step {wrong}") as failure:
            check.path(rule, "sgd", (3,), steps=3, learning_rate=0.1)
        assert ("the steps before" in failure.value.hint) is named


@pytest.mark.parametrize("expected", [None, 3])
def test_minus_one_is_no_epoch(expected):
    with pytest.raises(CheckFailed) as failure:
        check.stall(lambda *_: -1, [0.25, 0.5, 0.625, 0.6875, 0.6875, 0.703125, 0.703125], 2, 0.0625, expected)
    assert failure.value.mistake == "negative-epoch"
