"""Service levels: the calendar of a department and how much of its open time a thing takes.

*Open time* is the time a calendar counts; *due* is the instant at which enough of it has passed. Departments come from
people, below; approvals is a sibling and is handed its calendars by whoever stands above both.
"""
