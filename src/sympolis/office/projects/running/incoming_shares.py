"""Partners of a project with their roles and shares out of a spreadsheet, and the same as rows to take away.

A partner that is not in the file stays as it is; so does a column that the file has not. A row without any sum names
the partner and its role alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.errors import BadValue, Problem, UnreadableTable
from sympolis.office.core.imports.read import Row, Sheet
from sympolis.office.core.models import User
from sympolis.office.core.queries import is_officer
from sympolis.office.core.texts import folded
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.projects.enums import ParticipationRole
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.checks import beyond_budget, rate_of_share
from sympolis.office.projects.running.incoming_rows import RowReading, columns_of, known_are, names_of, read_rows
from sympolis.office.projects.running.models import PartnerShare
from sympolis.office.projects.running.queries import parts_of, shares_of

COLUMNS = ("id", "partner", "role", "own", "grant", "cofinancing", "currency", "rate", "rate_on")
SUMS = ("own", "grant", "cofinancing")
OF_A_SHARE = (*SUMS, "currency", "rate", "rate_on")
HEADINGS = {
    "id": "id, partner id",
    "partner": "partner, organisation, soci, organització, socio, organización, partenaire, organisation, الشريك",
    "role": "role, rol, papel, rôle, الدور",
    "own": "own, own money, fons propis, fondos propios, fonds propres, أموال خاصة",
    "grant": "grant, subvenció, subvención, subvention, المنحة",
    "cofinancing": (
        "cofinancing, co-financing, co-financing by others, cofinançament, cofinanciación, cofinancement, تمويل مشترك"
    ),
    "currency": "currency, moneda, divisa, devise, monnaie, العملة",
    "rate": "rate, exchange rate, tipus de canvi, tipo de cambio, taux, taux de change, سعر الصرف",
    "rate_on": "rate_on, day of the rate, rate day, dia del canvi, día del cambio, date du taux, تاريخ السعر",
}
MOST_DECIMALS = 8  # of a rate


@dataclass(frozen=True, slots=True)
class Coming:
    """What a row makes of one partner: its share as it would be, and its role where that becomes another. Neither
    None is a row that changes nothing."""

    organisation: Organisation
    share: PartnerShare | None
    role: str | None
    takes_part: bool  # already

    @property
    def is_new(self) -> bool:
        return self.share is not None and self.share.pk is None


@dataclass(slots=True)
class Read:
    """A file as read: what it would change, how many partners stay as they are, and what is wrong with rows."""

    coming: list[Coming] = field(default_factory=list)
    there: int = 0
    problems: list[Problem] = field(default_factory=list)


def rows_of(project: Project) -> Iterator[tuple[object, ...]]:
    """All partners of a project in the columns that ``read_shares`` understands; none that takes part no more."""
    shares = {share.organisation_id: share for share in shares_of(project)}
    yield COLUMNS
    for part in parts_of(project):
        share = shares.get(part.organisation_id)
        sums = [getattr(share, name) if share else "" for name in SUMS]
        currency = (share.currency or project.currency) if share else ""
        rate = share.rate.normalize() if share and share.rate else ""
        day = share.rate_on if share else None
        yield (
            part.organisation.public_id, part.organisation.name, part.role, *sums, currency,
            f"{rate:f}" if rate else "", day.isoformat() if day else "",
        )  # fmt: skip


def read_shares(data: bytes, project: Project, user: User) -> Read:
    """Raises UnreadableTable."""
    sheet = read_rows(data)
    columns = columns_of(sheet, HEADINGS)
    if not {"id", "partner"} & set(columns) or not {"role", *SUMS} & set(columns):
        raise UnreadableTable(
            _("No column says who the partner is, or what its share is."),
            _(
                "Call the columns “Partner” and “Grant”; further ones may be Role, Own money, Co-financing and "
                "Currency."
            ),
        )
    found, known, read = Read(), _Known(project, user), []
    for row in sheet.rows:
        reading = _Reading(sheet, columns, row, known)
        coming = reading.made()
        if coming is not None and not reading.problems:
            known.read[coming.organisation.pk] = coming
        read.append((reading, coming))
    _held_together(known, [(reading, coming) for reading, coming in read if coming])
    for reading, coming in read:
        found.problems += reading.problems
        if coming and (coming.share or coming.role):
            found.coming.append(coming)
        elif coming:
            found.there += 1
    return found


def _held_together(known: _Known, rows: list[tuple[_Reading, Coming]]) -> None:
    """What can't be of all partners as they would be: two that lead, or shares beyond the budget. The latter is said of
    the first row that goes beyond it, those that are not in the file counted first."""
    leading = [key for key, role in known.roles_then().items() if role == ParticipationRole.LEAD]
    for reading, coming in rows:
        if len(leading) > 1 and coming.role == ParticipationRole.LEAD:
            said = _("Only one can lead. Make the others partners.")
            reading.wrong("role", reading.cell("role"), said, "")
    together = known.left_alone()
    for reading, coming in rows:
        if coming.share is None:
            continue
        together += coming.share.in_project.total
        if problems := beyond_budget(known.project, together):
            return reading.refuse(ValidationError(problems))
    return None


class _Known:
    """What stands there already, and what the rows before made of it."""

    def __init__(self, project: Project, user: User) -> None:
        self.project, self.user = project, user
        parts = list(project.participations.select_related("organisation"))
        self.houses = {part.organisation_id: part.organisation for part in parts}
        self.roles = {part.organisation_id: part.role for part in parts}
        self.names = {word: house for house in self.houses.values() for word in names_of(house)}
        self.shares = {share.organisation_id: share for share in project.shares.all()}
        self.read: dict[int, Coming] = {}
        self.role_words = _role_words()

    def called(self, written: str) -> list[Organisation]:
        """Who is meant: a partner already, or those organisations this user sees that are called so, two at most."""
        if found := self.names.get(folded(written)):
            return [found]
        seen = visible_organisations(self.user)
        return list(seen.filter(public_id=written)) or list(seen.filter(name__iexact=written)[:2])

    def roles_then(self) -> dict[int, str]:
        return self.roles | {key: one.role for key, one in self.read.items() if one.role}

    def left_alone(self) -> Decimal:
        """What those shares come to that the file does not change."""
        changed = {key for key, one in self.read.items() if one.share}
        return sum((one.in_project.total for key, one in self.shares.items() if key not in changed), Decimal(0))


def _role_words() -> dict[str, str]:
    words = {role.value: role.value for role in ParticipationRole}
    for code, _name in settings.LANGUAGES:
        with override(code):
            words |= {folded(str(role.label)): role.value for role in ParticipationRole}
    return words


class _Reading(RowReading):
    def __init__(self, sheet: Sheet, columns: Mapping[str, int], row: Row, known: _Known) -> None:
        super().__init__(sheet, columns, row)
        self.known = known

    def made(self) -> Coming | None:
        """None where something is wrong."""
        house = self._house()
        if house is None:
            return None
        role, share = self._role(house), self._share(house)
        return None if self.problems else Coming(house, share, role, house.pk in self.known.roles)

    def _house(self) -> Organisation | None:
        written = [one for one in (self.cell("id"), self.cell("partner")) if one]
        houses = next((found for one in written if (found := self.known.called(one))), [])
        house = houses[0] if len(houses) == 1 else None
        column = "partner" if "partner" in self.columns else "id"
        if house is None:
            self.wrong(column, self.cell(column), *self._nobody(written, houses))
        elif house.pk in self.known.read:
            self.wrong(column, self.cell(column), _("This partner stands in another row already."),
                       _("Keep one of the two."))  # fmt: skip
        else:
            return house
        return None

    def _nobody(self, written: Sequence[str], houses: Sequence[Organisation]) -> tuple[str, str]:
        """What is wrong where no partner is meant, and what to do."""
        if houses:
            return _("Several organisations are called that."), _("Write its id in a column “id”.")
        remedy = _("Write it as the directory does, or add it there first.")
        partners = known_are({one.name: one for one in self.known.houses.values()})
        words = _("No organisation is called that.") if written else _("Write which partner this is.")
        return words, f"{remedy} {partners}".strip()

    def _role(self, house: Organisation) -> str | None:
        """The role that it gets, None where it keeps its own. Who takes part is for the office to change."""
        now = self.known.roles.get(house.pk)
        written = self.cell("role")
        if written and folded(written) not in self.known.role_words:
            words = ", ".join(str(role.label) for role in ParticipationRole)
            self.wrong(
                "role", written, _("This word is not on the list."), _("Known are: %(words)s.") % {"words": words}
            )
            return None
        role = self.known.role_words[folded(written)] if written else now or ParticipationRole.PARTNER.value
        if role == now:
            return None
        if not is_officer(self.known.user):
            words = _("Who takes part, and as what, is changed by the office.")
            self.wrong("role" if written else "partner", written, words, _("Propose it in the project's own form."))
        return role

    def _share(self, house: Organisation) -> PartnerShare | None:
        """The share as it would be; None where the row has no sums, or those that stand there."""
        sums = {name: self.amount(name) for name in SUMS if name in self.columns}
        if all(one is None for one in sums.values()):
            return None
        there = self.known.shares.get(house.pk)
        share = copy(there) if there else PartnerShare(project=self.known.project, organisation=house)
        for name, amount in sums.items():
            setattr(share, name, amount or Decimal(0))
        if "currency" in self.columns:
            share.currency = self.parsed("currency", _currency) or ""
            share.rate, share.rate_on = self.parsed("rate", _rate), self.parsed("rate_on", _day)
        if not self.problems:
            self._checked(share)
        is_same = there is not None and all(getattr(there, name) == getattr(share, name) for name in OF_A_SHARE)
        return None if self.problems or is_same else share

    def _checked(self, share: PartnerShare) -> None:
        if problems := rate_of_share(share):
            return self.refuse(ValidationError(problems))
        share.prepare()
        try:
            share.full_clean(exclude=["project", "organisation", "version"], validate_constraints=False)
        except ValidationError as error:
            self.refuse(error)


def _currency(written: str) -> str:
    code = written.upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise BadValue(_("This is no currency."), _("Write the three letters of the currency: EUR, MAD, TND."))
    return code


def _rate(written: str) -> Decimal:
    """A rate has no thousands: what stands between its digits is the point."""
    try:
        rate = Decimal(written.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or rate != round(rate, MOST_DECIMALS):
        raise BadValue(_("This is no rate."), _("Write it with at most eight digits after the point: 0.0934."))
    return rate


def _day(written: str) -> date:
    found = parsers.partial_date(written)
    try:
        return date.fromisoformat(found)
    except ValueError:
        raise BadValue(_("This is not a day."), _("Write year, month and day: 2019-03-14.")) from None
