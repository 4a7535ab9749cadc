"""The pure form engine: a form version as data, its conditions, its answers, its linter.

Nothing here knows the database or HTTP. A *form* is sections of *fields*; *typed* is the raw text a person entered;
*values* are what it means in the reader's language; a *problem* is a field key with a sentence that says what is right.
"""
