"""What tests of knowledge share: the promises of the reports."""

from tests.reports.conftest import ask, help_desk  # noqa: F401 - fixtures
