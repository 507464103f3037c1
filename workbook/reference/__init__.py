"""Right values that the checks of several chapters need."""
