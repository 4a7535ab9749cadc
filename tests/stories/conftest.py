"""Stories read like the promises of the product; they run in a real browser, with no mocks."""

from tests.stories.office import office

__all__ = ["office"]
