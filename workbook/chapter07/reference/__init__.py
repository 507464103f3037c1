"""Right values of chapter 07's exercises, and the wrong ones that its checks recognise."""
