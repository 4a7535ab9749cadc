"""Approvals: who must say yes before work starts, in which order, with a record that stands on its own.

Words: route and its stages (per service), approval of one subject with rounds, stage, seat (who is asked), decision, receipt.
Knows its subjects only through `core.subjects`; tells the outcome by events.
"""
