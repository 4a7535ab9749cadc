"""Log lines: JSON, one per event, without bodies or secrets (SE-64)."""

from contextlib import suppress
from typing import Any

import structlog


class PatientLogger(structlog.PrintLogger):
    """Prints each line; a log that cannot be written never fails what is being logged (RE-26)."""

    def msg(self, message: str) -> None:
        """Print one line if that is possible."""
        with suppress(OSError, ValueError):
            super().msg(message)

    log = debug = info = warn = warning = fatal = failure = err = error = critical = exception = msg


def install() -> None:
    """Write each event as one line of JSON with its UTC time."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=_logger,
    )


def _logger(*names: Any) -> PatientLogger:
    return PatientLogger()
