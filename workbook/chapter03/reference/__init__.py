"""Right values of chapter 03's exercises, by PyTorch, and the wrong ones that its checks recognise."""
