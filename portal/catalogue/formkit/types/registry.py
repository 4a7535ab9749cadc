"""The register of field types; a package adds its own from its `feature.py` (FO rule 1)."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.catalogue.formkit.types.base import FieldType
from portal.catalogue.formkit.types.choosing import OneOf, SeveralOf, YesNo
from portal.catalogue.formkit.types.looking_up import DepartmentAnswer, FileAnswer, Heading, PersonAnswer
from portal.catalogue.formkit.types.quantities import MoneyAnswer, Number
from portal.catalogue.formkit.types.repeating import Rows
from portal.catalogue.formkit.types.time import DateAnswer, MomentAnswer, TimeAnswer
from portal.catalogue.formkit.types.writing import LongText, ShortText

_types: dict[str, FieldType] = {}


def register_type(kind: FieldType) -> None:
    """Add a type of field, or replace the one with its key."""
    _types[kind.key] = kind


def known() -> Mapping[str, FieldType]:
    """Return all types in the order in which the editor offers them."""
    return MappingProxyType(_types)


def type_of(key: str) -> FieldType:
    """Return the type with this key; KeyError if no package has registered it."""
    return _types[key]


for _kind in (
    ShortText, LongText, Number, MoneyAnswer, DateAnswer, TimeAnswer, MomentAnswer,
    YesNo, OneOf, SeveralOf, PersonAnswer, DepartmentAnswer, FileAnswer, Heading,
):  # fmt: skip
    register_type(_kind())
register_type(Rows(known()))
