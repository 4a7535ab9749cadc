"""The pages of the catalogue: browsing it, and the editor's pages."""
