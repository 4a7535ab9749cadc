"""The public window: how each service does, what is being done about it, what is planned (status-page.md, status-api.md).

A *component* is a service that a reader recognises; *incidents* and *maintenance* windows declare statuses for components,
people and checks give each its *baseline*. What readers see, the *effective status*, is derived from these facts and the
clock whenever somebody reads, and stored nowhere. Everything public comes from `queries.public_view(now)`: typed objects
that hold only what everybody may know, from which page, JSON, feeds, badges, calendar, mail and the static copy are made.
It stands above requests, from which incidents can be opened, and below tracking, which shows what touches a shipment.
"""
