"""Everybody's own calendar: what other packages offer as *sources*, drawn as pages, as a secret feed, and sent as invitations.

An *entry* is one date of one person that went, or will go, as an invitation: its UID never changes and its SEQUENCE only
grows. An *item* is what a calendar shows, whoever made it. A *feed* is the address by which calendar programs read the
items of its owner. Times are wall times with their zone; instants follow from them (calendars.md).
"""
