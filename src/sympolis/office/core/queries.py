"""Who may see what every room keeps alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.module_loading import import_string

from sympolis.office.core.enums import MembershipRole, SiteRole, Visibility
from sympolis.office.core.field_groups import closed_groups, in_part, told, withhold
from sympolis.office.core.models import Document, Record, RetiredId, User

type Reader = User | AnonymousUser

KEEPERS = (MembershipRole.EDITOR, MembershipRole.ADMINISTRATOR)
"""Who changes at once what is the organisation's."""

WRITERS = (MembershipRole.CONTRIBUTOR, *KEEPERS)
"""Who writes for it at all."""


def is_officer(user: Reader) -> bool:
    return isinstance(user, User) and user.is_officer


def officers() -> QuerySet[User]:
    """Those of the office who can sign in: whom its mails go to."""
    return User.objects.filter(is_active=True, role__in=[SiteRole.OFFICER, SiteRole.ADMINISTRATOR]).order_by("pk")


@dataclass(frozen=True, slots=True)
class Standing:
    """For which organisations a user acts and as what, and whether one of them is inside the office's networks."""

    roles: Mapping[int, str]
    is_inside: bool

    def acts_for(self, roles: Iterable[str] | None = None) -> list[int]:
        """The organisations, or those where it is in one of these roles."""
        return [pk for pk, role in self.roles.items() if roles is None or role in roles]


NOBODY = -(2**40)  # stands for the user who asks, to be found again among the values of the SQL
_remembered: ContextVar[dict[int, Standing] | None] = ContextVar("remembered", default=None)


@contextmanager
def standing_remembered() -> Iterator[None]:
    """While one page is made, for whom its reader acts is asked once and not within every question (on an
    organisation's page that took a contact 160 ms, an officer 17)."""
    if _remembered.get() is not None:
        yield
        return
    before = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(before)


def standing_of(user: User) -> Standing:
    """One question; none where it is remembered."""
    known = _remembered.get()
    if known is not None and user.pk in known:
        return known[user.pk]
    sql, values = _question_of_standing(timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(sql, [user.pk if value == NOBODY else value for value in values])
        rows = cursor.fetchall()
    found = Standing({pk: role for pk, role, _ in rows}, any(is_inside for _, _, is_inside in rows))
    if known is not None:
        known[user.pk] = found
    return found


@lru_cache(maxsize=2)
def _question_of_standing(_today: date) -> tuple[str, tuple[Any, ...]]:
    """Put into SQL once a day: Django needs longer for it than the database to answer."""
    nobody = User(pk=NOBODY)
    inside: QuerySet[Any] = import_string(settings.SYMPOLIS_CIRCLE)(nobody)
    held = nobody.memberships.annotate(inside=Exists(inside.filter(pk=OuterRef("pk"))))
    return held.order_by("pk").values_list("organisation", "role", "inside").query.sql_with_params()


def open_visibilities(user: Reader) -> frozenset[str]:
    """What a reader may see because of the record's own visibility, whoever's it is: only here is that decided."""
    if is_officer(user):
        return frozenset(Visibility)
    is_inside = isinstance(user, User) and standing_of(user).is_inside
    return frozenset({Visibility.PUBLIC, Visibility.NETWORK} if is_inside else {Visibility.PUBLIC})


def open_to(user: Reader) -> Q:
    """The same of rows."""
    seen = open_visibilities(user)
    if len(seen) == 1:
        return Q(visibility=Visibility.PUBLIC)
    return Q(visibility__in=[one for one in Visibility if one in seen])


def visible_records[R: Record](user: Reader, records: QuerySet[R], own: Q | None = None) -> QuerySet[R]:
    """The records a reader may see: officers all, others what is open to them and what ``own`` says is theirs.

    Groups of fields that are not open to the reader are taken out of what is not theirs (``field_groups``).
    """
    if is_officer(user):
        return records
    seen = open_to(user)
    if own is not None and user.is_authenticated:
        seen |= own
    found = records.filter(seen)
    return in_part(found, lambda rows: take_out(user, rows, own)) if records.model.FIELD_GROUPS else found


def take_out(user: Reader, records: Iterable[Record], own: Q | None = None) -> None:
    """Empty what this reader may not see of records that were fetched along with others: two questions at most, none
    where no group is narrower than its record."""
    narrow = [one for one in records if any(getattr(one, column) for column in one.FIELD_GROUPS)]
    if not narrow or is_officer(user):
        return
    visibilities = open_visibilities(user)
    theirs: set[int] = set()
    if own is not None and user.is_authenticated:
        of_them = type(narrow[0])._default_manager.filter(own, pk__in=[one.pk for one in narrow])
        theirs = set(of_them.values_list("pk", flat=True))
    for one in narrow:
        if one.pk not in theirs:
            withhold(one, closed_groups(one, visibilities))


def told_to(user: Reader, column: str, group: str, own: Q, path: str = "") -> Any:
    """A column of a group of fields as a reader may see it, where single columns are asked for; ``own`` says of the
    row asked whether it is theirs."""
    if is_officer(user):
        return F(f"{path}{column}")
    is_open = Q(pk__in=[])
    if isinstance(user, User):
        is_open = own
        if standing_of(user).is_inside:
            is_open |= Q(**{f"{path}{group}": Visibility.NETWORK})
    return told(column, group, is_open, path)


def belongs_to(user: Reader, path: str) -> Q:
    """Records whose organisation, reached by ``path``, this user acts for (no join: safe to combine and count).

    An officer sees everything without it, and is not asked about.
    """
    if is_officer(user):
        return Q(pk__in=[])
    return _for_roles(user, path)


def kept_by(user: Reader, path: str) -> Q:
    """Records whose organisation, reached by ``path``, this user may change for it: its editor or administrator."""
    return _for_roles(user, path, KEEPERS)


def written_by(user: Reader, path: str) -> Q:
    """Records whose organisation, reached by ``path``, this user writes for, be it that the office reads it first."""
    return _for_roles(user, path, WRITERS)


def administered_by(user: Reader, path: str) -> Q:
    """Records whose organisation, reached by ``path``, this user administers: who signs in for it is theirs to say."""
    return _for_roles(user, path, (MembershipRole.ADMINISTRATOR,))


def _for_roles(user: Reader, path: str, roles: tuple[MembershipRole, ...] | None = None) -> Q:
    return Q(**{f"{path}__in": standing_of(user).acts_for(roles) if isinstance(user, User) else []})


def changeable_records[R: Record](user: Reader, records: QuerySet[R], own: Q | None = None) -> QuerySet[R]:
    """The records a user may change: officers all, others what ``own`` says is theirs to keep."""
    if is_officer(user):
        return records
    if own is None or not user.is_authenticated:
        return records.none()
    return records.filter(own)


class Counted(Subquery):
    """How many rows another question has, as a column: several counts in one query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _counted)"
    output_field = IntegerField()

    def __init__(self, queryset: QuerySet[Any]) -> None:
        super().__init__(queryset.order_by().values("pk"))


def leads_to(public_id: str) -> str:
    """The id of the record that one was made one with, however often; empty where it was not, or was removed."""
    found = RetiredId.objects.filter(public_id=public_id).values_list("leads_to", flat=True).first()
    return found or ""


def visible_documents(user: Reader) -> QuerySet[Document]:
    """Documents by their own visibility. Who lists them has the record they hang on at hand, seen by this reader."""
    return visible_records(user, Document.objects.all())


def among(seen: QuerySet[Any], path: str) -> Exists | Q:
    """Rows whose record behind the foreign key ``path`` is among those seen.

    Asked row by row through the primary key: ``path__in=seen`` would make the database list all records there are
    before it looks at the first row (measured with 8,500 organisations: 30 ms for a page's 60 relations, now 2).
    Who sees all of them need not be asked about each.
    """
    if not seen.query.where:
        return Q(**{f"{path}__isnull": False})
    return Exists(seen.order_by().filter(pk=OuterRef(path)))
