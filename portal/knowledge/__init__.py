"""Knowledge: what a department tells its customers to rely on; so far its service standards (knowledge-and-home.md 9).

A *standard* is a sentence such as "Access cards within 2 working days". What it says, and on which service and level it
rests, stands in its *versions*; people of the department *acknowledge* each one. Results are computed by `reports`.
"""
