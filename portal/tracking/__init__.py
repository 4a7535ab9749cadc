"""Tracking by reference: following an order, a shipment or a request with a code, without an account (tracking.md).

Words: a tracked item has checkpoints of several sources and a promise; its state is computed from them. A code opens the
first level, code and second factor the second. Talks to people (who works where), audit, notifications and requests.
"""
