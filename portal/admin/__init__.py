"""Administration: pages that compose what other packages own, for administrators."""
