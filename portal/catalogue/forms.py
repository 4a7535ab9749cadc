"""What editors type about a service, its audience and its stages."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import BooleanField, Field, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from portal.catalogue.directories import BETWEEN, People
from portal.catalogue.formkit.amounts import Unclear, read_number, write_number
from portal.catalogue.models import Service
from portal.core import language
from portal.core.db import db
from portal.core.forms import LINE, Form
from portal.core.money import Money, digits
from portal.core.text import in_language
from portal.people.models import Department, Person
from portal.people.queries import ROLE_NAMES
from portal.teams.models import Team

LONG = 4_000
KEYWORDS = 300
DEAREST = 10**13
MOST_NEEDED = 20
Words = Mapping[str, str]


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Return pairs of value and words as WTForms takes them."""
    return [SelectChoice(value, words) for value, words in pairs]


def add_words(form: type[Form], name: str, label: str, languages: Mapping[str, str], long: bool = False, hint: str = "") -> None:
    """Give a form one field for each language of a text."""
    kind, most = (TextAreaField, LONG) if long else (StringField, LINE)
    for code, title in languages.items():
        made = kind(f"{label} ({title.lower()})", [Optional(), Length(max=most)], description=hint, render_kw={"lang": code})
        setattr(form, f"{name}_{code}", made)


def words_of(form: Form, name: str, languages: Iterable[str]) -> dict[str, str]:
    """Return a text in the languages that were written."""
    written = {code: (form[f"{name}_{code}"].data or "").strip() for code in languages}
    return {code: text for code, text in written.items() if text}


def spread(name: str, words: Words | None, languages: Iterable[str]) -> dict[str, str]:
    """Return the values of the fields of one text."""
    return {f"{name}_{code}": (words or {}).get(code, "") for code in languages}


class PersonField(StringField):
    """A person, typed as name, address, or "name · department"; `found` is the public id (forms.md 7)."""

    people: People
    found: str | None = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Look the person up; several with one name are told apart by their department."""
        text = (self.data or "").strip()
        found = self.people.find(text) if text else []
        if text and not found:
            raise ValidationError(_("Nobody in the directory is called “%(name)s”.", name=text))
        if len(found) > 1:
            names = ", ".join(f"{each.label}{BETWEEN}{each.help}" for each in found)
            raise ValidationError(_("Several are called like that: write one of %(names)s.", names=names))
        self.found = found[0].value if found else None


class AmountField(StringField):
    """A sum, typed as the reader's language writes it; `minor` is what was meant, in minor units (FO rule 5)."""

    currency = ""
    minor: int | None = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Read the sum; what could be two is asked."""
        text = (self.data or "").strip()
        if not text:
            return
        try:
            number = read_number(text, language.current(), digits(self.currency))
        except Unclear as unclear:
            meant = " / ".join(f"“{each}”" for each in unclear.readings) or f"“{_example(self.currency)}”"
            raise ValidationError(_("Write a sum such as %(example)s.", example=meant)) from None
        self.minor = int(number.scaleb(digits(self.currency)))
        if not 0 <= self.minor <= DEAREST:
            raise ValidationError(_("This sum is too large or too small."))


def sum_text(minor: int | None, currency: str) -> str:
    """Return the text that an `AmountField` reads back as this sum."""
    return "" if minor is None else write_number(Money(minor, currency).major, language.current())


def _example(currency: str) -> str:
    return sum_text(100_050, currency)


class EditorForm(Form):
    """A form that may name people."""

    def looking_in(self, people: People) -> Self:
        """Say in which directory people are found."""
        for field in self:
            if isinstance(field, PersonField):
                field.people = people
        return self

    def person_in(self, name: str) -> Person | None:
        """Return the person whom a field names."""
        field = self[name]
        public_id = field.found if isinstance(field, PersonField) else None
        return db.session.scalar(select(Person).where(Person.public_id == public_id)) if public_id else None


class ServiceBase(EditorForm):
    """What is the same in every language."""

    revision = HiddenField()

    def complete(self, languages: Iterable[str]) -> bool:
        """Say whether everything is right, a name and a summary in some language included."""
        self.validate()
        for name, sentence in (("name", _("Write a name.")), ("summary", _("Say in one sentence what it is."))):
            if not words_of(self, name, languages):
                field: Field = self[f"{name}_{next(iter(languages))}"]
                field.errors = (*field.errors, sentence)
        return not self.errors


def service_form(
    languages: Mapping[str, str], departments: Iterable[Department] = (), teams: Iterable[Team] = ()
) -> type[ServiceBase]:
    """Return the form of a service in the languages of the installation; with departments, for a new one.

    Where the department has teams, one of them may receive the requests.
    """
    form = type("ServiceForm", (ServiceBase,), {})
    offered = list(departments)
    if offered:
        pairs = choices((each.slug, in_language(each.name)) for each in offered)
        form.department = SelectField(_("Department"), choices=pairs)  # type: ignore[attr-defined]
    add_words(form, "name", _("Name"), languages)
    add_words(form, "summary", _("What it is, in one sentence"), languages)
    add_words(form, "for_whom", _("Who it is for"), languages, long=True, hint=_("If it is empty, the audience is shown."))
    add_words(
        form, "prepare", _("What to have ready"), languages, long=True, hint=_("A line that begins with “- ” becomes a point.")
    )
    add_words(form, "not_covered", _("What it does not cover"), languages, long=True)
    contact = PersonField(_("Whom to ask"), [Optional()], description=_("Name or e-mail address."))
    keywords = StringField(
        _("Other words for it"), [Optional(), Length(max=KEYWORDS)], description=_("People who search with these words find it.")
    )
    receiving = choices((team.public_id, in_language(team.name)) for team in teams)
    if receiving:
        label, everybody = _("Which team receives the requests"), _("None: whoever takes it")
        form.team = SelectField(label, choices=[*choices([("", everybody)]), *receiving])  # type: ignore[attr-defined]
    confidential = BooleanField(_("Confidential: heads do not see the requests of their people"))
    trackable = BooleanField(
        _("Its requests may be followed with a code"),
        description=_("Outside too, without an account: only where they stand. Never those of a confidential form."),
    )
    own = (("contact", contact), ("keywords", keywords), ("confidential", confidential), ("trackable", trackable))
    for name, field in own:
        setattr(form, name, field)
    return form


def service_values(service: Service, languages: Iterable[str]) -> dict[str, Any]:
    """Return what the form of a service shows."""
    codes = list(languages)
    values: dict[str, Any] = {"revision": service.revision, "keywords": service.keywords, "confidential": service.confidential}
    values["trackable"] = service.trackable
    values["team"] = service.team.public_id if service.team and service.team.ended_at is None else ""
    for name in ("name", "summary", "for_whom", "prepare", "not_covered"):
        values |= spread(name, getattr(service, name), codes)
    if service.contact:
        values["contact"] = f"{service.contact.name}{BETWEEN}{in_language(service.contact.department.name)}"
    return values


MODES = ("any", "all", "count")
RULES = ("requester_head", "service_head", "manager", "person", "role")


def mode_words() -> dict[str, str]:
    """Return the ways in which the people of a stage decide (AP-2)."""
    return {
        "any": _("One of them decides"),
        "all": _("All of them must agree"),
        "count": _("A number of them must agree"),
    }


def rule_words() -> dict[str, str]:
    """Return the rules that name the people of a stage (AP-4)."""
    return {
        "requester_head": _("Head of the department of who asks"),
        "service_head": _("Head of the department of the service"),
        "manager": _("Manager of who asks"),
        "person": _("A person"),
        "role": _("A role"),
    }


class StageBase(EditorForm):
    """What a stage says beside its name."""

    seen = HiddenField()

    def complete(self) -> bool:
        """Say whether everything is right, and whether who decides is named."""
        self.validate()
        if self["rule"].data == "person" and not self.person_in("person") and not self["person"].errors:
            self["person"].errors = (_("Write who decides."),)
        if self["rule"].data == "role" and not self["role"].data:
            self["role"].errors = (_("Choose the role that decides."),)
        above, up_to = self.minor("above"), self.minor("up_to")
        if above is not None and up_to is not None and above >= up_to:
            self["up_to"].errors = (_("Write a sum above the other one."),)
        return not self.errors

    def minor(self, name: str) -> int | None:
        """Return the sum that a field says, in minor units."""
        field = self._fields.get(name)
        return field.minor if isinstance(field, AmountField) else None


def stage_form(
    languages: Mapping[str, str], departments: Iterable[Department], earlier: Mapping[int, str], currency: str = ""
) -> type[StageBase]:
    """Return the form of a stage of a route; with a currency it may be asked for some amounts only (AP-5)."""
    form = type("StageForm", (StageBase,), {})
    add_words(form, "name", _("Name of the stage"), languages)
    nothing = [("", "–")]
    roles = [*nothing, *((role.value, words) for role, words in ROLE_NAMES.items())]
    places = [("", _("Any")), *((each.slug, in_language(each.name)) for each in departments)]
    only_person, only_role = _("Only for “A person”: name or e-mail address."), _("Only for “A role”.")
    only_number = _("Only for “A number of them must agree”.")
    fields: dict[str, Any] = {
        "rule": SelectField(_("Who decides"), choices=choices(rule_words().items())),
        "person": PersonField(_("Person"), [Optional()], description=only_person),
        "role": SelectField(_("Role"), choices=choices(roles), description=only_role, default=""),
        "department": SelectField(_("In which department"), choices=choices(places), description=only_role, default=""),
        "mode": SelectField(_("How they decide"), choices=choices(mode_words().items())),
        "needed": IntegerField(_("How many"), [Optional(), NumberRange(1, MOST_NEEDED)], description=only_number, default=1),
    }
    if currency:
        kind = type("AmountIn", (AmountField,), {"currency": currency})
        over = _("Exactly this sum does not need the stage. Empty: from the first cent.")
        fields["above"] = kind(_("Only for sums over (%(currency)s)", currency=currency), [Optional()], description=over)
        fields["up_to"] = kind(_("and up to (%(currency)s)", currency=currency), [Optional()])
        taxes = [("", _("with tax")), ("net", _("without tax"))]
        every = _("Holds for all stages of the route.")
        fields["compared"] = SelectField(_("Compared with the sum"), choices=choices(taxes), default="", description=every)
    if earlier:
        stages = ((str(place), words) for place, words in earlier.items())
        fields["different_from"] = SelectField(_("Not who decided in"), choices=choices([*nothing, *stages]), default="")
    for name, field in fields.items():
        setattr(form, name, field)
    return form
