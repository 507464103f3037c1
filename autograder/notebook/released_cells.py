"""The ids of cells that a release adds to an author's, and nobody hands in."""

from __future__ import annotations

PACKAGE_CHECK, COLAB_SETUP = "package-check", "colab-setup"
# Begins the id of a cell that holds only what an exercise is worth.
LABEL = "about-"


def is_added(cell_id: str) -> bool:
    """True for the id of a cell that a release adds."""
    return cell_id in (PACKAGE_CHECK, COLAB_SETUP) or cell_id.startswith(LABEL)
