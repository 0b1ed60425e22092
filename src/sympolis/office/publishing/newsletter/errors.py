"""What is refused to who sends a newsletter, each with a sentence that can be acted on."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class LetterRefused(Exception):
    """It can't be done; ``sentence`` says why and what to do."""

    sentence: str | Promise = ""

    def __init__(self) -> None:
        super().__init__(str(self.sentence))


class NotADraft(LetterRefused):
    sentence = _("This issue is scheduled or sent: its words stay as they are. Stop it first, if it has not gone out.")


class NothingInIt(LetterRefused):
    sentence = _("There is nothing in this issue. Put in a block or write opening words first.")


class NoTitle(LetterRefused):
    sentence = _("An issue needs a title in each of its languages: it is the subject of the mail.")


class NotLater(LetterRefused):
    sentence = _("This moment has passed. Choose a later one, or send it now.")


class NobodyThere(LetterRefused):
    sentence = _("Nobody has subscribed yet: there is nobody to send it to.")


class TooLate(LetterRefused):
    sentence = _("It has been sent already.")


class TooLarge(LetterRefused):
    sentence = _("The mail is larger than 100 kB with all its blocks: mail programs cut it off. Take something out.")
