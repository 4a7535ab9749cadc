"""The application for servers and for the `flask --app wsgi` commands."""

from portal.app import create_app

app = create_app()
