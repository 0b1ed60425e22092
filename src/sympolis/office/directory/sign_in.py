"""How those who are signed in are read at every request."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet, Value
from django.utils import timezone

from sympolis.office.core.models import User
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import Reader
from sympolis.office.directory.circle import joined_how
from sympolis.office.directory.models import Membership
from sympolis.office.directory.moments import Moment


class SignIn(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Users come with the organisations they act for and what these are joined to: every page asks for all of it, so
    one question reads it.

    It says who somebody is and nothing of what they may do: that is said by rules (``permissions`` of each room), and
    nobody is looked up in Django's own tables of permissions, which stay empty.
    """

    def get_user(self, user_id: int) -> User | None:
        today = Moment.now(timezone.localdate())
        rows = _WHO.read(AnonymousUser(), user_id, str(today.first), str(today.last))
        who = sorted((row for row in rows if row[_KEY] is not None), key=lambda row: row[-3] or 0)
        if not who:
            return None
        user = User.from_db(DEFAULT_DB_ALIAS, _COLUMNS, who[0][: len(_COLUMNS)])
        if not self.user_can_authenticate(user):
            return None
        user.roles = {house: role for *_, house, role in who if house is not None}
        user.joined = frozenset(tuple(row[-3:]) for row in rows if row[_KEY] is None)
        return user

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False


_COLUMNS = [column.attname for column in User._meta.concrete_fields]
_KEY = _COLUMNS.index("id")


def _who(_reader: Reader, user_id: int, first: str, last: str) -> QuerySet[Any, Any]:
    """A row for each house they act for, or one where there is none, which ends with the keys of membership and house
    and the role; then rows of nobody, which end with what ``joined_how`` says of these houses."""
    found = User.objects.filter(pk=user_id).order_by()
    whose = found.values_list(*_COLUMNS, "memberships", "memberships__organisation", "memberships__role")
    houses = Q(from_organisation__in=Membership.objects.filter(user=user_id).values("organisation"))
    nobody = {f"no_{field.attname}": Value(None, output_field=field) for field in User._meta.concrete_fields}
    joined = (told.annotate(**nobody).values_list(*nobody, *ends) for told, ends in joined_how(houses, first, last))
    return whose.union(*joined, all=True)


_WHO = Prepared(_who)  # every page of everybody who is signed in asks it
