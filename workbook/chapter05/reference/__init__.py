"""Right values of chapter 05's exercises, and the wrong ones that its checks recognise."""
