"""The audit trail: one entry per change, written in the transaction of the change, never edited (SE-62, SE-63).

Other packages write it through `actions.record`; refused access is recorded by the edge.
"""
