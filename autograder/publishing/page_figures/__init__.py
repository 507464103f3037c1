"""Drawings of figures in the pages of a book: kept for them, and put into them, in colours that follow the theme."""
