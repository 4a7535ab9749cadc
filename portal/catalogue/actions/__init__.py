"""What can be done in the catalogue: drafts of people who ask, and the editor's work on services, forms and routes."""
