"""One search over everything that a person may see: people, services, requests and whatever a feature adds.

Words: source (one kind of thing that can be found), document (what is found of one thing, and how it is shown), entry
(its row in the index), spelling (a known word and the ways of mistyping it), miss (words that found nothing).
Features register sources in `kinds` and index their things with `actions`, in the transaction that changes them.
Talks down to people only.
"""
