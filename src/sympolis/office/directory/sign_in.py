"""How those who are signed in are read at every request."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F

from sympolis.office.core.models import User


class SignIn(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Users come with the organisations they act for: every page asks for both, so one question reads both.

    It says who somebody is and nothing of what they may do: that is said by rules (``permissions`` of each room), and
    nobody is looked up in Django's own tables of permissions, which stay empty.
    """

    def get_user(self, user_id: int) -> User | None:
        joined: Any = {"house": F("memberships__organisation"), "role_there": F("memberships__role")}
        found: list[Any] = list(User.objects.filter(pk=user_id).annotate(**joined).order_by("memberships__pk"))
        if not found or not self.user_can_authenticate(found[0]):
            return None
        user: User = found[0]
        user.roles = {one.house: one.role_there for one in found if one.house is not None}
        return user

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False
