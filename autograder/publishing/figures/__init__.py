"""Draw the figures of a chapter in its kernel: for a desk and for a phone, as SVG where they are lines and text."""
