"""The results page says what was measured, with its spread, and where it came from; its figures say what they show."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.text import Text

from authoring.book.overview import ROWS, TAKKIN_CIFAR10, with_overview
from authoring.book.result_figures import FIGURES, draw_recordings
from authoring.book.results import results_page
from autograder.publishing.figures.narrow import WIDTH
from autograder.publishing.figures.svg import TYPE, size, smallest_type
from tests.conftest import ROOT
from workbook.chapter08.figures import STYLES
from workbook.recorded import recording, recordings

MLPS, CNNS = ("mlp_1", "mlp_2"), ("cnn_3", "cnn_4", "cnn_5")


@pytest.fixture(scope="module")
def page():
    return (ROOT / "book" / "results.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def figures():
    drawn = {name: draw(recording(name)) for name, draw in FIGURES.items()}
    yield drawn
    for figure in drawn.values():
        plt.close(figure)


def ends(name, run, key, last=1):
    """The mean of the last entries of a curve, or a number, for each seed."""
    return [
        np.mean(values[-last:] if isinstance(values, list) else values) for values in recording(name).curves(run, key)
    ]


def test_every_recording_has_its_table_and_its_command(page):
    filled = results_page(page)
    assert "% recording" not in filled
    for name in recordings():
        made = recording(name)
        assert made.command in filled
        for run in made.runs:
            assert f"| {run['name']} |" in filled


def test_a_recording_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"no recording 'vgg12'.*vgg11"):
        results_page("% recording vgg12")


def test_every_recording_has_three_seeds_or_the_page_says_that_it_has_one(page):
    for name in recordings():
        made = recording(name)
        section = next(part for part in page.split("\n## ") if f"% recording {name}\n" in part)
        assert len(made.seeds) >= 3 or ("from one seed" in section and len(made.seeds) == 1)
        assert {run["seed"] for run in made.runs} == set(made.seeds)
        assert made.seconds > 0 and made.device and made.versions["torch"]


def test_numbers_are_means_with_their_range():
    scores = [100 * run["test_acc"] for run in recording("cnn_architectures").runs if run["name"] == "cnn_3"]
    table = results_page("% recording cnn_architectures")
    assert f"{sum(scores) / len(scores):.1f} ({min(scores):.1f}\u00a0to\u00a0{max(scores):.1f})" in table


def test_all_cells_of_a_column_have_the_same_decimals_and_none_an_exponent(page):
    tables = re.findall(r"(?:^\|.*\n)+", results_page(page), flags=re.MULTILINE)
    assert len(tables) == len(recordings())
    for table in tables:
        rows = [[cell.strip() for cell in line.split("|")[2:-1]] for line in table.splitlines()[2:]]
        for column in zip(*rows, strict=True):
            cells = [cell for cell in column if cell]
            assert all(re.fullmatch(r"[\d.]+( \([\d.]+\u00a0to\u00a0[\d.]+\))?", cell) for cell in cells)
            assert len({len(number.partition(".")[2]) for cell in cells for number in re.findall(r"[\d.]+", cell)}) == 1


def test_data_are_named_in_a_readers_words(page):
    filled = results_page(page)
    assert "Subset from WORKBOOK_DATA" not in filled and "subset from WORKBOOK_DATA" not in filled
    assert "All of CIFAR-10, from JPEG files: 49500 training, 500 validation and 10000 test images." in filled
    assert "A subset of CIFAR-10, 4000 training images of 32×32 pixels in colour." in filled
    assert "Digits: MNIST, 1000 training and 500 test images; ten classes: a subset of CIFAR-10, 1000" in filled


def test_every_recording_has_a_figure_with_alt_text_and_what_others_measured(page):
    assert sorted(FIGURES) == recordings()
    parts = [(re.search(r"% recording (\w+)", part), part) for part in page.split("\n## ")[1:]]
    sections = {found[1]: part for found, part in parts if found}
    for name in recordings():
        assert f"```{{figure}} recorded/{name}.svg" in sections[name]
        assert len(re.search(r":alt: (.+)", sections[name])[1]) > 80
        assert "**Beside the literature.**" in sections[name]


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_figure_has_a_finding_for_a_title_and_names_its_axes(figures, name):
    figure = figures[name]
    assert len(figure.get_suptitle()) > 20
    assert all(axes.get_xlabel() for axes in figure.axes)
    shared = figure.axes[0].get_shared_y_axes()
    for axes in figure.axes:
        labelled = [other for other in figure.axes if shared.joined(axes, other) or other is axes]
        assert any(other.get_ylabel() for other in labelled)


def test_figures_are_written_for_a_desk_and_for_a_phone(tmp_path):
    draw_recordings(tmp_path / "book" / "recorded", tmp_path)
    for name in recordings():
        wide, narrow = (
            (tmp_path / folder / f"{name}.svg").read_text(encoding="utf-8") for folder in ("book/recorded", "narrow")
        )
        assert size(narrow)[0] <= 72 * WIDTH + 1 < size(wide)[0]
        assert smallest_type(narrow) >= TYPE


def test_a_band_reaches_from_the_smallest_to_the_largest_seed(figures):
    curves = 100 * np.array(recording("vgg11").curves("Adam, sigmoid", "test_acc"))
    band = figures["vgg11"].axes[1].collections[2].get_paths()[0].vertices
    assert band[:, 1].min() == pytest.approx(curves.min())
    assert band[:, 1].max() == pytest.approx(curves.max())


# --- what the titles say -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cnn_architectures", "cifar10_whole", "architectures_original"])
def test_every_cnn_ends_above_every_mlp(name):
    best = max(max(ends(name, mlp, "test_acc")) for mlp in MLPS)
    assert min(min(ends(name, cnn, "test_acc")) for cnn in CNNS) > best


def test_in_15_epochs_cnn_4_levels_off_and_cnn_3_falls_while_it_learns_by_heart():
    made = recording("architectures_original")
    three, four = (100 * np.array(made.curves(name, "val_acc_epochs")[0]) for name in ("cnn_3", "cnn_4"))
    seen = 100 * np.array(made.curves("cnn_3", "train_acc_curve")[0])
    assert three.argmax() == 5 and round(three[5]) == 66 and round(three[-1]) == 64
    assert round(seen[53]) == 71 and round(seen[-1]) == 83
    assert np.ptp(four[4:]) < 2


def test_batch_normalisation_brings_about_35_points():
    plain, normed = (np.mean(ends("gaze_batch_norm", name, "test_acc")) for name in ("plain", "BatchNorm"))
    assert normed - plain == pytest.approx(0.35, abs=0.03)


def test_one_more_layer_ruins_the_recipe_and_fewer_pictures_widen_the_gap():
    made = {run["name"] for run in recording("gaze_networks").runs}
    deep, flat = (ends("gaze_networks", name, "test_acc") for name in ("100, 100, 100", "100, 50"))
    assert max(deep) < min(flat)

    def gaps(name):
        return np.array(ends("gaze_networks", name, "train_acc")) - ends("gaze_networks", name, "test_acc")

    assert all(min(gaps("64 units, 1000 pictures")) > max(gaps(name)) for name in made - {"64 units, 1000 pictures"})


def test_sigmoids_slow_every_network_down_and_cnn_5_starts_with_neither():
    for name in STYLES:
        relu, sigmoid = (ends("gradient_flow", name, f"{kind}_loss_curve", 10) for kind in ("relu", "sigmoid"))
        if name == "cnn_5":
            assert min(relu + sigmoid) > 0.98 * np.log(10)
        else:
            assert max(relu) < min(sigmoid)


def test_dropping_the_rate_adds_ten_points():
    constant, dropped = (np.mean(ends("learning_rates", run, "val_acc_epochs", 5)) for run in ("0.1", "0.1, 0.01"))
    assert dropped - constant == pytest.approx(0.10, abs=0.025)


def test_with_all_of_cifar_10_a_drop_gains_three_points_and_a_second_keeps_them():
    made = recording("learning_rates_original")
    for network, first in (("cnn_3", 6), ("cnn_5", 9)):
        constant, one, two = (
            100 * np.array(made.curves(f"{network}, {label}", "val_acc_epochs")[0])
            for label in ("0.1", "0.1, 0.01", "0.1, 0.01, 0.001")
        )
        assert made.curves(f"{network}, 0.1, 0.01, 0.001", "milestones") == [[first, first + 1]]
        assert one[first] - one[first - 1] == pytest.approx(3, abs=0.5)
        assert one.max() - one[-1] > 2 and two.max() - two[-1] < 1
        assert constant.max() < 65


def test_with_sigmoids_vgg11_hardly_trains():
    good = min(ends("vgg11", "Adam", "test_acc", 3) + ends("vgg11", "SGD", "test_acc", 3))
    bad = [end for run in ("Adam, sigmoid", "Adam, sigmoid, no dropout") for end in ends("vgg11", run, "test_acc", 3)]
    assert good > 0.94 and max(bad) < 0.5


def test_at_full_width_sgd_leaps_ahead_and_sigmoid_networks_fall_back_to_guessing():
    made = recording("vgg11_original")
    scores = {name: np.array(made.curves(name, "test_acc")[0]) for name in ("SGD", "Adam")}
    assert scores["SGD"][0] > scores["Adam"][0] + 0.5
    assert all(round(100 * curve[-1]) == 97 and 0.94 < curve[5] < 0.96 for curve in scores.values())
    for name, best, guessing in (("Adam, sigmoid", 46, 3), ("Adam, sigmoid, no dropout", 37, 4)):
        curve = 100 * np.array(made.curves(name, "test_acc")[0])
        assert round(curve.max()) == best and np.sum(curve < 10.1) == guessing


def test_pretrained_features_help_with_photographs_and_not_with_digits():
    for data, help_expected in (("ten classes", True), ("digits", False)):
        head, small = (ends("transfer", f"{data}, {way}", "test_acc") for way in ("new head", "small CNN from scratch"))
        assert bool(min(head) > max(small) + 0.1) == help_expected


@pytest.mark.parametrize("name", ["cnn_architectures", "cifar10_whole", "architectures_original"])
def test_crosses_are_the_numbers_of_a_source_that_the_legend_and_the_page_name(page, figures, name):
    crosses = next(line for line in figures[name].axes[1].lines if line.get_marker() == "x")
    assert list(crosses.get_ydata()) == list(TAKKIN_CIFAR10.values())
    assert crosses.get_label().startswith("Takkin (2025)")
    assert "47.32, 49.39, 67.36, 68.44 and 69.64 %" in page
    assert "{cite:t}`takkin2025homework`, a public repository" in page


def test_numbers_from_photographs_are_on_no_axis_with_drawn_eyes(figures):
    assert not [line for axes in figures["gaze_batch_norm"].axes for line in axes.lines if line.get_marker() == "x"]


def test_the_page_begins_with_one_table_of_all_experiments_that_have_an_accuracy(page):
    filled = with_overview(page)
    table = re.search(r"(?:^\|.*\n)+", filled, flags=re.MULTILINE)
    assert table is not None and filled.index(table[0]) < filled.index("\n## ")
    lines = table[0].splitlines()[2:]
    assert {each.recording for each in ROWS} == set(recordings()) - {"gradient_flow"}
    assert len(lines) == len(ROWS)
    for line, each in zip(lines, ROWS, strict=True):
        scores = [100 * score for score in ends(each.recording, each.run, each.key)]
        span = f" ({min(scores):.1f}\u00a0to\u00a0{max(scores):.1f})" if len(scores) > 1 else ""
        assert f"| {np.mean(scores):.1f}{span} |" in line
        assert each.data in line.replace("\u00a0", " ") and each.scale in line


def test_no_seconds_of_a_busy_machine_are_on_the_page(page):
    filled = with_overview(results_page(page))
    assert "| seconds" not in filled and " s in all" not in filled


def test_no_number_comes_from_an_unnamed_elsewhere(page, figures):
    texts = [text.get_text() for figure in figures.values() for text in figure.findobj(Text)]
    assert not [text for text in [page, *texts] if "elsewhere" in text.lower() or "original course" in text.lower()]
