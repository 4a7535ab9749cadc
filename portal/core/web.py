"""The edge: one request is one transaction, committed in this one place (RE-1 to RE-8)."""

import random
import time
from typing import Any

import structlog
from flask import Flask, g, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response

from portal.core import faults, security
from portal.core.db import db, transaction, writing

ATTEMPTS = 3
FIRST_ERROR = 400
log = structlog.get_logger()


class Portal(Flask):
    """A Flask whose requests are transactions, and which refuses views that decided nothing."""

    def dispatch_request(self) -> Any:
        """Run the view; commit when it answers below 400, else roll back; try again when the database was busy.

        What follows in this answer, an error page among it, only reads.
        """
        writing.set(security.is_write())
        try:
            return self._in_transaction()
        finally:
            writing.set(False)
            self._record_observations()

    def _in_transaction(self) -> Response:
        if writing.get():
            _ = request.form  # the body is read before a transaction begins (RE-3)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._run_view()
            except DBAPIError as error:
                db.session.rollback()
                if not faults.is_busy(error):
                    raise
                g.pop("observations", None)
                if attempt == ATTEMPTS:
                    raise ServiceUnavailable(retry_after=5) from error
                time.sleep(random.uniform(0.01, 0.2))  # noqa: S311 - spreads retries, keeps no secret
            except BaseException:
                db.session.rollback()
                raise
        raise AssertionError("the loop returns or raises")

    def _run_view(self) -> Response:
        response: Response = self.make_response(super().dispatch_request())
        if self.testing:
            self._check(response)
        if writing.get() and response.status_code < FIRST_ERROR:
            db.session.commit()
            faults.room_again()
        else:
            db.session.rollback()
        return response

    def _check(self, response: Response) -> None:
        dirty = db.session.new or db.session.dirty or db.session.deleted
        assert writing.get() or not dirty, f"GET {request.path} left the session dirty"  # noqa: S101 - tests only
        decided = g.get("decided") or request.endpoint == "static"
        assert decided, f"{request.endpoint} answered without having decided who may"  # noqa: S101 - tests only

    def _record_observations(self) -> None:
        observations = g.pop("observations", [])
        if not observations:
            return
        try:
            with transaction():
                for record in observations:
                    record()
        except DBAPIError:
            log.warning("observation_lost", path=security.loggable_path())
