"""What people say about a thing, and who follows it.

Words: comment (public, or internal for the service only), watcher (may read the public part and gets notices). Pages
stand in the feature that owns the thing; what happens here is published as events.
"""
