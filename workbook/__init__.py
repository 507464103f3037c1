"""What the notebooks import: checks, data, figures, gradient checking and seeds.

Nothing in this package knows about grading, and no exercise is answered in it: the checks compare a
student's function with PyTorch, SciPy or a numerical derivative.
"""
