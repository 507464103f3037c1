import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbook.gradcheck import eval_numerical_gradient, eval_numerical_gradient_array, rel_error
from workbook.training import Solver, check_accuracy


@pytest.fixture(autouse=True)
def nobody_grades(monkeypatch):
    monkeypatch.delenv("WORKBOOK_EMBEDDED", raising=False)
    monkeypatch.setenv("WORKBOOK_PROGRESS", "0")


class Softmax:
    """Softmax regression from 2 features to 3 classes."""

    def __init__(self, seed=0):
        rng = np.random.default_rng(seed)
        self.params = {"W": 0.1 * rng.standard_normal((2, 3)), "b": np.zeros(3)}
        self.batches = []

    def loss(self, X, y=None):
        scores = X @ self.params["W"] + self.params["b"]
        if y is None:
            return scores
        self.batches.append((X, y))
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        rows = np.arange(len(y))
        loss = -np.mean(np.log(p[rows, y]))
        p[rows, y] -= 1
        return loss, {"W": X.T @ p / len(y), "b": p.mean(axis=0)}


class Fixed:
    """A model that gives the same scores to everything it knows by number."""

    def __init__(self, scores):
        self.scores = scores

    def loss(self, X, y=None):
        return self.scores[X[:, 0]]


def blobs(train=60, val=30, seed=1):
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(train + val) % 3)
    X = np.array([[2.0, 0.0], [-1.0, 1.7], [-1.0, -1.7]])[y] + 0.3 * rng.standard_normal((train + val, 2))
    return {"X_train": X[:train], "y_train": y[:train], "X_val": X[train:], "y_val": y[train:]}


def trained(**settings):
    solver = Solver(Softmax(), blobs(), **{"num_epochs": 3, "batch_size": 16, "verbose": False, **settings})
    solver.train()
    return solver


# --- check_accuracy -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("labels", "share"), [([0, 1, 2], 1.0), ([0, 1, 0], 2 / 3), ([1, 2, 0], 0.0)])
def test_accuracy_is_the_share_of_right_labels(labels, share):
    accuracy = check_accuracy(Fixed(np.eye(3)), np.arange(3)[:, None], np.array(labels))
    assert isinstance(accuracy, float)
    assert accuracy == pytest.approx(share)


@pytest.mark.parametrize("count", [1, 499, 500, 501, 1203])
def test_every_sample_counts_once_however_many_there_are(count):
    scores = np.random.default_rng(count).random((count, 4))
    labels = np.random.default_rng(count + 1).integers(0, 4, count)
    expected = np.mean(scores.argmax(axis=1) == labels)
    assert check_accuracy(Fixed(scores), np.arange(count)[:, None], labels) == pytest.approx(expected)


# --- Solver ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("batch_size", "updates"), [(16, 3), (20, 3), (60, 1), (1000, 1)])
def test_histories_have_an_entry_for_each_full_batch_and_for_each_epoch_and_the_start(batch_size, updates):
    solver = trained(batch_size=batch_size, num_epochs=4)
    assert len(solver.loss_history) == 4 * updates
    assert len(solver.train_acc_history) == len(solver.val_acc_history) == 5


def test_without_epochs_only_the_start_is_recorded():
    solver = trained(num_epochs=0)
    assert (solver.loss_history, len(solver.val_acc_history)) == ([], 1)


def test_accuracies_are_those_of_the_model_at_that_time():
    start, solver = Softmax(), trained(num_epochs=5, optim_config={"learning_rate": 0.5})
    data = solver.data
    assert solver.train_acc_history[0] == check_accuracy(start, data["X_train"], data["y_train"])
    assert solver.val_acc_history[0] == check_accuracy(start, data["X_val"], data["y_val"])
    assert solver.train_acc_history[-1] > 0.95
    assert max(solver.val_acc_history) == check_accuracy(solver.model, data["X_val"], data["y_val"])


def test_the_training_accuracy_is_measured_on_the_first_thousand_samples():
    data = blobs(train=1010)
    solver = Solver(Softmax(), data, num_epochs=0, verbose=False)
    solver.train()
    assert solver.train_acc_history == [check_accuracy(Softmax(), data["X_train"][:1000], data["y_train"][:1000])]


def test_the_loss_is_recorded_before_the_update():
    solver = trained(batch_size=60, num_epochs=1, optim_config={"learning_rate": 0.5})
    before, _ = Softmax().loss(*solver.model.batches[0])
    after, _ = solver.model.loss(*solver.model.batches[0])
    assert solver.loss_history == [pytest.approx(before)]
    assert after < before


def test_sgd_takes_a_step_against_the_gradient():
    solver = trained(batch_size=60, num_epochs=1, optim_config={"learning_rate": 0.5})
    start = Softmax()
    _, gradients = start.loss(*solver.model.batches[0])
    for name, w in start.params.items():
        np.testing.assert_allclose(solver.model.params[name], w - 0.5 * gradients[name])


def test_the_learning_rate_of_sgd_is_a_hundredth_unless_given():
    np.testing.assert_array_equal(
        trained().model.params["W"], trained(optim_config={"learning_rate": 0.01}).model.params["W"]
    )


def test_every_sample_is_used_at_most_once_in_an_epoch_and_with_its_label():
    solver = trained(num_epochs=1, batch_size=16)
    X, y = (np.concatenate(parts) for parts in zip(*solver.model.batches, strict=True))
    place = [int(np.flatnonzero((solver.data["X_train"] == x).all(axis=1))[0]) for x in X]
    assert len(set(place)) == len(place) == 48
    np.testing.assert_array_equal(solver.data["y_train"][place], y)


def test_batches_differ_between_epochs_and_are_the_same_for_every_solver():
    first, second = trained(batch_size=30).model.batches, trained(batch_size=30).model.batches
    assert not np.array_equal(first[0][0], first[2][0])
    for (a, _), (b, _) in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_learning_rate_is_multiplied_after_every_epoch():
    rates = []

    def rule(w, dw, config):
        rates.append(config["learning_rate"])
        return w, config

    solver = trained(update_rule=rule, optim_config={"learning_rate": 0.8}, lr_decay=0.5, batch_size=30)
    # Two updates of two parameters in each epoch.
    np.testing.assert_allclose(rates, np.repeat([0.8, 0.4, 0.2], 4))
    assert [config["learning_rate"] for config in solver.optim_configs.values()] == [pytest.approx(0.1)] * 2


def test_the_default_learning_rate_decays_too():
    assert trained(lr_decay=0.1).optim_configs["W"]["learning_rate"] == pytest.approx(1e-5)


def test_a_rule_without_learning_rate_is_left_alone():
    solver = trained(update_rule=lambda w, dw, config: (w, config), lr_decay=0.5)
    assert solver.optim_configs == {"W": {}, "b": {}}


def test_each_parameter_has_a_config_of_its_own_and_the_given_one_stays_as_it_was():
    given_config = {"learning_rate": 0.1}

    def momentum(w, dw, config):
        v = 0.9 * config.get("velocity", np.zeros_like(w)) - config["learning_rate"] * dw
        return w + v, {**config, "velocity": v, "steps": config.get("steps", 0) + 1}

    solver = trained(update_rule=momentum, optim_config=given_config, lr_decay=0.5)
    assert {name: config["velocity"].shape for name, config in solver.optim_configs.items()} == {"W": (2, 3), "b": (3,)}
    assert [config["steps"] for config in solver.optim_configs.values()] == [9, 9]
    assert given_config == {"learning_rate": 0.1}


def right_then_wrong(in_place):
    """A rule whose first update (of W and of b) is right and whose later ones spoil the model."""
    goal = {(2, 3): np.array([[2.0, -1.0, -1.0], [0.0, 1.7, -1.7]]), (3,): np.zeros(3)}

    def rule(w, dw, config):
        next_w = goal[w.shape] if not config.get("done") else -goal[w.shape] + np.arange(w.shape[-1])
        config["done"] = True
        if in_place:
            w[...] = next_w
            return w, config
        return next_w.copy(), config

    return rule, goal


@pytest.mark.parametrize("in_place", [False, True], ids=["new arrays", "in place"])
def test_the_parameters_with_the_best_validation_accuracy_are_restored(in_place):
    rule, goal = right_then_wrong(in_place)
    solver = trained(update_rule=rule, batch_size=60)
    assert solver.val_acc_history[1] > 0.9 > solver.val_acc_history[-1]
    for name, w in solver.model.params.items():
        np.testing.assert_array_equal(w, goal[w.shape])
        np.testing.assert_array_equal(solver.best_params[name], goal[w.shape])


def test_training_that_only_spoils_gives_the_first_parameters_back():
    model, good = Softmax(), 0.1 * np.array([[2.0, -1.0, -1.0], [0.0, 1.7, -1.7]])
    model.params["W"] = good.copy()
    solver = Solver(model, blobs(), optim_config={"learning_rate": -5.0}, num_epochs=3, verbose=False)
    solver.train()
    assert max(solver.val_acc_history[1:]) < solver.val_acc_history[0]
    np.testing.assert_array_equal(model.params["W"], good)


def test_changing_the_model_after_training_leaves_the_best_parameters():
    solver = trained()
    solver.model.params["W"] += 1
    assert not np.array_equal(solver.best_params["W"], solver.model.params["W"])


def test_nothing_is_printed_unless_verbose(capsys):
    trained(verbose=False, print_every=1)
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_progress_and_a_summary_are_printed(capsys):
    solver = trained(verbose=True, print_every=4)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == ["update 4", "update 8"]
    assert f"loss {solver.loss_history[3]:.4f}" in lines[0]
    assert lines[-1].startswith("3 epochs, 9 updates: ")
    assert f"best validation accuracy {max(solver.val_acc_history):.3f}" in lines[-1]


def test_an_unattended_run_prints_the_summary_only(capsys, monkeypatch):
    monkeypatch.setenv("WORKBOOK_EMBEDDED", "1")
    trained(verbose=True, print_every=1)
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(("watched", "bar"), [("1", True), ("0", False)])
def test_a_bar_counts_the_epochs_where_a_person_watches(capsys, monkeypatch, watched, bar):
    monkeypatch.setenv("WORKBOOK_PROGRESS", watched)
    trained(verbose=False, num_epochs=3)
    captured = capsys.readouterr()
    assert ("epochs: " in captured.out and "/3" in captured.out) == bar
    assert captured.err == ""


@pytest.mark.parametrize("rule", ["adam", None, 0.1])
def test_an_unknown_update_rule_is_named(rule):
    with pytest.raises(ValueError, match=f"update rule {rule!r} is not known"):
        Solver(Softmax(), blobs(), update_rule=rule)


@pytest.mark.parametrize("key", ["X_train", "y_train", "X_val", "y_val"])
def test_a_missing_array_is_named(key):
    data = blobs()
    del data[key]
    with pytest.raises(ValueError, match=f"data has no {key}; give all four"):
        Solver(Softmax(), data)


def test_all_missing_arrays_are_named():
    with pytest.raises(ValueError, match="no X_train and no X_val and no y_train and no y_val"):
        Solver(Softmax(), {})


@pytest.mark.parametrize(("part", "images"), [("train", 60), ("val", 30)])
def test_as_many_labels_as_samples_are_expected(part, images):
    data = blobs()
    data[f"y_{part}"] = data[f"y_{part}"][1:]
    with pytest.raises(ValueError, match=f"X_{part} has {images} samples and y_{part} {images - 1};"):
        Solver(Softmax(), data)


# --- gradients ------------------------------------------------------------------------------------------------------


def some(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (2, 1, 3)])
def test_the_gradient_of_a_number_agrees_with_automatic_differentiation(shape):
    x = np.array(some(*shape))
    before = x.copy()
    t = torch.tensor(x, requires_grad=True)
    (torch.tanh(t) * t.exp()).sum().backward()
    gradient = eval_numerical_gradient(lambda a: np.sum(np.tanh(a) * np.exp(a)), x)
    assert gradient.shape == shape
    assert rel_error(gradient, t.grad.numpy()) < 1e-7
    np.testing.assert_array_equal(x, before)


def test_the_gradient_of_a_layer_agrees_with_automatic_differentiation():
    x, w, df = some(4, 3), some(3, 5, seed=1), some(4, 5, seed=2)
    before = x.copy()
    t = torch.tensor(x, requires_grad=True)
    torch.softmax(t @ torch.tensor(w), dim=1).backward(torch.tensor(df))

    def softmax(a):
        e = np.exp(a @ w)
        return e / e.sum(axis=1, keepdims=True)

    gradient = eval_numerical_gradient_array(softmax, x, df)
    assert rel_error(gradient, t.grad.numpy()) < 1e-6
    np.testing.assert_array_equal(x, before)


def test_a_model_that_holds_the_array_can_be_checked():
    model, (X, y) = Softmax(), (some(6, 2), np.arange(6) % 3)
    _, gradients = model.loss(X, y)
    for name, w in model.params.items():
        numerical = eval_numerical_gradient(lambda _: model.loss(X, y)[0], w)
        assert rel_error(numerical, gradients[name]) < 1e-6


def test_a_layer_that_overwrites_its_output_can_be_checked():
    out, x = np.empty(3), some(3)
    gradient = eval_numerical_gradient_array(lambda a: np.multiply(a, a, out=out), x, np.ones(3))
    np.testing.assert_allclose(gradient, 2 * x, rtol=1e-7)


@pytest.mark.parametrize("fails_at", [1, 2])
def test_the_array_is_put_back_when_the_function_fails(fails_at):
    x, calls = some(3), []
    before = x.copy()

    def f(a):
        calls.append(1)
        if len(calls) == fails_at:
            raise ZeroDivisionError
        return a.sum()

    with pytest.raises(ZeroDivisionError):
        eval_numerical_gradient(f, x)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_only_double_precision_is_accepted(dtype):
    x = np.ones(2, dtype=dtype)
    with pytest.raises(TypeError, match="float64"):
        eval_numerical_gradient(lambda a: a.sum(), x)
    with pytest.raises(TypeError, match="float64"):
        eval_numerical_gradient_array(lambda a: a, x, np.ones(2))


numbers = st.floats(-10, 10)
sizes = st.integers(1, 4)


@settings(deadline=None, max_examples=60)
@given(st.data(), sizes, sizes, sizes)
def test_the_gradient_of_a_linear_map_is_its_transpose_applied_to_what_arrives(drawn, rows, inside, outside):
    x, w, df = (
        drawn.draw(arrays(np.float64, s, elements=numbers))
        for s in ((rows, inside), (inside, outside), (rows, outside))
    )
    before = x.copy()
    gradient = eval_numerical_gradient_array(lambda a: a @ w, x, df)
    np.testing.assert_allclose(gradient, df @ w.T, rtol=1e-6, atol=1e-5)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(
    ("a", "b", "error"),
    [([1, 1], [1, 3], 0.5), ([0], [0], 0), ([0], [1], 1), ([1e-10], [0], 0.01), ([], [], 0), ([-1], [1], 1)],
)
def test_the_relative_error_is_the_largest_of_all_entries(a, b, error):
    assert rel_error(np.array(a, dtype=float), np.array(b, dtype=float)) == pytest.approx(error)
