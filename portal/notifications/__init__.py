"""News for people: the bell, and mail through an outbox (C9).

Words: notification (a line of the bell), outbox (mails to be sent, with their state), message (a feature's template
that words both). Features call `actions.notify`; the worker sends.
"""
