"""Right values of chapter 06's exercises, and the wrong ones that its checks recognise."""
