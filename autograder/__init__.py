"""A deep-learning workbook with graded notebooks, and the autograder behind it."""

__version__ = "0.1.0"
