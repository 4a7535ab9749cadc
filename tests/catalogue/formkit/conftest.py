from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.core.language import Languages


@pytest.fixture(scope="session")
def speaking() -> Flask:
    app = Flask(__name__)
    Languages(app, locale_selector=lambda: "es")
    return app


@pytest.fixture
def spanish(speaking: Flask) -> Iterator[None]:
    with speaking.test_request_context(), force_locale("es"):
        yield
