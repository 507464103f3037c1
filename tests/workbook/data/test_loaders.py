import numpy as np
import pytest

from tests.conftest import ROOT
from workbook import data

SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(autouse=True)
def nothing_but_what_a_test_sets(monkeypatch, tmp_path):
    for name in ("WORKBOOK_DATA", "WORKBOOK_DOWNLOAD", "WORKBOOK_EMBEDDED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WORKBOOK_CACHE", str(tmp_path / "cache"))


def write_mnist(folder, count=3):
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for part in ("train", "t10k"):
        images = np.arange(count * 784, dtype=np.uint32).astype(np.uint8).tobytes()
        head = np.array([2051, count, 28, 28], dtype=">i4").tobytes()
        (raw / f"{part}-images-idx3-ubyte").write_bytes(head + images)
        head = np.array([2049, count], dtype=">i4").tobytes()
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(head + bytes(range(count)))


def test_digits_are_embedded_by_default_and_the_source_is_said(capsys):
    digits = data.digits28()
    assert "scikit-learn" in capsys.readouterr().out
    assert digits.x_train.shape[1:] == (28, 28)
    assert (digits.x_train.dtype, digits.y_train.dtype) == (np.uint8, np.int64)
    assert len(digits.x_train) + len(digits.x_test) == 1797
    assert digits.x_train.max() == 255
    assert set(digits.y_test) == set(range(10))


def test_embedded_digits_are_the_same_every_time():
    first, second = data.digits28(), data.digits28()
    np.testing.assert_array_equal(first.x_test, second.x_test)


def test_a_data_folder_goes_before_the_cache_and_the_cache_before_the_embedded_digits(monkeypatch, tmp_path, capsys):
    write_mnist(tmp_path / "cache" / "mnist", 2)
    assert len(data.digits28().x_train) == 2
    assert "from the cache" in capsys.readouterr().out
    write_mnist(tmp_path / "data" / "mnist", 3)
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path / "data"))
    assert len(data.digits28().x_train) == 3
    assert "from WORKBOOK_DATA" in capsys.readouterr().out


def test_grading_uses_embedded_data_only(monkeypatch, tmp_path):
    write_mnist(tmp_path / "mnist")
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path))
    monkeypatch.setenv("WORKBOOK_EMBEDDED", "1")
    assert len(data.digits28(download=True).x_train) == 1437


def test_a_download_that_fails_says_what_to_do(monkeypatch):
    from workbook.vision import torchvision

    def no_network(*args, **kwargs):
        raise OSError("no network")

    monkeypatch.setattr(torchvision.datasets, "MNIST", no_network)
    with pytest.raises(RuntimeError, match="without download for the embedded digits"):
        data.digits28(download=True)


@pytest.mark.skipif(not (SHARED / "mnist").is_dir(), reason="the real MNIST is not beside this checkout")
def test_the_real_mnist_is_read(monkeypatch):
    monkeypatch.setenv("WORKBOOK_DATA", str(SHARED))
    digits = data.digits28()
    assert (len(digits.x_train), len(digits.x_test)) == (60_000, 10_000)


@pytest.mark.parametrize(("train", "validation"), [(1000, 100), (10, 7)])
def test_xor_blobs_are_labelled_by_the_sign_of_their_centres(train, validation):
    X, y, X_val, y_val = data.xor_blobs(train, validation, std=0.05)
    assert (X.shape, y.shape, X_val.shape, y_val.shape) == ((train, 2), (train, 1), (validation, 2), (validation, 1))
    np.testing.assert_array_equal(y[:, 0], (X[:, 0] * X[:, 1] < 0).astype(float))
    assert abs(y.mean() - 0.5) < 0.11


def test_xor_blobs_depend_on_the_seed_alone():
    np.testing.assert_array_equal(data.xor_blobs(seed=3)[0], data.xor_blobs(seed=3)[0])
    assert not np.array_equal(data.xor_blobs(seed=3)[0], data.xor_blobs(seed=4)[0])


@pytest.mark.parametrize("name", ["camera", "coffee", "astronaut", "cat"])
def test_photographs_are_grey_and_in_range(name):
    image = data.photograph(name)
    assert image.ndim == 2
    assert 0 <= image.min() < image.max() <= 1


def test_an_unknown_photograph_is_named():
    with pytest.raises(ValueError, match="no photograph 'dog'"):
        data.photograph("dog")
