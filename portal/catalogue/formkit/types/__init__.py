"""The types of field, one class each; other packages register theirs (FO rule 1)."""
