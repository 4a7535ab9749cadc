"""Pages of one's calendar, its feed for calendar programs, and the settings of the feed."""
