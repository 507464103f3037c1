"""What the notebooks import: a room for each chapter, and the data, figures and tools that several chapters share.

Nothing in this package knows about grading, and no exercise is answered in what students get of it: the checks compare
a student's function with PyTorch, SciPy or a numerical derivative.
"""

from workbook import startup as startup
