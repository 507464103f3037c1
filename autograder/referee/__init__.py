"""Where a score is decided."""
