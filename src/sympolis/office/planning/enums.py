"""Levels and stages of a plan, how an action stands; what a session goes through, who takes part and what they say."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanKind(models.TextChoices):
    PLAN = "plan", _("Plan")
    LINE = "line", _("Line")
    MEASURE = "measure", _("Measure")


class PlanStage(models.TextChoices):
    """How far the making of a plan is; empty: not stated."""

    DRAFT = "draft", pgettext_lazy("plan", "Draft")
    CONSULTATION = "consultation", pgettext_lazy("plan", "In consultation")
    APPROVED = "approved", pgettext_lazy("plan", "Approved")
    REVISED = "revised", pgettext_lazy("plan", "Being revised")


class ActionStatus(models.TextChoices):
    """How an action stands; empty: not stated."""

    PLANNED = "planned", pgettext_lazy("action", "Planned")
    ONGOING = "ongoing", pgettext_lazy("action", "Ongoing")
    LATE = "late", pgettext_lazy("action", "Late")
    STOPPED = "stopped", pgettext_lazy("action", "Stopped")
    DONE = "done", pgettext_lazy("action", "Done")


NEEDS_A_REASON = (ActionStatus.LATE, ActionStatus.STOPPED)
OPEN = (ActionStatus.PLANNED, ActionStatus.ONGOING, ActionStatus.LATE)


class Phase(models.TextChoices):
    """What is open in a session."""

    PREPARED = "prepared", pgettext_lazy("session", "being prepared")
    CONTRIBUTE = "contribute", pgettext_lazy("session", "open for contributions")
    PRIORITISE = "prioritise", pgettext_lazy("session", "open for dots")
    CLOSED = "closed", pgettext_lazy("session", "closed")


class SessionAudience(models.TextChoices):
    """Who comes into a session. Whoever is invited by mail always does."""

    LINK = "link", pgettext_lazy("session", "Whoever has a link")
    PUBLIC = "public", pgettext_lazy("session", "Everybody: it stands on the plan's page")
    INVITED = "invited", pgettext_lazy("session", "Only who is invited by mail")
    ORGANISATIONS = "organisations", pgettext_lazy("session", "Only who acts for a member organisation")


class ParticipantKind(models.TextChoices):
    """As what somebody was invited: results are counted by it."""

    COUNCIL = "council", _("Council")
    EXPERT = "expert", _("Expert")
    TEAM = "team", _("Technical team")
    PARTNER = "partner", _("Company or institution")
    OTHER = "other", pgettext_lazy("participant", "Other")


def own_numbers(codes: Iterable[str]) -> dict[str, int]:
    """Kind of participant -> number, out of ``council:3`` and the like; what says neither is left out."""
    pairs = (code.partition(":") for code in codes)
    there = {kind: int(number) for kind, _colon, number in pairs if number.isascii() and number.isdigit()}
    return {kind: there[kind] for kind in ParticipantKind.values if kind in there}


class ContributionKind(models.TextChoices):
    NEED = "need", _("Need")
    IDEA = "idea", _("Idea")
    PROPOSAL = "proposal", _("Proposal for synergy")
    OFFER = "offer", pgettext_lazy("contribution", "Offer")


def kinds_for(participant_kind: str) -> tuple[ContributionKind, ...]:
    """What somebody is asked for: companies and institutions also say what they have to give."""
    if participant_kind == ParticipantKind.PARTNER:
        return tuple(ContributionKind)
    return tuple(kind for kind in ContributionKind if kind != ContributionKind.OFFER)


class Outcome(models.TextChoices):
    """What became of a contribution. Nothing written: nobody has decided yet."""

    TAKEN = "taken", pgettext_lazy("contribution", "Taken up")
    PART = "part", pgettext_lazy("contribution", "Taken up in part")
    NOT = "not", pgettext_lazy("contribution", "Not taken up")
