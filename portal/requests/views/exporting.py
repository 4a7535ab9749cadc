"""The file of a queue (permissions.md row 33)."""

from typing import Any

from werkzeug.wrappers import Response

from portal.audit import actions as audit
from portal.core import clock, sheets
from portal.core.db import db, observe
from portal.core.hypermedia import query
from portal.core.policy import authorize, signed_in
from portal.people.models import Person
from portal.people.queries import me
from portal.requests import exporting, policies
from portal.requests.views.blueprint import bp
from portal.requests.views.departments import all_departments, own_queue
from portal.requests.views.saved import read_filters


@bp.get("/requests/queue/export")
@signed_in
def export() -> Response:
    """Give out what the list shows with these filters as CSV, capped; the audit trail tells of it."""
    authorize(policies.may_see_queue(me(), clock.now()))
    departments = all_departments()
    department = own_queue(query("department"), departments)
    filters, _views = read_filters(department, departments)
    table = exporting.table_of(department.id, filters.conditions, "service" in filters.given, me(), clock.now())
    observe(told(me().id, department.id, len(table.rows)))
    return sheets.file_of("csv", department.slug, table.columns, table.rows)


def told(person_id: int, department_id: int, count: int) -> Any:
    """Return what records that somebody has taken requests away as a file (SE-62)."""

    def record() -> None:
        by = db.session.get_one(Person, person_id)
        audit.record(by, "requests.exported", "department", department_id, after={"rows": count})

    return record
