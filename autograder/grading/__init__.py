"""One submission to one result; many to a batch."""
