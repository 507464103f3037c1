"""Grades in the formats that other programs import, one module each. Functions from values to text."""
