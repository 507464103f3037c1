"""Handwritten digits, 8×8: scikit-learn's copy of a UCI data set, which needs neither network nor files."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SPLIT_SEED = 4803
_TRAINING_IMAGES = 500

Images = NDArray[np.float64]
Labels = NDArray[np.int64]


def digits8() -> tuple[Images, Labels, Images, Labels]:
    """Load 500 training and 1297 test images of handwritten digits, and say which source was used.

    The images were made by counting ink in the 4×4 blocks of a 32×32 scan (Alpaydin and Kaynak, 1998).

    Returns:
        ``X_train (500, 8, 8), y_train (500,), X_test (1297, 8, 8), y_test (1297,)``: pixels are whole numbers from
        0 (background) to 16, stored as float64; labels are 0 to 9.
    """
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    bunch = load_digits()
    X_train, X_test, y_train, y_test = train_test_split(
        bunch.images, bunch.target.astype(np.int64), train_size=_TRAINING_IMAGES, random_state=_SPLIT_SEED
    )
    print(f"digits: scikit-learn's 8×8 digits, {len(X_train)} training and {len(X_test)} test images")
    return X_train, y_train, X_test, y_test
