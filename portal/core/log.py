"""Log lines: JSON, one per event, without bodies or secrets (SE-64)."""

import structlog


def install() -> None:
    """Write each event as one line of JSON with its UTC time."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    )
