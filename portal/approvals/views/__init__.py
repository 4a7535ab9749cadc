"""Pages of approvals: the list of what waits, one decision, and what administrators do."""
