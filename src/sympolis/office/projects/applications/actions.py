"""What the office does with applications: keep, move, decide, share out, and make a project of what was granted."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from sympolis.office.core.actions import keep_record, remove_record
from sympolis.office.core.enums import Visibility
from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.actions import Part, keep_project
from sympolis.office.projects.applications.enums import ApplicationStage, Decision, PartnerRole, PartnerState
from sympolis.office.projects.applications.models import Application, ApplicationPartner, ApplicationTask
from sympolis.office.projects.enums import ParticipationRole
from sympolis.office.projects.models import Project


class Moved(Exception):
    """Somebody else moved it meanwhile; ``stage`` is where it is now and ``by`` who did it, where that is known."""

    def __init__(self, stage: ApplicationStage, by: str) -> None:
        super().__init__(stage)
        self.stage, self.by = stage, by


class NotGranted(Exception):
    """A project is made of what was granted alone."""


@transaction.atomic
def keep_application(application: Application) -> Application:
    """Add or change one. It is the office's own: nobody else ever sees it."""
    application.visibility = Visibility.OFFICE
    keep_record(application)
    note_lists(Application, [application])
    return application


def remove_application(application: Application, by: User | None = None) -> None:
    remove_record(application, by)


@transaction.atomic
def move(user: User, application: Application, seen: str, to: ApplicationStage) -> Application:
    """Put it into another column. Raises Moved where it is no longer in the one it was seen in."""
    officers_only(user)
    fresh = Application.objects.select_for_update().get(pk=application.pk)
    if fresh.stage != seen:
        last = fresh.history.select_related("history_user").first()
        raise Moved(ApplicationStage(fresh.stage), str(last.history_user) if last and last.history_user else "")
    if fresh.stage != to:
        fresh.stage = to
        keep_application(fresh)
    return fresh


@transaction.atomic
def decide(user: User, application: Application, decision: Decision, reason: str) -> Application:
    """Go or no go, with the reason, who and when."""
    officers_only(user)
    fresh = Application.objects.select_for_update().get(pk=application.pk)
    fresh.decision, fresh.decision_reason = decision, reason.strip()[:5000]
    fresh.decided_by, fresh.decided_at = user, timezone.now()
    return keep_application(fresh)


def add_task(user: User, application: Application, text: str, owner: User | None, due: date | None) -> ApplicationTask:
    officers_only(user)
    return ApplicationTask.objects.create(application=application, text=text.strip()[:500], owner=owner, due=due)


def set_done(user: User, task: ApplicationTask, is_done: bool) -> None:
    """Done, or to be done after all; who said so first stays."""
    officers_only(user)
    rows = ApplicationTask.objects.filter(pk=task.pk, done_at__isnull=is_done)
    rows.update(done_at=timezone.now() if is_done else None, done_by=user if is_done else None)


def remove_task(user: User, task: ApplicationTask) -> None:
    officers_only(user)
    task.delete()


@transaction.atomic
def add_partner(user: User, application: Application, organisation: Organisation, role: PartnerRole) -> bool:
    """Whether they were not there yet."""
    officers_only(user)
    _row, made = ApplicationPartner.objects.get_or_create(
        application=application, organisation=organisation, defaults={"role": role}
    )
    if made:
        _note(application)
    return made


@transaction.atomic
def change_partner(user: User, partner: ApplicationPartner, role: PartnerRole, state: PartnerState) -> None:
    officers_only(user)
    partner.role, partner.state = role, state
    partner.save(update_fields=["role", "state"])
    _note(partner.application)


@transaction.atomic
def change_partner_state(partner: ApplicationPartner, state: PartnerState) -> None:
    """What is known since of whether they take part, whoever told it."""
    partner.state = state
    partner.save(update_fields=["state"])
    _note(partner.application)


@transaction.atomic
def remove_partner(user: User, partner: ApplicationPartner) -> None:
    officers_only(user)
    application = partner.application
    partner.delete()
    _note(application)


def _note(application: Application) -> None:
    """A version of its own for a change of its partners."""
    fresh = Application.objects.get(pk=application.pk)
    keep_application(fresh)


@transaction.atomic
def make_project(user: User, application: Application) -> Project:
    """The project of what was granted, with those who said yes; the one that is linked already stays.

    Raises NotGranted.
    """
    officers_only(user)
    fresh = Application.objects.select_for_update().get(pk=application.pk)
    if fresh.project is not None:
        return fresh.project
    if fresh.stage != ApplicationStage.GRANTED:
        raise NotGranted
    programme = fresh.programme or (fresh.call.programme if fresh.call else "")
    project = Project(
        title=Text(fresh.title), summary=Text(fresh.summary), programme=programme, budget=fresh.amount,
        currency=fresh.currency, themes=fresh.call.themes if fresh.call else (), visibility=Visibility.OFFICE,
        illustrative=fresh.illustrative,
    )  # fmt: skip
    keep_project(project, _parts(fresh))
    fresh.project = project
    keep_application(fresh)
    return project


def _parts(application: Application) -> list[Part]:
    """Who applied and who said yes, each with its role; one lead alone."""
    parts = {application.organisation_id: Part(application.organisation, application.role)}
    rows = application.partners.filter(state=PartnerState.YES).exclude(role=PartnerRole.ASSOCIATED)
    is_led = application.role == ParticipationRole.LEAD
    for row in rows.select_related("organisation"):
        leads = row.role == PartnerRole.LEAD and not is_led
        is_led = is_led or leads
        role = ParticipationRole.LEAD if leads else ParticipationRole.PARTNER
        parts.setdefault(row.organisation_id, Part(row.organisation, role))
    return list(parts.values())
