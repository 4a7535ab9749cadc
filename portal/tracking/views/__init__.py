"""Pages of tracking: for visitors with a code, for staff, and for machines."""
