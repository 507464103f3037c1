"""Right values of chapter 04's exercises, by PyTorch, and the wrong ones that its checks recognise."""
