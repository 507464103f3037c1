"""torchvision for notebooks, whose imports may then be in any order; see :mod:`workbook.startup`."""

import torchvision

__all__ = ["torchvision"]
