"""The pages of calendars and of service levels."""
