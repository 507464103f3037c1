"""Right values of chapter 04's exercises, and the wrong ones that its checks recognise."""
