"""Right values of chapter 12's exercises, and the wrong ones that its checks recognise."""
