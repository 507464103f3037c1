"""Right values of chapter 08's exercises, and the wrong ones that its checks recognise."""
