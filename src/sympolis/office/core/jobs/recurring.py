"""Jobs that come round, each fired once however many workers run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from zoneinfo import ZoneInfo

from django.utils import timezone

from sympolis.office.core.jobs.aside import run_aside
from sympolis.office.core.models import RecurringJob

logger = logging.getLogger(__name__)

DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Recurring:
    """``run`` is ``module:function`` without arguments; ``at_hour`` is of the office's own day, for daily jobs.

    One that is ``aside`` runs beside the worker's rounds, in a thread of its own: it waits for others most of its time.
    """

    name: str
    run: str
    every_minutes: int
    at_hour: int | None = None
    aside: bool = False


JOBS = (
    Recurring("refresh-world-data", "sympolis.office.directory.world.refresh:refresh_nightly", DAY, at_hour=2),
    Recurring("backup", "sympolis.office.core.keeping.nightly:back_up", DAY, at_hour=3),
    Recurring("check-backup", "sympolis.office.core.keeping.nightly:check_last_backup", DAY, at_hour=4),
    Recurring("remind", "sympolis.office.synergies.reminders:remind", DAY, at_hour=7),
    Recurring("clean-up", "sympolis.office.core.keeping.nightly:clean_up", DAY, at_hour=5),
    Recurring("ask-what-still-holds", "sympolis.office.projects.holding:ask_nightly", DAY, at_hour=9),
    Recurring("find-doubles", "sympolis.office.directory.doubles:look_nightly", DAY, at_hour=6),
    Recurring("remind-houses", "sympolis.office.synergies.reminders:remind_houses", DAY, at_hour=7),
    Recurring(
        "remind-houses-of-endings", "sympolis.office.directory.reminders:remind_houses_of_endings", DAY, at_hour=7
    ),
    Recurring("remind-of-endings", "sympolis.office.directory.reminders:remind_of_endings", DAY, at_hour=7),
    Recurring("forget-addresses", "sympolis.office.planning.tracing.mails:forget_addresses", DAY, at_hour=5),
    Recurring("ask-about-memberships", "sympolis.office.directory.memberships:ask_yearly", DAY, at_hour=8),
    Recurring("ask-how-far-actions-are", "sympolis.office.planning.reminders:ask_how_far", DAY, at_hour=8),
    Recurring("look-after-registrations", "sympolis.office.events.registering.reminders:look_round", 5),
    Recurring(
        "forget-registrations", "sympolis.office.events.registering.actions:forget_registrations", DAY, at_hour=5
    ),
    Recurring("send-newsletters", "sympolis.office.publishing.newsletter.sending:send_due", 1, aside=True),
    Recurring("publish-news", "sympolis.office.publishing.actions:publish_due", 1),
    Recurring("publish-pages", "sympolis.office.publishing.pages.actions:publish_due_pages", 1),
    Recurring("read-returned-mails", "sympolis.office.publishing.newsletter.returns:read_dropped", 10),
    Recurring(
        "forget-unconfirmed", "sympolis.office.publishing.newsletter.subscribing:forget_unconfirmed", DAY, at_hour=5
    ),
    Recurring("give-free-places", "sympolis.office.planning.sessions.invitations:give_places_everywhere", 60),
    Recurring("tell-what-is-due", "sympolis.office.projects.mornings:tell_daily", DAY, at_hour=7),
    Recurring("tell-of-comments", "sympolis.office.planning.voices.digest:tell_daily", DAY, at_hour=8),
    Recurring("tell-of-calls", "sympolis.office.synergies.watching.digest:tell_daily", DAY, at_hour=7),
)


def plan_jobs(zone: ZoneInfo) -> None:
    """A row for every job there is; rows of jobs that are no more go."""
    RecurringJob.objects.exclude(name__in=[job.name for job in JOBS]).delete()
    for job in JOBS:
        RecurringJob.objects.get_or_create(
            name=job.name,
            defaults={
                "every_minutes": job.every_minutes,
                "at_hour": job.at_hour,
                "next_at": next_time(job, timezone.now(), zone),
            },
        )


def next_time(job: Recurring, now: datetime, zone: ZoneInfo) -> datetime:
    """When a job is due after ``now``: at its hour of the office's day, whatever summer time does, or after its gap."""
    if job.at_hour is None:
        return now + timedelta(minutes=job.every_minutes)
    local = now.astimezone(zone)
    due = local.replace(hour=job.at_hour, minute=0, second=0, microsecond=0)
    return due if due > local else (due + timedelta(days=1))


def run_due_jobs(zone: ZoneInfo) -> int:
    """Run what is due and was not taken by another worker; how many ran."""
    count = 0
    for job in JOBS:
        if _take(job, zone):
            if job.aside:
                run_aside(job.name, partial(_run, job))
            else:
                _run(job)
            count += 1
    return count


def _take(job: Recurring, zone: ZoneInfo) -> bool:
    """Whether it is due and ours: moving its next time on is one statement, so only one worker succeeds."""
    now = timezone.now()
    due = RecurringJob.objects.filter(name=job.name, next_at__lte=now)
    return bool(due.update(next_at=next_time(job, now, zone), last_started_at=now))


def _run(job: Recurring) -> None:
    module, function = job.run.split(":")
    work: Callable[[], None] = getattr(import_module(module), function)
    error = ""
    try:
        work()
    except Exception as failure:
        logger.exception("%s failed", job.name)
        error = f"{type(failure).__name__}: {failure}"[:2000]
    RecurringJob.objects.filter(name=job.name).update(last_ended_at=timezone.now(), last_error=error)
