"""Make what people read: the rendered book."""
