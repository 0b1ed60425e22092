"""Who gets an account: people the office invites, nobody else."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth, without open sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
