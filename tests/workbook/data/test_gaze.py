import contextlib
import importlib
import re

import numpy as np
import pytest
from PIL import Image

from workbook import data
from workbook.data.eye_drawing import HEIGHT, WIDTH, draw_eye_pairs

SPLITS = ("train", "val", "test")


@pytest.fixture(autouse=True)
def nothing_but_what_a_test_sets(monkeypatch):
    for name in ("WORKBOOK_DATA", "WORKBOOK_DOWNLOAD", "WORKBOOK_EMBEDDED"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """An export with empty folders, which the loader looks at."""
    for part in ("Image", "Label"):
        (tmp_path / "gaze" / part).mkdir(parents=True)
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path))
    return tmp_path / "gaze"


def pictures(count, first=0):
    """Picture number k is all of grey value k, so that its label, k % 4, can be told from it."""
    return np.repeat(np.arange(first, first + count), HEIGHT * WIDTH).reshape(-1, HEIGHT, WIDTH).astype(np.uint8)


def write_arrays(folder, name="one", count=12, first=0):
    np.save(folder / "Image" / f"{name}.npy", pictures(count, first))
    np.save(folder / "Label" / f"{name}.npy", np.arange(first, first + count) % 4)


def write_png(path, array):
    Image.fromarray(array.reshape(-1, array.shape[-1])).save(path)


def assert_read(loaded, count, grey_to_label=lambda grey: grey % 4):
    """All pictures are there once, each with its own label."""
    images = np.concatenate([getattr(loaded, f"x_{split}") for split in SPLITS])
    labels = np.concatenate([getattr(loaded, f"y_{split}") for split in SPLITS])
    assert (images.dtype, images.shape, labels.dtype) == (np.uint8, (count, HEIGHT, WIDTH), np.int64)
    greys = images[:, 0, 0].astype(int)
    assert len(set(greys)) == count
    np.testing.assert_array_equal(labels, grey_to_label(greys))


def refused(path, *words):
    """Loading raises a ValueError that names the path and says these words."""
    return pytest.raises(ValueError, match=".*".join(re.escape(part) for part in (str(path), *words)))


# --- the embedded default -------------------------------------------------------------------------------------------


def test_drawn_eyes_are_the_default_and_the_source_is_said(capsys):
    drawn = data.gaze()
    output = capsys.readouterr().out
    assert output == f"gaze: {drawn.source}, 3200 training, 800 validation and 800 test images\n"
    assert "drawn" in drawn.source


@pytest.mark.parametrize(("split", "count"), zip(SPLITS, (3200, 800, 800), strict=True))
def test_drawn_eyes_have_their_shape_type_and_number(split, count):
    drawn = data.gaze()
    images, labels = getattr(drawn, f"x_{split}"), getattr(drawn, f"y_{split}")
    assert (images.shape, images.dtype) == ((count, 36, 120), np.uint8)
    assert (labels.shape, labels.dtype) == ((count,), np.int64)
    assert images.min() < 20
    assert images.max() > 235


def test_all_four_quadrants_are_drawn_equally_often_and_about_so_in_each_split():
    drawn = data.gaze()
    counts = np.array([np.bincount(getattr(drawn, f"y_{split}"), minlength=4) for split in SPLITS])
    assert len(data.QUADRANTS) == 4
    assert counts.sum(axis=0).tolist() == [1200] * 4
    np.testing.assert_allclose(counts / counts.sum(axis=1, keepdims=True), 0.25, atol=0.03)


def test_drawn_eyes_are_the_same_every_time_they_are_drawn():
    first = data.gaze()
    # The package's name for the module is taken by the function.
    importlib.import_module("workbook.data.gaze")._drawn.cache_clear()
    second = data.gaze()
    for split in SPLITS:
        np.testing.assert_array_equal(getattr(first, f"x_{split}"), getattr(second, f"x_{split}"))
        np.testing.assert_array_equal(getattr(first, f"y_{split}"), getattr(second, f"y_{split}"))


def test_what_a_reader_does_to_the_pictures_does_not_reach_the_next_load():
    images = data.gaze().x_train
    before = images[0].copy()
    try:
        with contextlib.suppress(ValueError):  # read-only arrays would do as well
            images[0] = 0
        np.testing.assert_array_equal(data.gaze().x_train[0], before)
    finally:
        with contextlib.suppress(ValueError):
            images[0] = before


def test_grading_uses_drawn_eyes_only(folder, monkeypatch):
    write_arrays(folder)
    monkeypatch.setenv("WORKBOOK_EMBEDDED", "1")
    assert len(data.gaze().x_train) == 3200


def test_a_data_folder_without_gaze_leaves_the_drawn_eyes(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path))
    assert len(data.gaze().x_train) == 3200


# --- drawing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 51])
def test_one_picture_is_drawn_for_each_direction(count):
    drawn = draw_eye_pairs(np.zeros((count, 2)), np.random.default_rng(0))
    assert (drawn.shape, drawn.dtype) == ((count, HEIGHT, WIDTH), np.uint8)


def test_pictures_depend_on_the_random_generator_alone():
    first, same, other = (draw_eye_pairs(np.zeros((3, 2)), np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("axis", [0, 1], ids=["right", "down"])
@pytest.mark.parametrize("eye", [slice(0, WIDTH // 2), slice(WIDTH // 2, WIDTH)], ids=["left eye", "right eye"])
def test_both_eyes_are_darker_where_they_look_to(axis, eye):
    towards = np.zeros((100, 2))
    towards[:, axis] = 1
    there, back = (
        draw_eye_pairs(sign * towards, np.random.default_rng(0))[:, :, eye].astype(float) for sign in (1, -1)
    )
    place = np.indices((HEIGHT, WIDTH // 2))[1 - axis]
    # First moment of what became darker on the way from one side to the other.
    assert np.mean(np.sum((back - there) * (place - place.mean()), axis=(1, 2)) > 0) > 0.95


# --- recordings on disk ---------------------------------------------------------------------------------------------


def test_arrays_with_integer_labels_are_read_and_split(folder, capsys):
    write_arrays(folder)
    loaded = data.gaze()
    assert_read(loaded, 12)
    assert loaded.source == "WORKBOOK_DATA, 1 recordings (.npy images, .npy labels)"
    assert f"gaze: {loaded.source}, 8 training, 2 validation and 2 test images" in capsys.readouterr().out


def test_arrays_with_one_hot_labels_are_read(folder, capsys):
    np.save(folder / "Image" / "one.npy", pictures(12))
    np.save(folder / "Label" / "one.npy", np.eye(4)[np.arange(12) % 4])
    assert_read(data.gaze(), 12)
    assert "1 recordings (.npy images, .npy labels)" in capsys.readouterr().out


@pytest.mark.parametrize("ending", [".txt", ".label", ".csv"])
@pytest.mark.parametrize("between", ["\n", "\r\n", ",\n"])
def test_strips_of_pictures_with_labels_as_text_are_read(folder, capsys, ending, between):
    write_png(folder / "Image" / "one.png", pictures(12))
    (folder / "Label" / f"one{ending}").write_text(between.join(str(k % 4) for k in range(12)), newline="")
    assert_read(data.gaze(), 12)
    assert f"1 recordings (.png images, {ending} labels)" in capsys.readouterr().out


def test_several_recordings_are_joined(folder, capsys):
    write_arrays(folder, "b", 7, first=5)
    write_arrays(folder, "a", 5)
    assert_read(data.gaze(), 12)
    assert "2 recordings" in capsys.readouterr().out


def test_a_recording_is_split_alike_every_time(folder):
    write_arrays(folder)
    np.testing.assert_array_equal(data.gaze().x_test, data.gaze().x_test)


@pytest.mark.parametrize(
    "stored",
    [
        pictures(12) / 255,
        pictures(12) / np.float32(255),
        pictures(12).astype(np.int64),
        pictures(12).astype(float),
        pictures(12)[:, None],
        pictures(12)[..., None],
    ],
    ids=["0 to 1", "0 to 1 in single precision", "integers", "0 to 255 as floats", "(N, 1, H, W)", "(N, H, W, 1)"],
)
def test_grey_values_and_axes_are_brought_to_one_form(folder, stored):
    write_arrays(folder)
    np.save(folder / "Image" / "one.npy", stored)
    assert_read(data.gaze(), 12)


def test_a_single_picture_needs_no_axis_for_the_number(folder):
    write_arrays(folder, count=1)
    np.save(folder / "Image" / "one.npy", pictures(1)[0])
    assert_read(data.gaze(), 1)


def test_labels_in_a_column_and_other_files_are_accepted(folder):
    write_arrays(folder)
    np.save(folder / "Label" / "one.npy", np.arange(12)[:, None] % 4)
    (folder / "Image" / "readme.md").touch()
    assert_read(data.gaze(), 12)


# --- recordings that cannot be used ---------------------------------------------------------------------------------


def test_as_many_labels_as_pictures_are_expected(folder):
    write_arrays(folder)
    np.save(folder / "Label" / "one.npy", np.zeros(11, dtype=int))
    with refused(folder / "Image" / "one.npy", "12 pictures", str(folder / "Label" / "one.npy"), "11 labels"):
        data.gaze()


@pytest.mark.parametrize("part", ["Image", "Label"])
def test_a_recording_with_one_file_only_is_named(folder, part):
    for name in ("one", "two"):
        write_arrays(folder, name)
    (folder / part / "two.npy").unlink()
    with refused(folder, "without a partner", "two"):
        data.gaze()


@pytest.mark.parametrize("part", ["Image", "Label"])
@pytest.mark.parametrize("gone", [False, True], ids=["empty", "missing"])
def test_a_folder_without_files_is_named(folder, part, gone):
    write_arrays(folder)
    (folder / part / "one.npy").unlink()
    if gone:
        (folder / part).rmdir()
    with refused(folder / part, "holds no such file or does not exist", ".npy"):
        data.gaze()


def test_files_of_two_kinds_in_one_folder_are_refused(folder):
    write_arrays(folder)
    write_png(folder / "Image" / "two.png", pictures(1))
    with refused(folder / "Image", "holds .npy and .png files"):
        data.gaze()


@pytest.mark.parametrize("shape", [(), (12,), (12, 120, 36), (12, 36, 121), (12, 36, 120, 3)])
def test_arrays_of_another_shape_are_named(folder, shape):
    write_arrays(folder)
    np.save(folder / "Image" / "one.npy", np.zeros(shape, dtype=np.uint8))
    with refused(folder / "Image" / "one.npy", "expected (N, 36, 120)"):
        data.gaze()


@pytest.mark.parametrize("shape", [(36, 119), (37, 120)])
def test_strips_of_another_size_are_named(folder, shape):
    write_arrays(folder)
    (folder / "Image" / "one.npy").unlink()
    write_png(folder / "Image" / "one.png", np.zeros(shape, dtype=np.uint8))
    with refused(folder / "Image" / "one.png", f"{shape[0]} rows and {shape[1]} columns"):
        data.gaze()


@pytest.mark.parametrize("value", [-1, 256, np.nan])
def test_grey_values_out_of_range_are_named(folder, value):
    write_arrays(folder)
    np.save(folder / "Image" / "one.npy", np.full((12, HEIGHT, WIDTH), value))
    with refused(folder / "Image" / "one.npy", f"values from {value:g}", "0 to 255, or 0 to 1"):
        data.gaze()


@pytest.mark.parametrize("label", [-1, 4, 0.5, np.nan, "left"])
def test_labels_out_of_range_are_named(folder, label):
    write_arrays(folder)
    np.save(folder / "Label" / "one.npy", np.array([label] * 12))
    with refused(folder / "Label" / "one.npy", f"label {label}", "expected 0 to 3"):
        data.gaze()


@pytest.mark.parametrize("labels", [np.zeros((12, 2)), np.zeros((12, 4)), np.ones((12, 4)), np.zeros((1, 12))])
def test_labels_that_are_neither_numbers_nor_one_hot_are_named(folder, labels):
    write_arrays(folder)
    np.save(folder / "Label" / "one.npy", labels)
    with refused(folder / "Label" / "one.npy", "expected one label a picture"):
        data.gaze()


@pytest.mark.parametrize("word", ["4", "-1", "nan", "up"])
def test_text_that_is_no_label_is_named(folder, word):
    write_arrays(folder)
    (folder / "Label" / "one.npy").unlink()
    (folder / "Label" / "one.txt").write_text("0\n" * 11 + word)
    with refused(folder / "Label" / "one.txt", word):
        data.gaze()


@pytest.mark.parametrize(
    ("place", "content"),
    [
        ("Image/one.npy", b"no array"),
        ("Image/one.npy", b""),
        ("Image/one.png", b"no picture"),
        ("Label/one.npy", b"no array"),
        ("Label/one.txt", b"\xff\xfe0\n"),
    ],
)
def test_an_unreadable_file_is_named(folder, place, content):
    write_arrays(folder)
    path = folder / place
    path.with_suffix(".npy").unlink()
    path.write_bytes(content)
    with refused(path):
        data.gaze()


def test_rows_with_sum_one_that_are_not_one_hot_are_refused(folder):
    write_arrays(folder)
    np.save(folder / "Label" / "one.npy", np.tile([2, -1, 0, 0], (12, 1)))
    with refused(folder / "Label" / "one.npy"):
        data.gaze()
