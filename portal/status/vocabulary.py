"""The fixed words of the public window and their order; pure."""

MAJOR = "major_outage"
PARTIAL = "partial_outage"
DEGRADED = "degraded_performance"
MAINTENANCE = "under_maintenance"
OPERATIONAL = "operational"
UNKNOWN = "unknown"
NO_DATA = "no_data"

# The worst first (status-page.md 1).
STATUSES = (MAJOR, PARTIAL, DEGRADED, MAINTENANCE, OPERATIONAL)
SEVERITY = {status: len(STATUSES) - place for place, status in enumerate(STATUSES)} | {UNKNOWN: 0}

INVESTIGATING, IDENTIFIED, MONITORING = "investigating", "identified", "monitoring"
RESOLVED, POSTMORTEM = "resolved", "postmortem"
OPEN_STATES = (INVESTIGATING, IDENTIFIED, MONITORING)

SCHEDULED, IN_PROGRESS, VERIFYING = "scheduled", "in_progress", "verifying"
COMPLETED, CANCELLED = "completed", "cancelled"

# The least first (status-page.md, line 6).
INDICATORS = ("none", "maintenance", "minor", "major", "critical")
RANK = {indicator: place for place, indicator in enumerate(INDICATORS)}
IMPACT = {
    OPERATIONAL: "none",
    MAINTENANCE: "maintenance",
    DEGRADED: "minor",
    PARTIAL: "major",
    MAJOR: "critical",
    UNKNOWN: "none",
}

MANUAL, MONITORED = "manual", "monitored"
