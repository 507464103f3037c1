import contextlib
import hashlib
import importlib
import io
import pickle
import re
import tarfile

import numpy as np
import pytest
from PIL import Image

from authoring.recording import cifar_jpeg
from autograder.errors import AutograderError
from workbook import data
from workbook.data import ten_class_drawing

# The package's name for the module is taken by the function.
LOADER = importlib.import_module("workbook.data.ten_classes")
SPLITS = ("train", "test")


@pytest.fixture(autouse=True)
def nothing_but_what_a_test_sets(monkeypatch, tmp_path):
    for name in ("WORKBOOK_DATA", "WORKBOOK_DOWNLOAD", "WORKBOOK_EMBEDDED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WORKBOOK_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """An empty folder ``cifar10`` that the loader looks at."""
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path / "data"))
    (tmp_path / "data" / "cifar10").mkdir(parents=True)
    return tmp_path / "data" / "cifar10"


def arrays(train=20, test=10):
    """Image number k is all of value k, so that its label, k % 10, can be told from it."""
    return {
        f"{part}_{split}": values
        for split, count in (("train", train), ("test", test))
        for part, values in (
            ("x", np.repeat(np.arange(count), 32 * 32 * 3).reshape(-1, 32, 32, 3).astype(np.uint8)),
            ("y", (np.arange(count) % 10).astype(np.uint8)),
        )
    }


def write_subset(folder, **changed):
    folder.mkdir(parents=True, exist_ok=True)
    given = {name: array for name, array in (arrays() | changed).items() if array is not None}
    np.savez(folder / "cifar10_subset.npz", **given)
    return folder / "cifar10_subset.npz"


def write_batches(folder, monkeypatch, count=10):
    """CIFAR-10 in torchvision's layout, with ``count`` images a batch, and the checksums that go with it."""
    from workbook.vision import torchvision

    target = folder / "cifar-10-batches-py"
    target.mkdir(parents=True)
    names = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]
    contents = {}
    for name in names:
        images = np.repeat(np.arange(count), 3 * 32 * 32).reshape(count, -1).astype(np.uint8)
        contents[name] = {"data": images, "labels": [k % 10 for k in range(count)]}
    contents["batches.meta"] = {"label_names": list(LOADER.CIFAR10_CLASSES)}
    sums = {}
    for name, content in contents.items():
        (target / name).write_bytes(pickle.dumps(content))
        sums[name] = hashlib.md5((target / name).read_bytes()).hexdigest()
    dataset = torchvision.datasets.CIFAR10
    monkeypatch.setattr(dataset, "train_list", [[name, sums[name]] for name in names[:-1]])
    monkeypatch.setattr(dataset, "test_list", [[names[-1], sums[names[-1]]]])
    monkeypatch.setattr(dataset, "meta", dataset.meta | {"md5": sums["batches.meta"]})
    return target


def assert_read(loaded, train, test):
    for split, count in (("train", train), ("test", test)):
        images, labels = getattr(loaded, f"x_{split}"), getattr(loaded, f"y_{split}")
        assert (images.shape, images.dtype) == ((count, 32, 32, 3), np.uint8)
        assert (labels.shape, labels.dtype) == ((count,), np.int64)
        np.testing.assert_array_equal(images[:, 0, 0, 0] % 10, labels)
    assert loaded.classes == ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def refused(path, *words):
    """Loading raises a ValueError that names the path and says these words."""
    return pytest.raises(ValueError, match=".*".join(re.escape(part) for part in (str(path), *words)))


# --- the embedded default -------------------------------------------------------------------------------------------


def test_drawn_things_are_the_default_and_the_source_is_said(capsys):
    drawn = data.ten_classes()
    assert capsys.readouterr().out == f"ten classes: {drawn.source}, 4000 training and 1000 test images\n"
    assert "drawn" in drawn.source
    assert len(set(drawn.classes)) == 10


@pytest.mark.parametrize(("split", "count"), [("train", 4000), ("test", 1000)])
def test_drawn_things_have_their_shape_type_and_range_and_are_balanced(split, count):
    drawn = data.ten_classes()
    images, labels = getattr(drawn, f"x_{split}"), getattr(drawn, f"y_{split}")
    assert (images.shape, images.dtype) == ((count, 32, 32, 3), np.uint8)
    assert (labels.shape, labels.dtype) == ((count,), np.int64)
    assert np.bincount(labels).tolist() == [count // 10] * 10
    assert (images.min(), images.max()) == (0, 255)


def test_the_first_images_hold_every_class_about_equally_often():
    assert np.bincount(data.ten_classes().y_train[:500], minlength=10).min() > 30


def test_no_drawn_picture_is_there_twice():
    drawn = data.ten_classes()
    assert len({image.tobytes() for image in (*drawn.x_train, *drawn.x_test)}) == 5000


def test_drawn_things_are_the_same_every_time_they_are_drawn(monkeypatch):
    monkeypatch.setattr(LOADER, "_TRAINING", 200)
    monkeypatch.setattr(LOADER, "_TEST", 100)
    first, second = LOADER._drawn.__wrapped__(), LOADER._drawn.__wrapped__()
    for split in SPLITS:
        np.testing.assert_array_equal(getattr(first, f"x_{split}"), getattr(second, f"x_{split}"))
        np.testing.assert_array_equal(getattr(first, f"y_{split}"), getattr(second, f"y_{split}"))


def test_what_a_reader_does_to_the_pictures_does_not_reach_the_next_load():
    drawn = data.ten_classes()
    before = drawn.x_train[0].copy(), drawn.y_test[0].copy()
    with contextlib.suppress(ValueError):  # read-only arrays would do as well
        drawn.x_train[0], drawn.y_test[0] = 255 - drawn.x_train[0], 9 - drawn.y_test[0]
    again = data.ten_classes()
    np.testing.assert_array_equal(again.x_train[0], before[0])
    assert again.y_test[0] == before[1]


def test_grading_uses_drawn_things_only(folder, monkeypatch):
    write_subset(folder)
    monkeypatch.setenv("WORKBOOK_EMBEDDED", "1")
    assert len(data.ten_classes(download=True).x_train) == 4000


def linear_accuracy(features, labels, others, other_labels, penalty):
    """Test accuracy of ridge regression on one-hot labels, by its closed form."""
    mean, std = features.mean(axis=0), features.std(axis=0)
    features, others = (features - mean) / std, (others - mean) / std
    gram = features.T @ features + penalty * np.eye(features.shape[1], dtype=features.dtype)
    weights = np.linalg.solve(gram, features.T @ (np.eye(10, dtype=features.dtype)[labels] - 0.1))
    return np.mean((others @ weights).argmax(axis=1) == other_labels)


def test_a_linear_classifier_does_not_solve_the_drawn_things():
    drawn = data.ten_classes()
    # Halving the resolution keeps what a linear model can use, and makes the system of equations small.
    small, small_test = (
        getattr(drawn, f"x_{split}").reshape(-1, 16, 2, 16, 2, 3).mean(axis=(2, 4), dtype=np.float32).reshape(-1, 768)
        for split in SPLITS
    )
    for penalty in (300, 3000):
        assert 0.2 < linear_accuracy(small, drawn.y_train, small_test, drawn.y_test, penalty) < 0.45


def test_mean_and_spread_of_the_colours_hardly_tell_the_class():
    drawn = data.ten_classes()
    colours, colours_test = (
        np.concatenate([images.mean(axis=(1, 2)), images.std(axis=(1, 2))], axis=1)
        for images in (drawn.x_train, drawn.x_test)
    )
    assert linear_accuracy(colours, drawn.y_train, colours_test, drawn.y_test, 1) < 0.3


@pytest.mark.parametrize("count", [0, 1, 51])
def test_one_picture_is_drawn_for_each_label(count):
    drawn = ten_class_drawing.draw_things(np.arange(count) % 10, np.random.default_rng(0))
    assert (drawn.shape, drawn.dtype) == ((count, 32, 32, 3), np.uint8)


@pytest.mark.parametrize("label", range(10), ids=ten_class_drawing.CLASSES)
def test_a_thing_covers_a_part_of_most_pictures_that_can_be_seen(label):
    from workbook.data.ten_class_shapes import THINGS

    canvas, _ = ten_class_drawing._canvas(200, np.random.default_rng(0))
    layers = THINGS[ten_class_drawing.CLASSES[label]](canvas)
    share = np.mean(np.minimum.reduce([distance for distance, _ in layers]) < 0, axis=(1, 2))
    assert 0.08 < np.median(share) < 0.5
    assert share.min() > 0.03


# --- CIFAR-10 -------------------------------------------------------------------------------------------------------


def test_a_subset_is_read_and_said(folder, capsys):
    write_subset(folder)
    loaded = data.ten_classes()
    assert_read(loaded, 20, 10)
    assert loaded.source == "CIFAR-10 subset from WORKBOOK_DATA"
    assert f"ten classes: {loaded.source}, 20 training and 10 test images" in capsys.readouterr().out


def test_a_subset_may_say_what_it_is(folder):
    write_subset(folder, source=np.array("lossy JPEG"))
    assert data.ten_classes().source == "CIFAR-10 subset from WORKBOOK_DATA (lossy JPEG)"


def test_the_layout_of_torchvision_is_read_and_goes_before_a_subset(folder, monkeypatch, capsys):
    write_batches(folder, monkeypatch)
    write_subset(folder)
    assert_read(data.ten_classes(), 50, 10)
    assert "CIFAR-10 from WORKBOOK_DATA" in capsys.readouterr().out


def test_a_data_folder_goes_before_the_cache_and_the_cache_before_the_drawn_things(tmp_path, folder, monkeypatch):
    write_batches(tmp_path / "cache" / "cifar10", monkeypatch)
    loaded = data.ten_classes()
    assert_read(loaded, 50, 10)
    assert loaded.source == "CIFAR-10 from the cache"
    write_subset(folder)
    assert_read(data.ten_classes(), 20, 10)


def test_a_damaged_batch_is_named(folder, monkeypatch):
    target = write_batches(folder, monkeypatch)
    (target / "data_batch_3").write_bytes(b"no pickle")
    with refused(target, "cannot be read"):
        data.ten_classes()


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_an_unreadable_subset_is_named(folder, content):
    (folder / "cifar10_subset.npz").write_bytes(content)
    with refused(folder / "cifar10_subset.npz", "cannot be read"):
        data.ten_classes()


@pytest.mark.parametrize("name", ["x_train", "y_train", "x_test", "y_test"])
def test_a_missing_array_is_named(folder, name):
    with refused(write_subset(folder, **{name: None}), f"no array {name}"):
        data.ten_classes()


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((20, 3, 32, 32), np.uint8),
        np.zeros((20, 3072), np.uint8),
        np.zeros((20, 32, 32, 3)),
        np.zeros((0, 32, 32, 3), np.uint8),
    ],
    ids=["channels first", "flat", "floats", "none"],
)
def test_images_of_another_form_are_named(folder, images):
    with refused(
        write_subset(folder, x_train=images), "x_train", str(images.dtype), "expected uint8 of (N, 32, 32, 3)"
    ):
        data.ten_classes()


@pytest.mark.parametrize("labels", [np.zeros(11, int), np.zeros((10, 1), int), np.zeros(10), np.array(["cat"] * 10)])
def test_labels_of_another_form_are_named(folder, labels):
    with refused(write_subset(folder, y_test=labels), "y_test", "expected whole numbers of shape (10,)"):
        data.ten_classes()


@pytest.mark.parametrize("label", [-1, 10])
def test_labels_out_of_range_are_named(folder, label):
    with refused(write_subset(folder, y_test=np.full(10, label)), f"label {label}", "0 to 9"):
        data.ten_classes()


def test_nothing_is_downloaded_unless_asked_for_and_a_failure_says_what_to_do(monkeypatch):
    from workbook.vision import torchvision

    def no_network(*args, **kwargs):
        raise OSError("no network")

    monkeypatch.setattr(torchvision.datasets, "CIFAR10", no_network)
    assert len(data.ten_classes().x_train) == 4000
    with pytest.raises(RuntimeError, match=r"no network.*without download for the drawn images"):
        data.ten_classes(download=True)
    monkeypatch.setenv("WORKBOOK_DOWNLOAD", "1")
    with pytest.raises(RuntimeError, match="could not be downloaded"):
        data.ten_classes()


# --- from JPEG images -----------------------------------------------------------------------------------------------


def write_jpegs(folder, left_out=(), size=32):
    """Ten images a batch; number n of class c is all of grey value 20 c + 2 n."""
    rng = np.random.default_rng(0)
    names = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]
    labels = {name: rng.permutation(10).astype(np.uint8) for name in names}
    np.savez(folder / "cifar10_all_labels.npz", **labels)
    with tarfile.open(folder / "cifar10-jpg.tar.gz", "w:gz") as archive:
        for part, count in (("train", 5), ("test", 1)):
            for label, name in enumerate(LOADER.CIFAR10_CLASSES):
                for number in range(count):
                    path = f"{part}/{name}/{number:04}.jpg"
                    packed = io.BytesIO()
                    grey = np.full((size, size, 3), 20 * label + 2 * number, np.uint8)
                    Image.fromarray(grey).save(packed, "JPEG", quality=95)
                    member = tarfile.TarInfo(path)
                    member.size = packed.tell()
                    packed.seek(0)
                    if path not in left_out:
                        archive.addfile(member, packed)
    return labels


def test_jpeg_images_come_back_in_canonical_order_through_the_loader(tmp_path, monkeypatch, capsys):
    labels = write_jpegs(tmp_path)
    cifar_jpeg.main(tmp_path, tmp_path / "out")
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path / "out"))
    loaded = data.ten_classes()
    assert "JPEG" in loaded.source
    np.testing.assert_array_equal(loaded.y_train, np.concatenate(list(labels.values())[:5]))
    batch = np.repeat(np.arange(5), 10)  # every batch holds each class once
    np.testing.assert_allclose(loaded.x_train[:, 5, 5, 1], 20 * loaded.y_train + 2 * batch, atol=1)
    np.testing.assert_allclose(loaded.x_test[:, 5, 5, 1], 20 * loaded.y_test, atol=1)


def test_jpeg_images_that_do_not_go_with_the_labels_are_refused(tmp_path):
    write_jpegs(tmp_path, left_out=("train/cat/0002.jpg",))
    with pytest.raises(AutograderError, match="lacks 1 train images"):
        cifar_jpeg.main(tmp_path, tmp_path / "out")
    write_jpegs(tmp_path, size=28)
    with pytest.raises(AutograderError, match=r"0000\.jpg has shape \(28, 28, 3\)"):
        cifar_jpeg.main(tmp_path, tmp_path / "out")
    labels = write_jpegs(tmp_path)
    np.savez(tmp_path / "cifar10_all_labels.npz", **{name: [0] for name in labels})
    with pytest.raises(AutograderError, match="no place among the labels"):
        cifar_jpeg.main(tmp_path, tmp_path / "out")
