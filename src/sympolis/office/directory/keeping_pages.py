"""Is a member's page still right? When a member last said or wrote something, and asking those who write for it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.mails import letter
from sympolis.office.core.models import Proposal, User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.queries import WRITERS
from sympolis.office.core.tokens import hashed, new_token
from sympolis.office.directory.enums import NETWORK_KINDS, RelationType
from sympolis.office.directory.models import Membership, Office, Organisation, PageQuestion, Person, Relation
from sympolis.office.directory.moments import Moment

logger = logging.getLogger(__name__)

AGAIN = timedelta(days=30)
"""Nobody is asked about the same page twice within this."""

ANSWERED_WITHIN = timedelta(days=90)
"""How long the address in the mail leads anywhere."""

COUNTED = timedelta(days=365)
"""How far back the answers are counted."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for no day at all, so that days can be compared; never shown."""


def with_writers() -> Exists:
    """As a condition: somebody who can sign in writes for it."""
    return Exists(_writers().filter(organisation=OuterRef("pk")))


def written_for(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Those that have one: found by the few who can, and not asked of each of thousands."""
    return organisations.filter(pk__in=_writers().values("organisation"))


def _writers() -> QuerySet[Membership]:
    return Membership.objects.filter(role__in=WRITERS, user__is_active=True)


def networks_looked_after(office: Office | None, moment: Moment) -> QuerySet[Organisation]:
    """The networks whose members the office asks: its own, where it is one, and those it presides or is seat of."""
    if office is None or office.organisation_id is None:
        return Organisation.objects.none()
    duties = (RelationType.HOSTS_SECRETARIAT_OF, RelationType.PRESIDENT_OF)
    held = moment.possible(Relation.objects.filter(from_organisation=office.organisation_id, type__in=duties))
    own = Q(pk=office.organisation_id) | Q(pk__in=held.values("to_organisation"))
    return Organisation.objects.filter(own, kind__in=NETWORK_KINDS).order_by("sort_key")


def members_of(network: Organisation, moment: Moment) -> QuerySet[Organisation]:
    belong = moment.possible(Relation.objects.filter(type=RelationType.MEMBER_OF, to_organisation=network))
    return Organisation.objects.filter(pk__in=belong.values("from_organisation"))


def by_last_word(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """The longest silent first, with ``changed`` and ``confirmed`` by the member itself, ``said`` the later of both,
    ``asked`` the last time, ``has_people`` and ``has_writers``. ``NEVER`` stands where there is none."""
    history = Organisation.history.model._default_manager
    members = Membership.objects.filter(organisation=OuterRef("id"), role__in=WRITERS, user=OuterRef("history_user"))
    changed = history.filter(Exists(members), id=OuterRef("pk")).order_by("-history_date").values("history_date")[:1]
    writers = Membership.objects.filter(organisation=OuterRef(OuterRef("pk")), role__in=WRITERS)
    proposals = Proposal.objects.filter(record=OuterRef("public_id"), by__in=writers.values("user")).order_by("-at")
    proposed = proposals.values("at")[:1]
    questions = PageQuestion.objects.filter(organisation=OuterRef("pk")).order_by().values("organisation")
    found = organisations.annotate(
        edited=Coalesce(Subquery(changed), Value(NEVER)),
        proposed=Coalesce(Subquery(proposed), Value(NEVER)),
        confirmed_at=Coalesce(Subquery(questions.annotate(at=Max("confirmed_at")).values("at")), Value(NEVER)),
        asked=Coalesce(Subquery(questions.annotate(at=Max("asked_at")).values("at")), Value(NEVER)),
        has_people=Exists(Person.objects.filter(organisation=OuterRef("pk"))),
        has_writers=with_writers(),
    )
    found = found.annotate(changed=Greatest("edited", "proposed")).annotate(said=Greatest("changed", "confirmed_at"))
    return found.defer("imported", "folded", "note").order_by("said", "sort_key", "pk")


@dataclass(frozen=True, slots=True)
class Answers:
    """Of the pages asked about within a year: how many there were, were confirmed, were changed, were left alone."""

    asked: int
    confirmed: int
    changed: int

    @property
    def silent(self) -> int:
        return self.asked - self.confirmed - self.changed


def answers(organisations: QuerySet[Organisation], now: datetime) -> Answers:
    """What became of the last question about each page."""
    since_asked = Q(confirmed_at__gte=F("asked"))
    asked = PageQuestion.objects.filter(asked_at__gte=now - COUNTED)
    # Its columns are unknown to the checker.
    pages: Any = by_last_word(organisations.filter(pk__in=asked.values("organisation"))).order_by()
    found = pages.aggregate(
        pages=Count("pk"),
        right=Count("pk", filter=since_asked),
        new=Count("pk", filter=Q(changed__gte=F("asked")) & ~since_asked),
    )
    return Answers(found["pages"], found["right"], found["new"])


def ask_about_pages(user: User, organisations: Iterable[Organisation], site: str) -> tuple[int, int]:
    """Ask those who write for each organisation whether its page is still right: how many pages were asked about, and
    how many mails could not go. A page asked about lately, or that nobody writes for, is passed over."""
    officers_only(user)
    asked = failed = 0
    for organisation in organisations:
        sent, lost = _ask(user, organisation, site)
        asked, failed = asked + bool(sent), failed + lost
    return asked, failed


def _ask(user: User, organisation: Organisation, site: str) -> tuple[int, int]:
    """The questions are kept before the mails go, so that two officers never both send them."""
    now = timezone.now()
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        if organisation.page_questions.filter(asked_at__gt=now - AGAIN).exists():
            return 0, 0
        tokens = {one.user: new_token() for one in _writers().filter(organisation=organisation).select_related("user")}
        for to, token in tokens.items():
            PageQuestion.objects.create(
                organisation=organisation, to=to, token=hashed(token), asked_by=user, asked_at=now
            )
    lost = 0
    for to, token in tokens.items():
        try:
            _mail(organisation, to, token, site).send()
        except OSError:
            logger.exception("asking about %s failed; it can be asked again", organisation.public_id)
            PageQuestion.objects.filter(token=hashed(token)).delete()
            lost += 1
    return len(tokens) - lost, lost


def _mail(organisation: Organisation, to: User, token: str, site: str) -> EmailMessage:
    with override(to.language):
        address = site.rstrip("/")
        name = " ".join(organisation.title_text().best(to.language).text.split())
        body = [
            _("Partners and the public read this page about %(organisation)s: %(page)s")
            % {"organisation": name, "page": address + organisation.get_absolute_url()},
            _("Is it still right? Look at it and say so here, without signing in: %(link)s")
            % {"link": address + reverse("still_right", kwargs={"token": token})},
            _("What is no longer right you can change here: %(link)s")
            % {"link": address + reverse("staff:change", kwargs={"public_id": organisation.public_id})},
        ]
        subject = _("Is the page of %(organisation)s still right?") % {"organisation": name}
        why = _("You get this because you keep the page of %(organisation)s.") % {"organisation": name}
        return letter(subject, body, to.email, why)


def page_question_of(token: str, now: datetime) -> PageQuestion | None:
    """The question an address leads to, as long as it may be answered by somebody who still writes for the page."""
    asked = PageQuestion.objects.filter(token=hashed(token), asked_at__gt=now - ANSWERED_WITHIN)
    writes = _writers().filter(organisation=OuterRef("organisation"), user=OuterRef("to"))
    return asked.filter(Exists(writes)).select_related("organisation").first()


def confirm_page(question: PageQuestion) -> None:
    """The member says that its page is still right, from now on; once."""
    PageQuestion.objects.filter(pk=question.pk, confirmed_at=None).update(confirmed_at=timezone.now())
    question.refresh_from_db(fields=["confirmed_at"])
