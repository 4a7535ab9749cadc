"""Reports: whether promises are kept, composed from what other packages own; this one owns no facts.

A *promise* here is a clock with a target. It counts in the month in which it fell due, and it was *kept* if its clock had
stopped by then. An annulled breach counts neither way and is shown beside (service-levels.md 26, 27).
"""
