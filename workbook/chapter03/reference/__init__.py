"""Right values of chapter 03's exercises, and the wrong ones that its checks recognise."""
