"""Files of samples and kernels are read as they are; what is wrong with another file is said, with its name."""

from __future__ import annotations

import numpy as np
import pytest

from workbook import data


@pytest.fixture
def written(tmp_path):
    def write(array):
        path = tmp_path / "file.npy"
        np.save(path, array)
        return path

    return write


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64, np.int64])
@pytest.mark.parametrize("count", [1, 5])
def test_samples_come_with_their_values(written, dtype, count):
    samples = np.random.default_rng(0).integers(0, 256, (count, 1, 28, 28)).astype(dtype)
    read = data.samples_from_npy(written(samples))
    assert read.dtype == np.float64
    np.testing.assert_array_equal(read, samples)


@pytest.mark.parametrize("shape", [(8, 1, 4, 4), (1, 1, 3, 3), (2, 1, 5, 3)])
def test_kernels_come_with_their_values(written, shape):
    kernels = np.random.default_rng(0).standard_normal(shape)
    np.testing.assert_array_equal(data.kernels_from_npy(str(written(kernels))), kernels)


@pytest.mark.parametrize("shape", [(5, 28, 28), (5, 3, 28, 28), (5, 1, 32, 32), (0, 1, 28, 28), (784,), ()])
def test_samples_of_another_shape_are_refused(written, shape):
    with pytest.raises(ValueError, match=r"file\.npy has shape \(.*\); expected \(N, 1, 28, 28\)"):
        data.samples_from_npy(written(np.zeros(shape)))


@pytest.mark.parametrize("shape", [(8, 4, 4), (8, 3, 4, 4), (8, 1, 4, 0), (4, 4)])
def test_kernels_of_another_shape_are_refused(written, shape):
    with pytest.raises(ValueError, match=r"file\.npy has shape \(.*\); expected \(O, 1, height, width\)"):
        data.kernels_from_npy(written(np.zeros(shape)))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_named_with_their_place(written, value):
    kernels = np.zeros((8, 1, 4, 4))
    kernels[6, 0, 2, 1] = value
    with pytest.raises(ValueError, match=r"holds (nan|inf) at \(6, 0, 2, 1\)"):
        data.kernels_from_npy(written(kernels))


def test_text_in_an_array_is_refused(written):
    with pytest.raises(ValueError, match="holds <U1; expected numbers"):
        data.kernels_from_npy(written(np.full((8, 1, 4, 4), "a")))


def test_what_is_not_an_array_is_refused(tmp_path):
    path = tmp_path / "kernel.npy"
    with pytest.raises(FileNotFoundError, match="no file"):
        data.kernels_from_npy(path)
    for content in (b"", b"no array", b"\x93NUMPY"):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"kernel\.npy cannot be read as an array"):
            data.kernels_from_npy(path)
    with path.open("wb") as file:
        np.savez(file, kernels=np.zeros((8, 1, 4, 4)))
    with pytest.raises(ValueError, match="archive of several arrays"):
        data.kernels_from_npy(path)


def test_objects_are_not_unpickled(tmp_path):
    path = tmp_path / "kernel.npy"
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="cannot be read as an array"):
        data.kernels_from_npy(path)
