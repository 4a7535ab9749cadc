"""Verbs of people, roles, absences and departments."""

from portal.people.actions.absences import days, end_absence, register_absence
from portal.people.actions.departments import create_department, edit_department
from portal.people.actions.importing import LONGEST_FILE, Plan, import_people, read_people
from portal.people.actions.persons import Stale, create_person, deactivate, edit_person, reactivate
from portal.people.actions.roles import GRANTABLE, IN_A_DEPARTMENT, grant, revoke

__all__ = [
    "GRANTABLE",
    "IN_A_DEPARTMENT",
    "LONGEST_FILE",
    "Plan",
    "Stale",
    "create_department",
    "create_person",
    "days",
    "deactivate",
    "edit_department",
    "edit_person",
    "end_absence",
    "grant",
    "import_people",
    "reactivate",
    "read_people",
    "register_absence",
    "revoke",
]
