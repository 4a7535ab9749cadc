"""How to reach every route: what its address is made of, for a thing of one's own, of somebody else, hidden, unknown.

A route that takes an argument and is not named here fails the test of rights. Routes without arguments need no entry.
"""

from typing import Any

UNKNOWN = "zzzzzzzzzzzz"
Variants = dict[str, dict[str, Any]]


def of(argument: str, group: str, *names: str, **more: str) -> Variants:
    """Return the variants that name things of a group of the world, and one that nobody knows."""
    found: Variants = {name: {argument: (group, name), **more} for name in names}
    return found | {"unknown": {argument: UNKNOWN, **more}}


REQUEST = of("reference", "reference", "own", "open", "theirs")
APPROVAL = of("public_id", "approval", "own")
SERVICE = of("public_id", "service", "laptop", "check")
COMMENT: Variants = {
    "said": {"reference": ("reference", "open"), "comment_id": ("comment", "said")},
    "noted": {"reference": ("reference", "open"), "comment_id": ("comment", "noted")},
    "of another request": {"reference": ("reference", "own"), "comment_id": ("comment", "said")},
}
MISSED = of("reference", "reference", "open", "theirs", missed="fulfilment-20260316T170000")
PERSON = of("public_id", "person", "trainer")
CALENDAR = of("public_id", "calendar", "office")
LEVEL = of("public_id", "level", "first")
PAUSE_REASON: Variants = {"supplier": {"key": "supplier"}, "unknown": {"key": UNKNOWN}}
CALENDAR_DRAFT = of("public_id", "calendar", "office", draft_id=UNKNOWN)
VIEW = of("view_id", "view", "shared", "private")
TOPIC_VIEWS = ("topic", "need", "need_no_more", "require", "exempt", "enter")
TRAINING = of("public_id", "training", "open", "hidden")
TRACKED: Variants = {
    "parcel": {"lang": "es", "code": ("code", "parcel")},
    "unknown": {"lang": "es", "code": "0000-0000-000"},
}
ITEM = of("public_id", "tracked_item", "parcel")
MACHINE_ITEM: Variants = {"parcel": {"kind": "shipment", "reference": "2026-00412"}}
ITEM_LINE = of("public_id", "tracked_item", "parcel", checkpoint_id=UNKNOWN)
ITEM_CODE = of("public_id", "tracked_item", "parcel", code_id=UNKNOWN)
IN_A_LANGUAGE: Variants = {"es": {"lang": "es"}, "unknown": {"lang": "xx"}}
STANDARD = of("public_id", "standard", "it")
REMARK = of("public_id", "standard", "it", number="1", month="2026-02")
ANNOUNCEMENT = of("public_id", "announcement", "open", "confidential")
ANNOUNCEMENT_DRAFT = of("draft_id", "announcement_draft", "draft")
TEAM = of("public_id", "team", "it")
DEPARTMENT: Variants = {"it": {"slug": "it"}, "unknown": {"slug": UNKNOWN}}
FORM: Variants = {
    "laptop": {"department_slug": "it", "service_slug": "laptop"},
    "help": {"department_slug": "it", "service_slug": "help"},
    "check": {"department_slug": "occupational-health", "service_slug": "check"},
    "unknown": {"department_slug": "it", "service_slug": UNKNOWN},
}

BY_ENDPOINT: dict[str, Variants] = {
    "accounts.choose_password": {"unknown": {"token": UNKNOWN}},
    "accounts.end_session": {"unknown": {"handle": UNKNOWN}},
    "accounts.reset": {"unknown": {"token": UNKNOWN}},
    "accounts.end_sessions_of": PERSON,
    "accounts.remove_factor_of": PERSON,
    "announcements.add_files": ANNOUNCEMENT_DRAFT,
    "announcements.compose": ANNOUNCEMENT_DRAFT,
    "announcements.remove": ANNOUNCEMENT_DRAFT,
    "announcements.remove_file": ANNOUNCEMENT_DRAFT,
    "announcements.save": ANNOUNCEMENT_DRAFT,
    "announcements.unsubscribe": {"unknown": {"token": UNKNOWN}},
    "announcements.unsubscription": {"unknown": {"token": UNKNOWN}},
    "approvals.link": {"unknown": {"token": UNKNOWN}},
    "approvals.decide_by_link": {"unknown": {"token": UNKNOWN}},
    "attachments.download": of("public_id", "file", "file", "note_file", "secret_file"),
    "catalogue.department": {"it": {"department_slug": "it"}, "unknown": {"department_slug": UNKNOWN}},
    "catalogue.service": FORM,
    "catalogue_editor.coverage_of_one": SERVICE,
    "catalogue_editor.remove_question": {"laptop": {"public_id": ("service", "laptop"), "key": "subject"}},
    "catalogue_editor.remove_section": {"laptop": {"public_id": ("service", "laptop"), "key": "what"}},
    "catalogue_editor.save_question": {"laptop": {"public_id": ("service", "laptop"), "key": "subject"}},
    "catalogue_editor.save_section": {"laptop": {"public_id": ("service", "laptop"), "key": "what"}},
    "catalogue_editor.remove_stage": {"laptop": {"public_id": ("service", "laptop"), "position": "1"}},
    "catalogue_editor.save_stage": {"laptop": {"public_id": ("service", "laptop"), "position": "1"}},
    "catalogue_editor.return_to": {"laptop": {"public_id": ("service", "laptop"), "number": "1"}},
    "machines.resume": {"unknown": {"public_id": UNKNOWN}},
    "machines.send_again": of("public_id", "outbox", "first"),
    "knowledge.acknowledge": STANDARD,
    "knowledge.create": DEPARTMENT,
    "knowledge.edit": STANDARD,
    "knowledge.edit_remark": REMARK,
    "knowledge.new": DEPARTMENT,
    "knowledge.save": STANDARD,
    "knowledge.save_remark": REMARK,
    "knowledge.withdraw": STANDARD,
    "notifications.read": of("public_id", "notification", "first"),
    "people.department": DEPARTMENT,
    "people.end_absence": of("public_id", "absence", "absence"),
    "service_levels.apply_level": LEVEL,
    "service_levels.level": LEVEL,
    "service_levels.level_effect": LEVEL,
    "service_levels.move_level": LEVEL,
    "service_levels.save_level": LEVEL,
    "service_levels.save_steps": LEVEL,
    "service_levels.steps": LEVEL,
    "service_levels.pause_reason": PAUSE_REASON,
    "service_levels.remove_pause_reason": PAUSE_REASON,
    "service_levels.save_pause_reason": PAUSE_REASON,
    "service_levels.calendar_draft": CALENDAR_DRAFT,
    "service_levels.renew_calendar_draft": CALENDAR_DRAFT,
    "service_levels.save_calendar": CALENDAR_DRAFT,
    "people_admin.admin_department": DEPARTMENT,
    "people_admin.save_department": DEPARTMENT,
    "people_admin.end_absence_of": {
        "trainer": {"public_id": ("person", "trainer"), "absence_id": ("absence", "absence")},
        "of another person": {"public_id": ("person", "colleague"), "absence_id": ("absence", "absence")},
    },
    "people_admin.preview_import": {"unknown": {"file": UNKNOWN}},
    "people_admin.run_import": {"unknown": {"file": UNKNOWN}},
    "people.show": PERSON,
    "reports.download": {"csv": {"kind": "csv"}, "xlsx": {"kind": "xlsx"}},
    "reports.standards": DEPARTMENT,
    "tracking_api.receive": {"unknown": {"name": UNKNOWN}},
    "tracking_staff.confirm_import": {"unknown": {"public_id": UNKNOWN}},
    "tracking_staff.show_import": {"unknown": {"public_id": UNKNOWN}},
    "tracking_staff.correct": ITEM_LINE,
    "tracking_staff.correction": ITEM_LINE,
    "tracking_staff.revoke": ITEM_CODE,
    "tracking.find": {"es": {"lang": "es"}, "unknown": {"lang": UNKNOWN}},
    "tracking.start": {"es": {"lang": "es"}, "unknown": {"lang": UNKNOWN}},
    **{
        f"training.{name}": {
            "open": {"public_id": ("training", "open"), "date_id": ("training", "date")},
            "of another session": {"public_id": ("training", "hidden"), "date_id": ("training", "date")},
        }
        for name in ("move", "cancel_date", "open_check_in", "check_in_screen")
    },
    **{
        f"training.{name}": {
            "open": {"public_id": ("training", "open"), "enrolment_id": ("training", "enrolment")},
            "of another session": {"public_id": ("training", "hidden"), "enrolment_id": ("training", "enrolment")},
        }
        for name in ("remove", "prioritise", "make_up", "revoke")
    },
    **{f"training.{name}": of("public_id", "training", "topic") for name in TOPIC_VIEWS},
    **{
        f"training.{name}": {"topic": {"public_id": ("training", "topic"), "requirement_id": UNKNOWN}}
        for name in ("end_requirement", "reapply")
    },
    "certificates.check": {"unknown": {"code": UNKNOWN}},
    "request_form.new": FORM,
    "request_form.preview": FORM,
    "request_form.send": FORM,
    "request_form.remove": of("public_id", "draft", "draft"),
    "request_form.restore": of("public_id", "draft", "draft"),
    "teams.create": DEPARTMENT,
    "teams.index": DEPARTMENT,
    "teams.new": DEPARTMENT,
    "requests.annul": MISSED,
    "requests.annulment": MISSED,
    "requests.correct": COMMENT,
    "requests.correction": COMMENT,
    "requests.withdraw_comment": COMMENT,
    "requests.view_page": VIEW,
    "requests.change_view": VIEW,
    "requests.remove_view": VIEW,
    "requests.open_with_view": VIEW,
    "requests.remove_watcher": {
        "open": {"reference": ("reference", "open"), "person_id": ("person", "colleague")},
        "theirs": {"reference": ("reference", "theirs"), "person_id": ("person", "colleague")},
    },
    "calendar.entry": of("public_id", "calendar_entry", "of a colleague"),
    "feed.show": {"unknown": {"token": UNKNOWN}},
    "status.incident": of("public_id", "incident", "public", lang="es"),
    "status.maintenance": of("public_id", "maintenance", "public", lang="es"),
    "status.component": of("public_id", "component", "public", lang="es"),
    "status.nowhere": {"unknown": {"lang": "es", "rest": UNKNOWN}},
    "status_inside.correction": of("public_id", "incident", "public", update_id=UNKNOWN),
    "status_inside.correct": of("public_id", "incident", "public", update_id=UNKNOWN),
    "status_inside.maintenance": of("public_id", "maintenance", "public"),
    "status_inside.move": of("public_id", "maintenance", "public"),
    "status_inside.step": of("public_id", "maintenance", "public"),
    "status_inside.component": of("public_id", "component", "public"),
    "status_inside.save_component": of("public_id", "component", "public"),
    "status_inside.remove_component": of("public_id", "component", "public"),
    "status_inside.add_check": of("public_id", "component", "public"),
    "status_inside.remove_check": of("public_id", "component", "public", check_id=UNKNOWN),
    "heartbeats.beat": {"unknown": {"token": UNKNOWN}},
    "status_inside.remove_template": {"unknown": {"public_id": UNKNOWN}},
    "status_news.confirmation": {"unknown": {"lang": "es", "token": UNKNOWN}},
    "status_news.confirm": {"unknown": {"lang": "es", "token": UNKNOWN}},
    "status_news.manage": {"unknown": {"lang": "es", "token": UNKNOWN}},
    "status_news.choose": {"unknown": {"lang": "es", "token": UNKNOWN}},
    "status_news.leaving": {"unknown": {"token": UNKNOWN}},
    "status_news.leave": {"unknown": {"token": UNKNOWN}},
    "status_data.endpoint": {"summary": {"name": "summary.json"}, "unknown": {"name": UNKNOWN}},
    "status_data.refused": {"summary": {"name": "summary.json"}, "unknown": {"name": UNKNOWN}},
    "status_data.nothing": {"unknown": {"rest": UNKNOWN}},
    "status_data.nothing_to_change": {"unknown": {"rest": UNKNOWN}},
    "status_data.page_badge": {"svg": {"kind": "svg"}},
    "status_data.component_badge": {"unknown": {"name": f"{UNKNOWN}.svg"}},
}
BY_BLUEPRINT: dict[str, Variants] = {
    "requests": REQUEST,
    "announcements": ANNOUNCEMENT,
    "approvals": APPROVAL,
    "catalogue_editor": SERVICE,
    "training": TRAINING,
    "people_admin": PERSON,
    "service_levels": CALENDAR,
    "teams": TEAM,
    "tracking": TRACKED,
    "tracking_staff": ITEM,
    "tracking_api": MACHINE_ITEM,
    "status": IN_A_LANGUAGE,
    "status_news": {"es": {"lang": "es"}},
    "status_inside": of("public_id", "incident", "public"),
    "status_data": IN_A_LANGUAGE,
    "status_feeds": IN_A_LANGUAGE,
}


def variants(endpoint: str, arguments: set[str]) -> Variants:
    """Return the variants of a route; raise KeyError for a route with arguments that nobody described."""
    if not arguments:
        return {"": {}}
    return BY_ENDPOINT.get(endpoint) or BY_BLUEPRINT[endpoint.partition(".")[0]]
