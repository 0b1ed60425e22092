"""What a session refuses, each with a sentence that can be acted on."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class SessionRefused(Exception):
    """It can't be done in this session now; ``sentence`` says why and what to do."""

    sentence: str | Promise = ""

    def __init__(self) -> None:
        super().__init__(str(self.sentence))


class NotOpen(SessionRefused):
    sentence = _("This is not open in the session now. What you wrote is still in your box.")


class NothingSaid(SessionRefused):
    sentence = _("Write something first.")


class TooLong(SessionRefused):
    sentence = _("This is longer than 2,000 letters. Say it shorter, or in two contributions.")


class TooMuch(SessionRefused):
    sentence = _("This is more than one person puts into a session. Take something back first.")


class NoDotLeft(SessionRefused):
    sentence = _("You have placed all your dots. Take one back first.")


class NoPlaceLeft(SessionRefused):
    sentence = _("All places of this link are taken. Ask the office for another one.")


class NoBodySaid(SessionRefused):
    sentence = _("Say whom you speak for, or tick that you speak for yourself.")
