"""Announcements: they reach the people they are meant for, once, and show truthfully who has confirmed (announcements.md).

An *announcement* is *addressed* to an audience; its *access* says who may read it. Its text stands in *versions*; a
*recipient* is one row per person, a *confirmation* is for a version. Composer texts are *drafts* until they are published.
It stands on people, files, the search and the bell, and knows no other process.
"""
