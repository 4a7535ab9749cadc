"""Ventanilla: an intranet portal that treats colleagues as customers."""
