"""Accounts: signing in and out, sessions on the server, passwords, second factors.

Words: session (a row; the cookie holds its secret), epoch (raising it ends all sessions of a person), factor level,
known device, one-time token. Stands on people; nobody above needs more than "who is signed in".
"""
