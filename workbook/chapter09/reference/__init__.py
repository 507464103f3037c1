"""Right values of chapter 09's exercises, and the wrong ones that its checks recognise."""
