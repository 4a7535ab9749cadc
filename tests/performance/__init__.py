"""How much a page may cost, and the command that measures it with much data."""
