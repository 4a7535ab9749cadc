"""The service catalogue: what each department does for others, how to ask for it, and who may.

Words: service (something a department offers), form version (its questions, never edited once published), audience (who
finds it), draft (what somebody has typed so far). Stands on approvals for the route of a service; requests stand on it.
"""
