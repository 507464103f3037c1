"""The experiments: each module has ``CHAPTER``, ``data(names)`` and ``run(names, seed)``."""
