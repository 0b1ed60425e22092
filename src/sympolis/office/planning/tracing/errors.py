"""What is refused on the way from contributions to lines, each with a sentence that can be acted on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sympolis.office.planning.sessions.errors import SessionRefused


class NotPublished(SessionRefused):
    sentence = _("Publish the session's minutes first: decisions are about what they say.")


class NoReason(SessionRefused):
    sentence = _("Say why it was not taken up: authors and everybody else read it.")


class ReasonTooLong(SessionRefused):
    sentence = _("The reason is longer than 1,000 letters. Say it shorter.")
