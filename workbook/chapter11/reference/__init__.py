"""Right values of chapter 11's exercises, and the wrong ones that its checks recognise."""
