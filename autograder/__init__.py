"""Release, check, grade and publish courses of notebooks."""

__version__ = "0.1.0"
