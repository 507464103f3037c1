"""One loader for each data set. Each prints a line that says which source was used.

Sources, in order: the folder named by ``WORKBOOK_DATA``; the cache of an earlier download; a download, only where
the reader asks for it; the embedded default, which needs neither network nor files. With
``WORKBOOK_EMBEDDED=1``, and in grading unless it is 0, only the embedded default is used.
"""

from workbook.data.digits import ImageData, digits28
from workbook.data.digits8 import digits8
from workbook.data.digits_csv import digits_from_csv
from workbook.data.gaze import QUADRANTS, GazeData, gaze
from workbook.data.npy_files import kernels_from_npy, samples_from_npy
from workbook.data.photographs import photograph, photographs
from workbook.data.ten_classes import ColourImages, ten_classes
from workbook.data.xor import xor_blobs

__all__ = [
    "QUADRANTS",
    "ColourImages",
    "GazeData",
    "ImageData",
    "digits8",
    "digits28",
    "digits_from_csv",
    "gaze",
    "kernels_from_npy",
    "photograph",
    "photographs",
    "samples_from_npy",
    "ten_classes",
    "xor_blobs",
]
