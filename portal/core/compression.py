"""Pages are sent compressed; tokens in them are masked anew each time, so their length tells nothing."""

import gzip

from flask import Flask, request
from werkzeug.wrappers import Response

TYPES = {"text/html", "text/csv", "image/svg+xml", "application/json"}
SMALLEST = 600
LEVEL = 5


def install(app: Flask) -> None:
    """Compress texts for whoever takes them so."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress a text of some length that is not compressed yet."""
    if response.direct_passthrough or response.mimetype not in TYPES or "Content-Encoding" in response.headers:
        return response
    response.headers.add("Vary", "Accept-Encoding")
    if not request.accept_encodings["gzip"] or len(response.get_data()) < SMALLEST:
        return response
    response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
