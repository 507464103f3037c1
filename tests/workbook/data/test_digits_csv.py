import gzip

import numpy as np
import pytest

from workbook import data


def lines(images, labels):
    return "".join(
        ",".join(map(str, [label, *image.ravel()])) + "\n" for image, label in zip(images, labels, strict=True)
    )


@pytest.fixture
def digits():
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (3, 28, 28), dtype=np.uint8), np.array([7, 0, 9])


@pytest.mark.parametrize("header", ["", "label," + ",".join(f"{i}x{j}" for i in range(28) for j in range(28)) + "\n"])
def test_a_label_first_file_is_read_with_and_without_header(tmp_path, digits, header):
    path = tmp_path / "mnist.csv"
    path.write_text(header + lines(*digits))
    images, labels = data.digits_from_csv(path)
    np.testing.assert_array_equal(images, digits[0])
    np.testing.assert_array_equal(labels, digits[1])
    assert (images.dtype, labels.dtype) == (np.uint8, np.int64)


def test_a_single_image_in_a_packed_file_is_read(tmp_path, digits):
    path = tmp_path / "mnist.csv.gz"
    path.write_bytes(gzip.compress(lines(digits[0][:1], digits[1][:1]).encode()))
    images, labels = data.digits_from_csv(str(path))
    assert (images.shape, labels.tolist()) == ((1, 28, 28), [7])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no image"),
        ("label,1x1\n", "no image"),
        ("7,1,2\n", "3 numbers a line; expected 785"),
        ("7,1,two\n", "not a table of whole numbers"),
        (",".join(["7"] + ["0"] * 784) + "\n7,1\n", "not a table of whole numbers"),
        (",".join(["7"] + ["256"] * 784) + "\n", "pixel outside 0 to 255"),
        (",".join(["12"] + ["0"] * 784) + "\n", "label outside 0 to 9"),
    ],
)
def test_a_file_of_another_form_is_refused_with_a_reason(tmp_path, text, message):
    path = tmp_path / "mnist.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        data.digits_from_csv(path)


def test_a_missing_file_is_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        data.digits_from_csv(tmp_path / "nowhere.csv")
