"""The networks an organisation belongs to, and what officers are asked of each once a year: is it worth keeping?"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.locales import comma_in
from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.queries import Reader, officers
from sympolis.office.directory.enums import BODY, NETWORK_KINDS, RelationType, Tick
from sympolis.office.directory.models import (
    MembershipAnswer,
    MembershipFee,
    MembershipQuestion,
    Organisation,
    Relation,
)
from sympolis.office.directory.moments import Holds, Moment
from sympolis.office.directory.queries import current_office, visible_fees, visible_relations

logger = logging.getLogger(__name__)

LAST_MONTH_OF_ASKING = 3
"""Mails about the year that ended go out until March; the first page says what is unanswered all the year."""

BELONGING = Q(type=RelationType.MEMBER_OF) | Q(
    type=RelationType.PARTICIPATES_IN, to_organisation__kind__in=NETWORK_KINDS
)
"""Being a member of anything that is no body of something else, or taking part in a network."""


@dataclass(slots=True)
class NetworkMembership:
    """That an organisation belongs to a network: every relation that says so, and the fees known of it."""

    network: Organisation
    relations: list[Relation] = field(default_factory=list)
    fees: list[MembershipFee] = field(default_factory=list)

    @property
    def illustrative(self) -> bool:
        return bool(self.relations) and all(relation.illustrative for relation in self.relations)

    @property
    def confirmed(self) -> bool:
        return not self.relations or any(relation.confirmed for relation in self.relations)

    @property
    def since(self) -> PartialDate:
        """The earliest beginning that is known."""
        begun = [relation.since for relation in self.relations if relation.since]
        return min(begun, key=lambda one: one.latest or date.max, default=PartialDate())

    def holds_on(self, day: date) -> bool:
        """Whether nothing says that it is over; where only fees tell of it nobody knows, and it stands."""
        today = Moment.now(day)
        held = [today.holds(one.since, one.until, one.attested_on) for one in self.relations]
        return not held or any(one is not Holds.NO for one in held)


def memberships_of(user: Reader, organisation: int) -> list[NetworkMembership]:
    """All it belongs or belonged to, or paid for, by name: two questions."""
    found: dict[int, NetworkMembership] = {}
    relations = visible_relations(user).filter(BELONGING, from_organisation=organisation)
    for relation in relations.exclude(to_organisation__kind=BODY).select_related("to_organisation").order_by("pk"):
        network = relation.to_organisation
        found.setdefault(network.pk, NetworkMembership(network)).relations.append(relation)
    fees = visible_fees(user).filter(organisation=organisation).select_related("network")
    for fee in fees.order_by("year", "pk"):
        found.setdefault(fee.network_id, NetworkMembership(fee.network)).fees.append(fee)
    return sorted(found.values(), key=lambda one: (one.network.sort_key, one.network.pk))


def year_asked_about(today: date) -> int:
    """The year that is over."""
    return today.year - 1


def unanswered(organisation: int | None, year: int, today: date) -> QuerySet[Organisation]:
    """Networks it may have belonged to in a year and may still belong to, of which no officer said anything yet."""
    held = Moment(date(year, 1, 1), date(year, 12, 31)).possible(Relation.objects.filter(BELONGING))
    held = held.filter(from_organisation=organisation, illustrative=False).exclude(until_latest__lt=today)
    said = MembershipAnswer.objects.filter(organisation=organisation, year=year)
    return (
        Organisation.objects.filter(pk__in=held.values("to_organisation"))
        .exclude(kind=BODY)
        .exclude(pk__in=said.values("network"))
        .order_by("sort_key")
    )


def unpaid(organisation: int | None, year: int, networks: Iterable[Organisation]) -> list[Organisation]:
    """Those of which no fee of a year is noted, not even that there was none."""
    noted = MembershipFee.objects.filter(organisation=organisation, year=year, illustrative=False)
    known = set(noted.values_list("network", flat=True))
    return [one for one in networks if one.pk not in known]


def say_of_membership(
    user: User, organisation: int, network: int, year: int, *, used: str, keep: str,
    used_by: str = "", why: str = "",
) -> MembershipAnswer:  # fmt: skip
    """Keep what an officer says of a year; said again it takes the place of what the same officer said before."""
    officers_only(user)
    answer, _made = MembershipAnswer.objects.update_or_create(
        organisation_id=organisation,
        network_id=network,
        year=year,
        by=user,
        defaults={"used": Tick(used), "keep": Tick(keep), "used_by": used_by, "why": why},
    )
    return answer


def ask_yearly() -> int:
    """Ask every officer who was not asked yet what the memberships of the last year were worth; how many were asked.

    It is written down before the mail goes, so that two workers can't both ask; where a mail does not go out that is
    taken back, and the next morning tries again.
    """
    office, today = current_office(), timezone.localdate()
    if office is None or today.month > LAST_MONTH_OF_ASKING:
        return 0
    year = year_asked_about(today)
    networks = list(unanswered(office.organisation_id, year, today))
    told = MembershipQuestion.objects.filter(year=year).values("officer")
    if not networks:
        return 0
    open_fees = unpaid(office.organisation_id, year, networks)
    return sum(_ask(officer, year, networks, open_fees) for officer in officers().exclude(pk__in=told))


def _ask(officer: User, year: int, networks: list[Organisation], open_fees: list[Organisation]) -> bool:
    with transaction.atomic():
        question, is_new = MembershipQuestion.objects.get_or_create(officer=officer, year=year)
    if not is_new:
        return False
    try:
        _mail(officer, year, networks, open_fees).send()
    except OSError:
        logger.exception("asking user %s about memberships failed; it is tried again", officer.pk)
        question.delete()
        return False
    return True


def _mail(
    officer: User, year: int, networks: Iterable[Organisation], open_fees: Iterable[Organisation]
) -> EmailMessage:
    language = officer.language
    with override(language):
        names = _names(networks, language)
        fees = comma_in(language).join(_names(open_fees, language))
        subject = ngettext(
            "What was %(n)d membership worth in %(year)s?", "What were %(n)d memberships worth in %(year)s?", len(names)
        ) % {"n": len(names), "year": year}
        lines = [
            _("Three ticks each: was it used, by whom, and shall it be kept?"),
            comma_in(language).join(names),
            fees
            and _("The fee of %(year)s is not noted yet: %(names)s. Write 0 where there was none.")
            % {"year": year, "names": fees},
            settings.SITE_ADDRESS and f"{settings.SITE_ADDRESS.rstrip('/')}{reverse('staff:worth')}",
        ]
        why = _("You are asked once a year. What a colleague has answered need not be answered again.")
        return letter(subject, lines, officer.email, why)


def _names(networks: Iterable[Organisation], language: str) -> list[str]:
    """Each on one line, whatever is written in it."""
    return [" ".join(one.title_text().best(language).text.split()) for one in networks]
