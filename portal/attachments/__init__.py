"""Files that people upload, and what they hang on.

Words: stored file (bytes on disk with a row), file link (the file hangs on a thing, perhaps on one of its comments or
fields). Who may read a file follows from the things it hangs on, asked through `core.subjects`.
"""
