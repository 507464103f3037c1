"""Run a chapter's experiment at full scale with its solutions, and keep the curves for the book.

``WORKBOOK_DATA=… python -m authoring.recording cnn_architectures --seeds 0,1,2`` runs the module of that name in
``experiments`` and writes the JSON that :mod:`workbook.recorded` reads.
"""
