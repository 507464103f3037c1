"""Right values of chapter 01's exercises, and the wrong ones that its checks recognise."""
