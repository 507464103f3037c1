"""One module for each chapter: the checks behind its visible test cells."""
