"""Right values of chapter 02's exercises, and the wrong ones that its checks recognise."""
