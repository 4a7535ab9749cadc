"""Requests: one person asks one department for one service, and everybody concerned sees where it stands.

Words: request, queue (the open requests of a department), assignment (who has it), history (what happened, in words).
Stands on the catalogue, approvals and the shared services; offers `kinds` to the packages above it.
"""
