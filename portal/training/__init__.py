"""Training and events: topics, sessions with seats and a waiting list, attendance, certificates, what is mandatory.

A *topic* is what is learned; a *session* has one or more *dates*; an *enrolment* covers them all. Every write that competes
for a seat goes through `actions.serving.serve`. What happened is published by `events`; calendars and feeds listen to it.
"""
