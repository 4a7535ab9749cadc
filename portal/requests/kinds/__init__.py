"""Kinds of request: what is special about some services, offered by the feature that owns their outcome."""
