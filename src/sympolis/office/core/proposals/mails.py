"""Who proposed something is told by mail what the office said, in their own language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.mails import letter
from sympolis.office.core.models import Proposal
from sympolis.office.core.templatetags.show import when


def tell_decided(
    proposal: Proposal, fields: Iterable[Any], approved: bool, reason: str, page: Callable[[], str]
) -> bool:
    """One mail about the fields decided at once, named in words; whether there is anybody to tell. ``page`` gives the
    whole address of where to look, in the language of the mail; empty where there is nothing to see.

    Raises OSError where it can't go.
    """
    to = proposal.by
    if to is None or not to.is_active:
        return False
    with override(to.language):
        title = " ".join(proposal.title.split())
        about = {"title": title, "day": when(proposal.at.date())}
        verdict = (
            _("The office approved what you proposed on %(day)s for “%(title)s”:")
            if approved
            else _("The office did not take over what you proposed on %(day)s for “%(title)s”:")
        )
        lines = [verdict % about, "\n".join(f"- {one}" for one in fields)]
        if reason.strip():
            lines.append(_("Why: %(reason)s") % {"reason": reason.strip()})
        if link := page():
            lines.append(_("Look at it here: %(link)s") % {"link": link})
        subject = (
            _("Approved: your changes to %(title)s") if approved else _("Not taken over: your changes to %(title)s")
        )
        mail: EmailMessage = letter(subject % about, lines, to.email, _("You get this because you proposed it."))
    return bool(mail.send())
