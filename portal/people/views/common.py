"""What the pages of people share."""

from flask import Blueprint

bp = Blueprint("people", __name__)
