"""Measurements: ratios taken in one run, kept beside the code that made them."""
