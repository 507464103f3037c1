"""Real photographs that ship inside packages, so that they are there without a network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def photograph(name: str = "camera") -> NDArray[np.float64]:
    """A grey photograph from scikit-image's own files, in [0, 1].

    Args:
        name: ``"camera"`` (512×512), ``"coffee"`` (400×600), ``"astronaut"`` (512×512) or ``"cat"`` (300×451).

    Raises:
        ValueError: for another name.
    """
    import skimage.color
    import skimage.data

    known = ("camera", "coffee", "astronaut", "cat")
    if name not in known:
        raise ValueError(f"there is no photograph {name!r}; expected one of {', '.join(known)}.")
    image = getattr(skimage.data, name)()
    grey = skimage.color.rgb2gray(image) if image.ndim == 3 else image / 255.0
    return np.asarray(grey, dtype=np.float64)
