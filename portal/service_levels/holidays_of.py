"""Public holidays of a country and region, from the library, in the languages of the portal (6)."""

from collections.abc import Mapping
from datetime import date

import holidays
from flask import current_app


def countries() -> list[str]:
    """Return the codes of the countries that the library knows."""
    return sorted(code for code in holidays.list_supported_countries() if len(code) == 2)  # noqa: PLR2004  ISO 3166


def regions(country: str) -> list[str]:
    """Return the codes of a country's regions."""
    return sorted(holidays.list_supported_countries().get(country, []))


def holidays_of(country: str, region: str, year: int) -> dict[date, Mapping[str, str]]:
    """Return the public holidays of one year with their names by language; only those that the region keeps."""
    found: dict[date, dict[str, str]] = {}
    supported = holidays.country_holidays(country, subdiv=region or None, years=year).supported_languages
    for language in current_app.config["LANGUAGES"]:
        own = next((one for one in supported if one.split("_")[0] == language), None)
        for day, name in holidays.country_holidays(country, subdiv=region or None, years=year, language=own).items():
            found.setdefault(day, {})[language] = name
    return dict(found)
