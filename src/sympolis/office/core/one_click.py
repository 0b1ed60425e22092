"""What stops a kind of mail with one click and without signing in: an address that nobody makes without the key."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

from sympolis.office.core.models import User


class OneClick:
    """``salt`` tells kinds of mails apart: what stops one stops no other."""

    def __init__(self, salt: str) -> None:
        self._signer = Signer(sep=".", salt=salt)

    def token(self, user: User) -> str:
        """The same in every mail."""
        return self._signer.sign(str(user.pk))

    def key(self, token: str) -> int | None:
        """The key of whose token it is."""
        try:
            return int(self._signer.unsign(token))
        except BadSignature:
            return None

    def person(self, token: str) -> User | None:
        key = self.key(token)
        return User.objects.filter(pk=key).first() if key is not None else None
