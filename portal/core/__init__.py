"""The foundation: everything that knows no business noun.

Edge and transactions (`web`, `db`), who may (`policy`), answers (`hypermedia`, `errors`), input (`forms`), time (`clock`),
news (`events`), things others point at (`subjects`), languages (`language`), timed work (`jobs`), files (`files`).
"""
