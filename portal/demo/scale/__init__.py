"""Many more requests for measurements, written in bulk; everything else of the demo uses the real actions."""
