"""Run a chapter's experiments at full scale with its solutions, and keep the curves for the book.

``WORKBOOK_DATA=… python -m authoring.recording cnn_architectures --seeds 0,1,2`` runs the module of that name in
``experiments`` and writes the JSON that :mod:`workbook.recorded` reads. Without a name the command lists what is
recorded, what is under way and what is missing.
"""
