"""Home: what waits for this person today, composed from blocks that features register."""
