"""What is recorded on one machine is found on another."""

import numpy as np

from autograder.testing.answers import dtype_name, key


def test_plain_whole_numbers_have_one_name_whether_they_have_64_bits_or_32():
    assert dtype_name(np.dtype(np.int64), whole=np.int64) == "int64"
    assert dtype_name(np.dtype(np.int32), whole=np.int32) == "int64"
    assert dtype_name(np.dtype(np.int32), whole=np.int64) == "int32"
    assert dtype_name(np.dtype(np.float32)) == "float32"


def test_the_kind_of_a_cases_numbers_is_part_of_its_key():
    keys = {key("kit.reference:f", (np.array([1, 3]).astype(kind),), {}) for kind in (np.intp, np.int8, np.float64)}
    assert len(keys) == 3
