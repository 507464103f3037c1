"""Pure functions from notebook to notebook. No kernel, no files."""
