"""Teams: some agents of one department under a name, with who leads them; requests are handed to a team (service-levels.md 18).

A *team* belongs to one department until it ends. A *member* is an agent of that department from when until when, and may
*lead*. A team changes nobody's rights: every agent of the department sees and works on all requests of its queue (PE-1).
"""
