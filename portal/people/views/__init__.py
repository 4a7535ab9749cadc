"""Pages of people: `feature.py` imports each file, which fills the blueprint of `common.py`."""
