"""One submission to one result; many to a batch."""

# First of all: it makes the import of nbformat, which the modules here need, a second shorter.
import autograder.notebook as _notebook  # noqa: F401
