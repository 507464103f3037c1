"""Real photographs that ship inside packages, so that they are there without a network."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbook.data.sources import data_folder, embedded_only

# Files that lie inside the installed packages; scikit-image downloads its other pictures at first use.
SHIPPED = {
    "cat": ("skimage", "data/chelsea.png"),
    "coffee": ("skimage", "data/coffee.png"),
    "motorcycle": ("skimage", "data/motorcycle_left.png"),
    "rocket": ("skimage", "data/rocket.jpg"),
    "cameraman": ("skimage", "data/camera.png"),
    "grace_hopper": ("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"),
    "temple": ("sklearn", "datasets/images/china.jpg"),
    "clock": ("skimage", "data/clock_motion.png"),
    "dahlia": ("sklearn", "datasets/images/flower.jpg"),
    "astronaut": ("skimage", "data/astronaut.png"),
    "coins": ("skimage", "data/coins.png"),
    "bricks": ("skimage", "data/brick.png"),
    "grass": ("skimage", "data/grass.png"),
    "gravel": ("skimage", "data/gravel.png"),
    "galaxies": ("skimage", "data/hubble_deep_field.jpg"),
    "retina": ("skimage", "data/retina.jpg"),
}
_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")


def photographs(folder: str | Path | None = None) -> dict[str, str]:
    """Find sixteen photographs that ship inside packages, and the reader's own, and say which were found.

    Args:
        folder: a folder with photographs of your own; None means ``WORKBOOK_DATA/photographs``, if it exists.

    Returns:
        a path for each name. Those of your own are called after their files.

    Raises:
        ValueError: if ``folder`` is not a folder, or two photographs have one name.
    """
    paths = {name: str(_package_file(*place)) for name, place in SHIPPED.items()}
    own = _own_photographs(folder)
    twice = sorted(paths.keys() & own.keys())
    if twice:
        raise ValueError(f"there is a photograph called {twice[0]!r} already; rename {own[twice[0]]}.")
    added = f", {len(own)} of your own" if own else ""
    print(f"photographs: {len(paths)} that ship in scikit-image, scikit-learn and matplotlib{added}")
    return paths | own


def _package_file(package: str, path: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed; run `pip install -r requirements.txt`.")
    file = Path(spec.origin).parent / path
    if not file.is_file():
        raise FileNotFoundError(f"{file} is missing; install the version of {package} in requirements-student.txt.")
    return file


def _own_photographs(folder: str | Path | None) -> dict[str, str]:
    if embedded_only():
        return {}
    place = data_folder("photographs") if folder is None else Path(folder).expanduser()
    if place is None:
        return {}
    if not place.is_dir():
        raise ValueError(f"{place} is not a folder; give one with files that end in {', '.join(_SUFFIXES)}.")
    files = [file for file in sorted(place.iterdir()) if file.suffix.lower() in _SUFFIXES]
    own = {file.stem: str(file) for file in files}
    if len(own) < len(files):
        raise ValueError(f"two photographs in {place} have one name with different endings; rename one.")
    return own


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
