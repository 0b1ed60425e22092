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


class SessionOver(NotOpen):
    sentence = _("This session is closed: nobody comes in any more.")


class LinkWithdrawn(SessionRefused):
    sentence = _("Nobody comes in by it any more. Ask whoever gave it to you for another one.")


class DotsClosed(NotOpen):
    sentence = _("Dots are not open in the session now. Those you have placed count.")


class DotsClosedByThePlan(SessionRefused):
    sentence = _("The phases of the plan do not have dots open today. Those you have placed count.")


class ClosedByThePlan(SessionRefused):
    sentence = _("The phases of the plan do not have this open today. What you wrote is still in your box.")


class NothingSaid(SessionRefused):
    sentence = _("Write something first.")


class TooLong(SessionRefused):
    sentence = _("This is longer than 2,000 letters. Say it shorter, or in two contributions.")


class TooMuch(SessionRefused):
    sentence = _("This is more than one person puts into a session. Take something back first.")


class NoDotLeft(SessionRefused):
    sentence = _("You have placed all your dots. Take one back first.")


class NoDotsForKind(NoDotLeft):
    sentence = _("In this session your kind of participant places no dots.")


class PaperClosed(SessionRefused):
    sentence = _("Dots on paper are counted from when dots are open until the minutes are published.")


class NothingCounted(SessionRefused):
    sentence = _("Write how many dots there are beside one group at least.")


class MoreThanTheyHave(SessionRefused):
    """More dots on a sheet than so many people of its kind have."""

    def __init__(self, people: int, each: int, dots: int) -> None:
        said = _(
            "The people are %(people)d and have %(each)d dots each: %(all)d in all. The sheet has %(dots)d. Count it "
            "again, or say how many people placed them."
        )
        self.sentence = said % {"people": people, "each": each, "all": people * each, "dots": dots}
        super().__init__()


class NoPlaceLeft(SessionRefused):
    sentence = _("All places are taken. You can wait for one: who gives theirs up makes room.")


class TooManyAtOnce(SessionRefused):
    sentence = _("Very many came in by this link just now. Try again in an hour, or ask the office.")


class OnlyInvited(SessionRefused):
    sentence = _("Only who is invited by mail comes into this session. Ask the office for an invitation.")


class OnlyForOrganisations(SessionRefused):
    sentence = _("This session is for who acts for a member organisation: sign in first, with the account that does.")


class NoAddress(SessionRefused):
    sentence = _("Write a mail address: you are told there when you get a place.")


class PlaceInUse(SessionRefused):
    sentence = _("The session has begun: what you said stays, and your place is yours.")


class NoBodySaid(SessionRefused):
    sentence = _("Say whom you speak for, or tick that you speak for yourself.")
