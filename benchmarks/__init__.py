"""Measurements: ratios taken in one run, kept next to the code that made them."""
