"""Pages made from results. Nothing here executes or scores."""
