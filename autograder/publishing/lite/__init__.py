"""Chapters that run in a reader's browser: JupyterLite, with Python as Pyodide has it, inside the built book."""
