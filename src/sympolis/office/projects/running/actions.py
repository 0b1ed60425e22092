"""What is done to a project that runs. Everything is written with who did it, and one deed is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from sympolis.office.core.actions import mark_changed
from sympolis.office.core.models import User
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.actions import Part, keep_project
from sympolis.office.projects.models import Participation, Project
from sympolis.office.projects.queries import changeable_projects
from sympolis.office.projects.running.checks import check
from sympolis.office.projects.running.enums import CostBasis
from sympolis.office.projects.running.incoming_shares import OF_A_SHARE, Coming
from sympolis.office.projects.running.models import (
    BudgetLine,
    Entry,
    LinesBrought,
    PartnerShare,
    Payment,
    Running,
    SharesBrought,
    in_cents,
)
from sympolis.office.projects.running.programmes import Programme, programme


class Outdated(Exception):
    """Somebody else saved the entry, or took it away, since it was read."""


@transaction.atomic
def keep_entry(user: User, entry: Any) -> None:
    """Add or change an entry. Raises PermissionDenied where the project is not this user's to change, Outdated where
    the entry was saved meanwhile, ValidationError where it can't be."""
    _theirs(user, entry)
    if entry.pk:
        _claim(entry)
    check(entry)
    _by(user, entry).save()
    _follow(user, entry)


def _claim(entry: Any) -> None:
    """Its next version is ours. Raises Outdated."""
    same = type(entry)._default_manager.filter(pk=entry.pk, version=entry.version)
    if not same.update(version=F("version") + 1):
        raise Outdated
    entry.version += 1


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


@transaction.atomic
def bring_shares(user: User, project: Project, coming: Sequence[Coming], file_name: str) -> None:
    """Partners with their roles and shares as a file has them, all of them or none; ``take_shares_back`` undoes it.
    Raises Outdated where a share was saved meanwhile, ValidationError where it can't be."""
    if not changeable_projects(user).filter(pk=project.pk).exists():
        raise PermissionDenied
    roles = {one.organisation.pk: one.role for one in project.participations.select_related("organisation")}
    before = [_as_it_was(project, one.organisation, roles.get(one.organisation.pk)) for one in coming]
    _set_roles(user, project, {one.organisation: one.role for one in coming if one.role})
    for line, one in zip(before, coming, strict=True):
        if one.share is not None:
            line["version"] = _keep_share(user, one.share)
        line["role_then"] = one.role or line["role"]
    _check_shares(project)
    if coming:
        SharesBrought.objects.create(project=project, file_name=file_name[:200], by=user, before=before)
    mark_changed([project.public_id])


@transaction.atomic
def take_shares_back(user: User, brought: SharesBrought) -> tuple[int, int]:
    """Make partners what they were before a file: how many are, and how many stay because somebody has changed them
    since. Raises ValidationError where what they were can't be any more."""
    project = brought.project
    if not changeable_projects(user).filter(pk=project.pk).exists():
        raise PermissionDenied
    parts = {one.organisation_id: one for one in project.participations.select_related("organisation")}
    shares = {one.organisation_id: one for one in project.shares.all()}
    roles: dict[Organisation, str | None] = {}
    back = 0
    for line in brought.before:
        part, share = parts.get(line["organisation"]), shares.get(line["organisation"])
        if part is None or _is_changed_since(line, part, share):
            continue
        if line["role"] != line["role_then"]:
            if not user.is_officer:
                continue
            roles[part.organisation] = line["role"]
        if line["version"] and share is not None:
            _share_as_it_was(user, share, line["share"])
        back += 1
    _set_roles(user, project, roles)
    _check_shares(project)
    kept = len(brought.before) - back
    brought.delete()
    mark_changed([project.public_id])
    return back, kept


def _as_it_was(project: Project, house: Organisation, role: str | None) -> dict[str, Any]:
    """A line of what ``take_shares_back`` goes by: the role (None: took no part), the share (None: had none), and the
    version that the share has afterwards (0: the file left it as it was)."""
    share = project.shares.filter(organisation=house).first()
    told = {name: _told(getattr(share, name)) for name in OF_A_SHARE} if share else None
    return {"organisation": house.pk, "role": role, "share": told, "version": 0}


def _is_changed_since(line: Mapping[str, Any], part: Participation, share: PartnerShare | None) -> bool:
    """Whether somebody has changed a partner since a file came in: its role, its share, or given it one."""
    if line["version"]:
        return part.role != line["role_then"] or share is None or share.version != line["version"]
    return part.role != line["role_then"] or (line["role"] is None and share is not None)


def _told(value: Any) -> str | None:
    return None if value is None else str(value)


def _keep_share(user: User, share: PartnerShare) -> int:
    """Without asking whether all shares together can be: others of the same file may come after it."""
    if share.pk:
        _claim(share)
    _by(user, share).save()
    return share.version


def _share_as_it_was(user: User, share: PartnerShare, told: Mapping[str, Any] | None) -> None:
    if told is None:
        _by(user, share).delete()
        return
    for name, value in told.items():
        column: Any = PartnerShare._meta.get_field(name)
        setattr(share, name, column.to_python(value))
    _keep_share(user, share)


def _set_roles(user: User, project: Project, roles: Mapping[Organisation, str | None]) -> None:
    """Add who takes part, change as what, or take away (None); the rest stays. Who takes part is the office's word."""
    if not roles:
        return
    if not user.is_officer:
        raise PermissionDenied
    rows = project.participations.select_related("organisation")
    parts = {one.organisation: Part(one.organisation, one.role, one.money) for one in rows}
    for house, role in roles.items():
        there = parts.pop(house, None)
        if role is not None:
            parts[house] = Part(house, role, there.money if there else None)
    keep_project(_by(user, Project.objects.get(pk=project.pk)), parts.values())


def _check_shares(project: Project) -> None:
    """Each with all others as they are now. Raises ValidationError."""
    for share in project.shares.select_related("project"):
        check(share)


def _theirs(user: User, entry: Entry) -> None:
    if not changeable_projects(user).filter(pk=entry.project_id).exists():  # type: ignore[attr-defined]
        raise PermissionDenied


def _by(user: User, entry: Any) -> Any:
    entry._history_user = user  # the history asks for it
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
