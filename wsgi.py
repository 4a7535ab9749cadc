"""The application for servers and for the `flask --app wsgi` commands."""

import gc
import os

from portal.app import create_app
from portal.core import schema

app = create_app()

if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    schema.require(app)

gc.freeze()  # what lives as long as the process is not looked through again with every large answer
