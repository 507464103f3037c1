"""nbgrader's gradebook: written from results, and what people wrote into it read back."""
