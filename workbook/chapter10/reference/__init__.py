"""Right values of chapter 10's exercises, and the wrong ones that its checks recognise."""
