"""People and departments: who works here, in which part of the tree, with which roles, and who stands in for whom.

Words: person, department (a unit; with a number it is a window where one can ask), role grant, absence with a delegate.
Talks to nobody above; publishes what happens to people as events.
"""
