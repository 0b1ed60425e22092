"""How those who are signed in are read at every request."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from sympolis.office.core.models import User
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import Reader


class SignIn(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Users come with the organisations they act for: every page asks for both, so one question reads both.

    It says who somebody is and nothing of what they may do: that is said by rules (``permissions`` of each room), and
    nobody is looked up in Django's own tables of permissions, which stay empty.
    """

    def get_user(self, user_id: int) -> User | None:
        rows = _WHO.read(AnonymousUser(), user_id)
        if not rows:
            return None
        user = User.from_db(DEFAULT_DB_ALIAS, _COLUMNS, rows[0][: len(_COLUMNS)])
        if not self.user_can_authenticate(user):
            return None
        user.roles = {house: role for *_, house, role in rows if house is not None}
        return user

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False


_COLUMNS = [column.attname for column in User._meta.concrete_fields]


def _who(_reader: Reader, user_id: int) -> QuerySet[Any, Any]:
    found = User.objects.filter(pk=user_id).order_by("memberships__pk")
    return found.values_list(*_COLUMNS, "memberships__organisation", "memberships__role")


_WHO = Prepared(_who)  # every page of everybody who is signed in asks it
