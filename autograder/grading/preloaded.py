"""Import what the author's test cells use, once, before worker processes are forked."""

import matplotlib.pyplot
import networkx
import scipy.signal
import scipy.special
import torch

import autograder.workbook.data
import autograder.workbook.plot
import autograder.workbook.student_side
import autograder.workbook.testing

__all__ = ["autograder", "matplotlib", "networkx", "scipy", "torch"]
