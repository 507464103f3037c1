"""The experiments; :mod:`authoring.recording.experiment` says what such a module has."""
