"""Interactive figures: where they stand, what their formulas compute, and what they record of real runs.

The formulas run in the JavaScript engine that also draws the first state; tests/book asks Chromium for some of them.
"""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
import quickjs
import torch
import yaml
from nbformat.v4 import new_markdown_cell, new_notebook
from PIL import Image
from scipy.signal import correlate2d

from autograder.course import Course
from autograder.errors import CourseError
from autograder.publishing import interactive_recordings
from autograder.publishing.interactive import figure_engine, with_interactive_figures
from autograder.publishing.interactive_recordings import (
    record_pretrained_top_five,
    record_xor_training,
    recorded_data,
)
from autograder.workbook.data.xor import xor_blobs
from autograder.workbook.oracles.optimizers import walk
from autograder.workbook.oracles.schedules import scheduled_rates
from tests.conftest import ROOT

LIST: dict[str, list[dict[str, str]]] = yaml.safe_load((ROOT / "book" / "interactive.yml").read_text())
FIGURES = {entry["figure"]: chapter for chapter, entries in LIST.items() for entry in entries}
FILES = sorted(path.stem for path in (ROOT / "book" / "interactive" / "figures").glob("*.js"))


@cache
def engine(figure: str) -> quickjs.Context:
    return figure_engine(Course(ROOT), figure)


def call(figure: str, formula: str, *values: Any) -> Any:
    """What a formula of a figure returns, in the engine that draws the figure's first state."""
    packed = ", ".join(json.dumps(value) for value in values)
    return json.loads(engine(figure).eval(f"JSON.stringify(Interactive.figures.{figure}.formulas.{formula}({packed}))"))


def figure_attribute(figure: str, name: str) -> str:
    return str(json.loads(engine(figure).eval(f"JSON.stringify(Interactive.figures.{figure}.{name})")))


# --- where they stand ---------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Course:
    """A course with the figures of this one and an empty list."""
    (tmp_path / "book").mkdir()
    shutil.copytree(ROOT / "book" / "interactive", tmp_path / "book" / "interactive")
    return Course(tmp_path)


def write_list(course: Course, text: str) -> None:
    (course.root / "book" / "interactive.yml").write_text(text)


def page() -> nbformat.NotebookNode:
    cells = [new_markdown_cell("# Toy", id="title"), new_markdown_cell("The end.", id="end")]
    return new_notebook(cells=cells)


def test_a_course_without_a_list_has_no_figures(small: Course) -> None:
    before = page()
    assert with_interactive_figures(small, "01_toy", before) is before


def test_a_figure_follows_the_cell_it_is_named_for(small: Course) -> None:
    write_list(small, "01_toy:\n  - {figure: schedules, after: title}\n  - {figure: output_size, after: end}\n")
    before = page()
    result = with_interactive_figures(small, "01_toy", before)
    assert [cell.id for cell in result.cells] == ["title", "interactive-schedules", "end", "interactive-output_size"]
    assert [cell.id for cell in before.cells] == ["title", "end"]
    nbformat.validate(result)


def test_what_figures_share_is_on_a_page_once(small: Course) -> None:
    write_list(small, "01_toy:\n  - {figure: schedules, after: title}\n  - {figure: output_size, after: end}\n")
    text = "".join(cell.source for cell in with_interactive_figures(small, "01_toy", page()).cells)
    assert text.count("<style>") == 1
    assert text.count("prefers-reduced-motion") == 1


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ("01_toy:\n  - {figure: schedules, after: nowhere}\n", r"after the cell 'nowhere' of 01_toy"),
        ("01_toy:\n  - {figure: magic, after: end}\n", r"no interactive figure 'magic'\. .* has: activation_slope, "),
        ("01_toy:\n  - {figure: schedules}\n", r"an entry of 01_toy is not a pair"),
        (
            "01_toy:\n  - {figure: schedules, after: end}\n  - {figure: schedules, after: title}\n",
            r"puts 'schedules' into 01_toy twice",
        ),
    ],
)
def test_a_wrong_list_is_refused_with_the_entry_named(small: Course, listed: str, message: str) -> None:
    write_list(small, listed)
    with pytest.raises(CourseError, match=message):
        with_interactive_figures(small, "01_toy", page())


def test_every_figure_stands_in_one_chapter() -> None:
    assert sorted(FIGURES) == FILES
    assert sum(len(entries) for entries in LIST.values()) == len(FILES) >= 8


@pytest.mark.parametrize("chapter", sorted(LIST))
def test_every_listed_cell_is_in_its_chapter(chapter: str) -> None:
    cells = {cell.id for cell in nbformat.read(ROOT / "notebooks" / f"{chapter}.ipynb", as_version=4).cells}
    assert {entry["after"] for entry in LIST[chapter]} <= cells


# --- what a page holds before any script has run ------------------------------------------------------------------


def still(figure: str, tmp_path: Path) -> str:
    """The HTML of a figure, as it is put into a page."""
    course = Course(tmp_path)
    if not (tmp_path / "book").exists():
        (tmp_path / "book").symlink_to(ROOT / "book")
    chapter, after = FIGURES[figure], next(e["after"] for e in LIST[FIGURES[figure]] if e["figure"] == figure)
    cells = [new_markdown_cell("", id=e["after"]) for e in LIST[chapter]]
    made = with_interactive_figures(course, chapter, new_notebook(cells=cells))
    assert after in {cell.id for cell in made.cells}
    return str(next(cell.source for cell in made.cells if cell.id == f"interactive-{figure}"))


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The HTML of every figure but the one that asks real networks, which a slow test looks at."""
    folder = tmp_path_factory.mktemp("stills")
    return {figure: still(figure, folder) for figure in FILES if FIGURES[figure] != "12_pretrained_models"}


def test_the_first_state_is_drawn_and_described(stills: dict[str, str]) -> None:
    for figure, html in stills.items():
        drawing = re.search(r"<svg .*?</svg>", html, re.S)
        assert drawing and drawing[0].count("<") > 20, figure
        assert not re.search(r"NaN|undefined|Infinity|\[object", html.partition("<script>\n")[0]), figure
        described = re.search(r'<p class="text"[^>]*>([^<]+)</p>', html)
        assert described and any(character.isdigit() for character in described[1]), figure


def test_controls_wait_for_the_script(stills: dict[str, str]) -> None:
    for figure, html in stills.items():
        assert '<div class="controls" hidden="">' in html, figure
        assert re.search(r'<input type="(range|radio)"', html), figure


def test_nothing_in_a_figure_is_loaded_from_elsewhere(stills: dict[str, str]) -> None:
    for figure, html in stills.items():
        assert not re.search(r"https?:|\bfetch\(|\bimport\(|<link|<script src|type=\"module\"", html), figure


@pytest.mark.parametrize("figure", FILES)
def test_a_title_states_and_a_caption_says_what_to_try(figure: str) -> None:
    title, caption = figure_attribute(figure, "title"), figure_attribute(figure, "caption")
    assert len(title.split()) >= 5 and not title.endswith(".")
    assert 2 <= len(re.findall(r"[.?](?= |$)", caption)) <= 5 and len(caption.split()) >= 25
    assert "!" not in title + caption


# --- drawings at the ends of their controls -------------------------------------------------------------------------


def drawn(figure: str, state: dict[str, Any], width: int = 700) -> ElementTree.Element:
    """A figure in a state, as SVG."""
    asked = f"Interactive.svg({json.dumps(figure)}, null, {json.dumps(state)}, {width}).markup"
    return ElementTree.fromstring(json.loads(engine(figure).eval(f"JSON.stringify({asked})")))


@pytest.mark.parametrize("x", [-6, 6])
def test_a_tangent_is_drawn_within_its_panel(x: int) -> None:
    picture = drawn("activation_slope", {"f": "tanh", "x": x})
    (group,) = [group for group in picture.iter("g") if group.get("clip-path")]
    (shape,) = list(group.iter("clipPath"))
    (tangent,) = [path for path in group.iter("path") if "orange" in (path.get("class") or "")]
    assert group.get("clip-path") == f"url(#{shape.get('id')})"
    (panel,) = list(shape)
    left, right = (float(panel.get("x") or 0) + share * float(panel.get("width") or 0) for share in (0, 1))
    ends = [float(end) for end in re.findall(r"[ML](-?[\d.]+)", tangent.get("d") or "")]
    assert min(ends) < left or max(ends) > right, "without the panel's edge the tangent would run out of it"


@pytest.mark.parametrize("classes", [2, 20])
@pytest.mark.parametrize("width", [300, 700])
def test_the_labels_of_the_softmax_are_whole_and_off_the_axis(classes: int, width: int) -> None:
    labels = {
        text.text or "": text for text in drawn("softmax_floor", {"z": 6, "classes": classes}, width).iter("text")
    }
    for words, label in labels.items():
        if words.endswith("%"):
            assert float(label.get("x") or 0) + 7.5 * len(words) <= width
    (floor,) = [label for words, label in labels.items() if words.startswith("floor")]
    assert float(floor.get("y") or 0) <= 250 - 4, "the axis is at 250"


def test_a_curve_that_leaves_its_axis_ends_there_and_a_point_beyond_is_open() -> None:
    products = call("sigmoid_chain", "chain", "sigmoid", 6, 3, 20)["products"]
    made = call("sigmoid_chain", "trace", products)
    layers, values = zip(*made["points"], strict=True)
    assert made["leaves"] == values[-1] == 1e-14
    assert len(layers) < 10 and values[-2] > 1e-14 and layers[-2] < layers[-1] < layers[-2] + 1
    state = {"f": "sigmoid", "weight": 6, "bias": 3, "layers": 20}
    beyond, before = drawn("sigmoid_chain", state), drawn("sigmoid_chain", {**state, "layers": 3})
    assert [c.get("class") for c in beyond.iter("circle") if c.get("r") == "7"] == ["curve orange"]
    assert [c.get("class") for c in before.iter("circle") if c.get("r") == "7"] == ["point fill-orange"]


def test_a_curve_within_its_axis_is_whole() -> None:
    products = call("sigmoid_chain", "chain", "sigmoid", 4, -2, 20)["products"]
    made = call("sigmoid_chain", "trace", products)
    assert made["leaves"] is None and [value for _, value in made["points"]] == products


def test_a_gradient_that_is_switched_off_ends_at_the_lower_edge() -> None:
    made = call("sigmoid_chain", "trace", [1.0, 0.5, 0.0, 0.0])
    assert made == {"points": [[0, 1.0], [1, 0.5], [2, 1e-14]], "leaves": 1e-14}


# --- formulas against NumPy, SciPy and PyTorch --------------------------------------------------------------------

POINTS = (-700.0, -4.0, -0.3, 0.0, 0.5, 2.0, 700.0)


@pytest.mark.parametrize(("name", "f"), [("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("relu", torch.relu)])
def test_activations_and_slopes_are_those_of_pytorch(name: str, f: Any) -> None:
    x = torch.tensor(POINTS, dtype=torch.float64, requires_grad=True)
    value = f(x)
    (slope,) = torch.autograd.grad(value.sum(), x)
    values = [call("activation_slope", "value", name, point) for point in POINTS]
    slopes = [call("activation_slope", "slope", name, point) for point in POINTS]
    np.testing.assert_allclose(values, value.detach().numpy(), rtol=1e-13, atol=1e-300)
    np.testing.assert_allclose(slopes, slope.numpy(), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_the_chain_has_the_derivative_that_autograd_finds(name: str) -> None:
    weight, bias, layers = 2.5, -1.0, 12
    a = start = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    for _ in range(layers):
        a = getattr(torch, name)(weight * a + bias)
    (slope,) = torch.autograd.grad(a, start)
    made = call("sigmoid_chain", "chain", name, weight, bias, layers)
    assert made["products"][-1] == pytest.approx(float(slope), rel=1e-12)
    assert np.prod(made["factors"]) == pytest.approx(float(slope), rel=1e-12)


def test_a_chain_of_sigmoids_with_weight_4_keeps_its_gradient_only_at_bias_minus_2() -> None:
    assert call("sigmoid_chain", "chain", "sigmoid", 4, -2, 20)["products"][-1] == pytest.approx(1)
    assert call("sigmoid_chain", "chain", "sigmoid", 4, 0, 20)["products"][-1] < 1e-9


@pytest.mark.parametrize(("z", "classes"), [(-5.0, 10), (0.0, 10), (2.0, 10), (6.0, 3), (6.0, 20)])
@pytest.mark.parametrize("squashed", [False, True])
def test_softmax_losses_are_those_of_pytorch(z: float, classes: int, squashed: bool) -> None:
    scores = torch.full((1, classes), -z, dtype=torch.float64)
    scores[0, 0] = z
    expected = torch.nn.functional.cross_entropy(torch.sigmoid(scores) if squashed else scores, torch.tensor([0]))
    assert call("softmax_floor", "loss", z, classes, squashed) == pytest.approx(float(expected), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("classes", [2, 10, 1000])
def test_the_floor_is_approached_and_never_reached(classes: int) -> None:
    floor = call("softmax_floor", "floor", classes)
    assert floor == pytest.approx(np.log(1 + (classes - 1) / np.e))
    assert 0 < call("softmax_floor", "loss", 12, classes, True) - floor < 1e-4


def test_the_sliding_kernel_computes_a_cross_correlation() -> None:
    rng = np.random.default_rng(0)
    image, kernel = rng.standard_normal((5, 6)), rng.standard_normal((3, 2))
    made = call("kernel_slide", "correlate", image.tolist(), kernel.tolist())
    np.testing.assert_allclose(made, correlate2d(image, kernel, mode="valid"), rtol=1e-12)


def test_output_sizes_are_those_of_pytorch() -> None:
    for n in range(5, 15):
        for kernel in range(1, 6):
            for stride in range(1, 5):
                for padding in range(3):
                    image = torch.empty(1, 1, n, device="meta")
                    weight = torch.empty(1, 1, kernel, device="meta")
                    expected = torch.nn.functional.conv1d(image, weight, stride=stride, padding=padding).shape[-1]
                    assert call("output_size", "size", n, kernel, stride, padding) == expected


@pytest.mark.parametrize("leaves", [(0.1, 0.3, -0.2, 0.4, 1.0), (-0.9, 0.7, 0.5, -0.6, 0.0)])
def test_the_graph_has_the_values_and_gradients_of_autograd(leaves: tuple[float, ...]) -> None:
    names = ("w1", "x1", "w2", "x2", "f*")
    tensors = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in leaves]
    w1, x1, w2, x2, target = tensors
    error = torch.exp(-(w1 * x1 + w2 * x2)) - target
    slopes = torch.autograd.grad(error, tensors)
    made = call("graph_steps", "run", dict(zip(names, leaves, strict=True)))
    assert made["values"]["e"] == pytest.approx(error.item(), rel=1e-12)
    for name, slope in zip(names, slopes, strict=True):
        assert made["gradients"][name] == pytest.approx(slope.item(), rel=1e-12)


RULES = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "rmsprop": ("RMSprop", {"alpha": 0.9}),
    "adam": ("Adam", {}),
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("turned", [False, True])
def test_paths_are_those_of_torch_optim(rule: str, turned: bool) -> None:
    made = np.array(call("optimizer_paths", "walk", rule, 0.03, turned, 25))
    turn = np.array([[1.0, -1.0], [1.0, 1.0]]) / np.sqrt(2) if turned else np.eye(2)
    slopes = [(np.array([1.0, 30.0]) * (w @ turn)) @ turn.T for w in made[:-1]]
    optimizer, settings = RULES[rule]
    expected = walk(optimizer, made[0], slopes, [0.03] * 25, **settings).points
    np.testing.assert_allclose(made[0], turn @ [-4.0, 1.0], rtol=1e-12)
    np.testing.assert_allclose(made, expected, rtol=1e-9, atol=1e-12)


def test_a_rate_beyond_the_limit_of_the_valley_diverges_and_the_path_ends() -> None:
    assert len(call("optimizer_paths", "walk", "sgd", 0.066, False, 40)) == 41
    assert len(call("optimizer_paths", "walk", "sgd", 3.0, False, 40)) < 20


@pytest.mark.parametrize("kind", ["step", "cosine", "warmup"])
def test_schedules_are_those_of_pytorch(kind: str) -> None:
    settings = {
        "step": {"milestones": [40, 75], "gamma": 0.1},
        "cosine": {"total": 100},
        "warmup": {"steps": 10},
    }[kind]
    made = [call("schedules", kind, epoch, *([10] if kind == "warmup" else [])) for epoch in range(100)]
    np.testing.assert_allclose(made, scheduled_rates(kind, 100, 0.5, **settings), rtol=1e-9)


@pytest.mark.parametrize("network", ["cnn_3", "cnn_4", "cnn_5"])
def test_receptive_fields_are_where_the_gradient_of_a_unit_is_not_zero(network: str) -> None:
    rows = call("receptive_field", "rows", network)
    signal = torch.zeros(1, 1, 32, dtype=torch.float64, requires_grad=True)
    value = signal
    for depth, row in enumerate(rows[1:], start=1):
        kind, kernel = row["text"].split()
        size = int(kernel)
        # A mean pool depends on each of its values, as a max-pool may.
        weight = torch.ones(1, 1, size, dtype=torch.float64)
        value = torch.nn.functional.conv1d(value, weight, stride=size if kind == "pool" else 1)
        assert value.shape[-1] == row["units"]
        unit = row["units"] // 2
        (slope,) = torch.autograd.grad(value[0, 0, unit], signal, retain_graph=True)
        touched = torch.nonzero(slope[0, 0]).flatten()
        assert call("receptive_field", "cone", network, depth, unit)[0] == [int(touched[0]), int(touched[-1])]
        assert row["field"] == len(touched)


# --- recorded runs ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def xor() -> dict[str, Any]:
    return record_xor_training()


def numpy_outputs(name: str, parameters: list[float], x: np.ndarray) -> np.ndarray:
    W, b, V, c = np.split(np.array(parameters), [8, 12, 16])
    f = {"tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "relu": lambda z: np.maximum(z, 0)}[name]
    return 1 / (1 + np.exp(-(f(x @ W.reshape(2, 4) + b) @ V.reshape(4, 1) + c)))


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "relu"])
def test_recorded_losses_and_accuracies_belong_to_the_recorded_parameters(xor: dict[str, Any], name: str) -> None:
    x_train, y_train, x_val, y_val = xor_blobs()
    run = xor["runs"][name]
    assert run["epochs"][0] == 0 and run["epochs"][-1] == 1000
    for parameters, loss, accuracy in zip(run["parameters"], run["losses"], run["accuracies"], strict=True):
        assert np.mean((numpy_outputs(name, parameters, x_train) - y_train) ** 2) == pytest.approx(loss, rel=1e-3)
        right = (numpy_outputs(name, parameters, x_val) > 0.5) == y_val
        assert np.mean(right) == pytest.approx(accuracy, abs=0.011)  # one point may lie on the boundary


def test_the_recorded_run_begins_with_the_chapters_weights_and_learns(xor: dict[str, Any]) -> None:
    first = np.random.default_rng(0).standard_normal((2, 4)).ravel()
    for name, run in xor["runs"].items():
        np.testing.assert_allclose(run["parameters"][0][:8], first, rtol=1e-5)
        assert run["losses"][-1] < 0.05 and run["accuracies"][-1] > 0.95, name


def test_the_page_computes_the_networks_output_from_the_parameters(xor: dict[str, Any]) -> None:
    points = np.array([[0.0, 0.0], [1.2, -0.7], [-2.0, 1.9]])
    for name, run in xor["runs"].items():
        made = [call("xor_training", "output", run["parameters"][-1], name, *point) for point in points.tolist()]
        np.testing.assert_allclose(made, numpy_outputs(name, run["parameters"][-1], points).ravel(), rtol=1e-9)


def test_a_recording_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setitem(interactive_recordings.RECORDED, "xor_training", lambda: made.append(1) or {"n": len(made)})
    course = Course(tmp_path)
    assert recorded_data(course, "xor_training") == recorded_data(course, "xor_training") == {"n": 1}
    assert list((tmp_path / "build" / "interactive").glob("xor_training-*.json"))


@pytest.mark.slow
def test_networks_answer_as_in_the_chapter() -> None:
    made = record_pretrained_top_five()
    assert len(made["photographs"]) == 8
    for photograph in made["photographs"]:
        kind, _, data = photograph["picture"].partition(",")
        picture = Image.open(io.BytesIO(base64.b64decode(data)))
        assert kind == "data:image/jpeg;base64" and picture.size == (210, 210)
        for network in made["networks"]:
            shares = [p for _, p in made["answers"][network["name"]][photograph["name"]]]
            assert len(shares) == 5 and shares == sorted(shares, reverse=True) and 0 < sum(shares) <= 1
    coffee, clock = (made["answers"]["efficientnet_lite0"][name][0] for name in ("coffee", "clock"))
    assert coffee[0] == "espresso" and coffee[1] == pytest.approx(0.95, abs=0.01)
    assert clock[0] == "bubble" and clock[1] == pytest.approx(0.57, abs=0.01)
