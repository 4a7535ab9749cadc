"""What people, checks and the clock do to the public window; each function is one deed in the caller's transaction."""
