"""What is done to a project that runs. Everything is written with who did it, and one deed is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from sympolis.office.core.actions import mark_changed
from sympolis.office.core.models import User
from sympolis.office.projects.models import Project
from sympolis.office.projects.queries import changeable_projects
from sympolis.office.projects.running.checks import check
from sympolis.office.projects.running.enums import CostBasis
from sympolis.office.projects.running.models import BudgetLine, Entry, LinesBrought, Payment, Running, in_cents
from sympolis.office.projects.running.programmes import Programme, programme


class Outdated(Exception):
    """Somebody else saved the entry, or took it away, since it was read."""


@transaction.atomic
def keep_entry(user: User, entry: Any) -> None:
    """Add or change an entry. Raises PermissionDenied where the project is not this user's to change, Outdated where
    the entry was saved meanwhile, ValidationError where it can't be."""
    _theirs(user, entry)
    if entry.pk:
        same = type(entry)._default_manager.filter(pk=entry.pk, version=entry.version)
        if not same.update(version=F("version") + 1):
            raise Outdated
        entry.version += 1
    check(entry)
    _by(user, entry).save()
    _follow(user, entry)


@transaction.atomic
def remove_entry(user: User, entry: Any) -> None:
    _theirs(user, entry)
    _by(user, entry).delete()
    _follow(user, entry)


@transaction.atomic
def add_lines(user: User, project: Project, lines: Sequence[BudgetLine], file_name: str) -> None:
    """Many lines of a budget at once, all of them or none; ``take_lines_back`` undoes it."""
    if not changeable_projects(user).filter(pk=project.pk).exists():
        raise PermissionDenied
    brought = LinesBrought.objects.create(project=project, file_name=file_name[:200], by=user) if lines else None
    for line in lines:
        line.project, line.brought = project, brought
        _theirs(user, line)
        check(line)
        _by(user, line).save()
    reckon_flat_rates(user, project)
    mark_changed([project.public_id])


@transaction.atomic
def take_lines_back(user: User, brought: LinesBrought) -> tuple[int, int]:
    """Take away the lines that came with a file: how many went, and how many stay because somebody has changed them
    or paid on them since."""
    if not changeable_projects(user).filter(pk=brought.project_id).exists():
        raise PermissionDenied
    project, gone, kept = brought.project, 0, 0
    for line in brought.lines.annotate(is_paid=Exists(Payment.objects.filter(budget_line=OuterRef("pk")))):
        # what a flat rate comes to is reckoned anew whenever others change: that is nobody's work
        if line.is_paid or (line.version > 1 and line.basis != CostBasis.FLAT):
            kept += 1
            continue
        _by(user, line).delete()
        gone += 1
    brought.delete()
    reckon_flat_rates(user, project)
    mark_changed([project.public_id])
    return gone, kept


def _theirs(user: User, entry: Entry) -> None:
    if not changeable_projects(user).filter(pk=entry.project_id).exists():  # type: ignore[attr-defined]
        raise PermissionDenied


def _by(user: User, entry: Entry) -> Any:
    entry._history_user = user  # type: ignore[attr-defined]  # the history asks for it
    return entry


def _follow(user: User, entry: Any) -> None:
    if isinstance(entry, (BudgetLine, Running)):
        reckon_flat_rates(user, entry.project)
    mark_changed([entry.project.public_id])


def reckon_flat_rates(user: User, project: Project) -> None:
    """What flat rates come to, from the planned sums of the same partner. A flat rate of flat rates follows its own
    base, so it is gone round until nothing changes any more; two that lean on each other stop after so many rounds."""
    running = Running.objects.filter(project=project).first()
    rules = programme(running.rules if running else "")
    lines = list(BudgetLine.objects.filter(project=project))
    flat = [line for line in lines if line.basis == CostBasis.FLAT and line.rate is not None]
    changed: set[int] = set()
    for _round in range(len(rules.categories)):
        now = {line.pk for line in flat if _reckon(line, lines, rules)}
        changed |= now
        if not now:
            break
    for line in flat:
        if line.pk in changed:
            line.version += 1
            _by(user, line).save()


def _reckon(line: BudgetLine, lines: Sequence[BudgetLine], rules: Programme) -> bool:
    """Whether what it comes to is other than it was."""
    category = rules.category(line.category)
    of = category.of if category else ()
    base = sum(
        (one.planned for one in lines if one.category in of and one.organisation_id == line.organisation_id), Decimal(0)
    )
    before, line.planned = line.planned, in_cents(base * (line.rate or 0) / 100)
    return bool(before != line.planned)
