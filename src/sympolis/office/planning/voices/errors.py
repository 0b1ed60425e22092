"""What is refused to who supports, comments or moderates, each with a sentence that can be acted on."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class VoiceRefused(Exception):
    """It can't be done; ``sentence`` says why and what to do, ``status`` is what the web answers."""

    sentence: str | Promise = ""
    status = 409

    def __init__(self) -> None:
        super().__init__(str(self.sentence))


class NotOpen(VoiceRefused):
    sentence = _("This is not open now: look at the phases of the plan.")


class NotInvited(VoiceRefused):
    sentence = _("Only who is invited takes part here. Ask the office to invite you.")
    status = 403


class NothingSaid(VoiceRefused):
    sentence = _("Write something first.")
    status = 422


class NoReason(VoiceRefused):
    sentence = _("Write first why: the author reads it.")
    status = 422


class ObjectionTooLong(VoiceRefused):
    sentence = _("This is longer than 2,000 letters. Say it shorter; nothing of it is lost yet.")
    status = 422


class TooLong(VoiceRefused):
    sentence = _("This is longer than 5,000 letters. Say it shorter, or in two comments; nothing of it is lost yet.")
    status = 422


class TooFast(VoiceRefused):
    sentence = _("That is very many comments in a short time. Wait a little and send it again.")
    status = 429


class NothingChosen(VoiceRefused):
    sentence = _("Say what is wrong with it.")
    status = 422


class TooManyReports(VoiceRefused):
    sentence = _("Those are very many reports in a short time. Try again in an hour.")
    status = 429


class TooLate(VoiceRefused):
    sentence = _("A comment can be changed for 15 minutes. Write an answer to it instead.")


class NoLongerThere(VoiceRefused):
    sentence = _("This comment is no longer there.")
    status = 410


class AppealedBefore(VoiceRefused):
    sentence = _("You have objected once already; the office has decided or will decide on it.")


class SameModerator(VoiceRefused):
    sentence = _("Somebody else answers this: you hid the comment yourself.")
    status = 403


class NothingToDecide(VoiceRefused):
    sentence = _("It was decided already.")
