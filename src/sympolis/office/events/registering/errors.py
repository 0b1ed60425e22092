"""Why somebody is not registered, in a sentence that says what to do."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class RegistrationRefused(Exception):
    sentence: ClassVar[Any]
    status: ClassVar[int] = 409


class NotOpenYet(RegistrationRefused):
    sentence = _("Registration is not open yet.")


class Closed(RegistrationRefused):
    sentence = _("Registration is closed. If you still want to come, write to the office.")


class Full(RegistrationRefused):
    sentence = _("All places are taken.")


class CalledOff(RegistrationRefused):
    sentence = _("The event does not take place.")


class TooLate(RegistrationRefused):
    sentence = _("The event is over: nothing can be changed any more.")


class GivenAlready(RegistrationRefused):
    sentence = _("You have told us already. Thank you.")
