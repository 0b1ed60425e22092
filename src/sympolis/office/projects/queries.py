"""Questions about projects, calls and needs, as far as the reader may see."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Protocol

from django.db.models import DateField, Q, QuerySet
from django.db.models.functions import Cast, Coalesce

from sympolis.engine.model import PartialDate, Stage
from sympolis.office.core.queries import (
    Reader,
    belongs_to,
    changeable_records,
    is_officer,
    kept_by,
    proposable_records,
    visible_records,
    written_by,
)
from sympolis.office.core.tokens import hashed
from sympolis.office.projects.enums import ParticipationRole, WritingState
from sympolis.office.projects.models import Call, HoldsQuestion, Need, Participation, Project, Writing, WritingLink

HOLDS = timedelta(days=365)
"""How long a need is taken to hold after somebody said so."""

ANSWERED_WITHIN = timedelta(days=90)
"""How long the address in the mail that asks whether a need still holds leads anywhere."""


def visible_projects(user: Reader) -> QuerySet[Project]:
    """A project is also seen by the contacts of those who take part in it."""
    parts = Participation.objects.filter(belongs_to(user, "organisation"))
    return visible_records(user, Project.objects.all(), Q(pk__in=parts.values("project")))


class Staged(Protocol):
    """A project, or what is said of one."""

    @property
    def stage(self) -> str: ...

    @property
    def start(self) -> PartialDate: ...

    @property
    def end(self) -> PartialDate: ...


def stage_on(project: Staged, on: date) -> Stage:
    """What a person set, else what the dates say; without dates nobody knows."""
    if project.stage:
        return Stage(project.stage)
    if project.end and project.end.latest and project.end.latest < on:
        return Stage.FINISHED
    if project.start and project.start.earliest:
        if project.start.earliest > on:
            return Stage.PREPARING
        if project.end:
            return Stage.ONGOING
    return Stage.UNKNOWN


def at_stage(projects: QuerySet[Project], stage: Stage, on: date) -> QuerySet[Project]:
    """The projects at a stage: the same answer as ``stage_on``, given by the database."""
    finished = Q(end_latest__lt=on)
    begun = Q(start_earliest__lte=on)
    with_end = Q(end_earliest__isnull=False) | Q(end_latest__isnull=False)
    by_dates = {
        Stage.FINISHED: finished,
        Stage.PREPARING: ~finished & Q(start_earliest__gt=on),
        Stage.ONGOING: ~finished & begun & with_end,
        Stage.UNKNOWN: ~finished & (Q(start_earliest=None) | (begun & ~with_end)),
    }
    said = Q(stage=stage)
    return projects.filter(said | (Q(stage="") & by_dates[stage]) if stage in by_dates else said)


def visible_calls(user: Reader) -> QuerySet[Call]:
    return visible_records(user, Call.objects.all())


def visible_needs(user: Reader) -> QuerySet[Need]:
    return visible_records(user, Need.objects.all(), belongs_to(user, "organisation"))


def changeable_projects(user: Reader) -> QuerySet[Project]:
    """An editor keeps the projects its organisation leads, and those it takes part in that nobody leads."""
    return changeable_records(user, Project.objects.all(), _led_by(kept_by(user, "organisation")))


def proposable_projects(user: Reader) -> QuerySet[Project]:
    """The same, for who writes and the office reads it first."""
    return proposable_records(user, Project.objects.all(), _led_by(written_by(user, "organisation")))


def _led_by(own: Q) -> Q:
    ours = Participation.objects.filter(own)
    led = Participation.objects.filter(role=ParticipationRole.LEAD)
    return Q(pk__in=ours.filter(role=ParticipationRole.LEAD).values("project")) | (
        Q(pk__in=ours.values("project")) & ~Q(pk__in=led.values("project"))
    )


def changeable_calls(user: Reader) -> QuerySet[Call]:
    return changeable_records(user, Call.objects.all())


def proposable_calls(user: Reader) -> QuerySet[Call]:
    """Calls are nobody's: who writes for the office proposes at any."""
    return proposable_records(user, Call.objects.all(), Q(pk__in=[]))


def changeable_needs(user: Reader) -> QuerySet[Need]:
    return changeable_records(user, Need.objects.all(), kept_by(user, "organisation"))


def proposable_needs(user: Reader) -> QuerySet[Need]:
    return proposable_records(user, Need.objects.all(), written_by(user, "organisation"))


def calls_closing(user: Reader, today: date, days: int = 60) -> QuerySet[Call]:
    """Open calls whose last day comes within so many days, the first to close first."""
    last = today + timedelta(days=days)
    return visible_calls(user).filter(closes_latest__range=(today, last)).order_by("closes_latest")


def visible_links(user: Reader) -> QuerySet[WritingLink]:
    """Writing links are the office's own work."""
    return WritingLink.objects.all() if is_officer(user) else WritingLink.objects.none()


def visible_writings(user: Reader) -> QuerySet[Writing]:
    return Writing.objects.all() if is_officer(user) else Writing.objects.none()


def waiting_writings(user: Reader) -> QuerySet[Writing]:
    """What was written through links and nobody of the office has looked at, the oldest first."""
    return visible_writings(user).filter(state=WritingState.WAITING).order_by("pk")


def link_of(token: str) -> WritingLink | None:
    """The link an address leads to, closed or not."""
    return WritingLink.objects.filter(token=hashed(token)).select_related("organisation").first()


def is_open(link: WritingLink, on: date) -> bool:
    """Whether one can still write there: its last day counts."""
    return link.withdrawn_at is None and link.expires_on >= on


def written_through(link: WritingLink) -> QuerySet[Writing]:
    return link.writings.select_related("need")


def stale_needs(needs: QuerySet[Need], on: date) -> QuerySet[Need]:
    """Those of which nobody has said for a year that they hold; examples hold for ever."""
    return needs.filter(illustrative=False).alias(said=last_said()).filter(said__lt=on - HOLDS)


def last_said() -> Coalesce:
    """As a column: when somebody last said that a need holds, by confirming it, on the page it was read on, or by
    entering it."""
    return Coalesce("attested_on", "retrieved_at", Cast("created_at", DateField()))


def question_of(token: str, now: datetime) -> HoldsQuestion | None:
    """The question an address leads to, as long as it may be answered."""
    asked = HoldsQuestion.objects.filter(token=hashed(token), asked_at__gt=now - ANSWERED_WITHIN)
    return asked.select_related("need__organisation").first()
