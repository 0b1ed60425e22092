"""Who proposed something is told by mail what the office said, in their own language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.mails import letter
from sympolis.office.core.models import Document, Proposal
from sympolis.office.core.templatetags.show import when


def _page_of(proposal: Proposal) -> str:
    """The id of the record whose page shows what became of it: of a document what it hangs on; empty where it went."""
    if proposal.kind != Document.ID_PREFIX:
        return proposal.record
    return Document.objects.filter(public_id=proposal.record).values_list("record", flat=True).first() or ""


def tell_decided(proposal: Proposal, fields: Iterable[Any], approved: bool, reason: str, site: str) -> bool:
    """One mail about the fields decided at once, named in words; whether there is anybody to tell.

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
        if page := _page_of(proposal):
            path = reverse("staff:change", kwargs={"public_id": page})
            lines.append(_("Look at it here: %(link)s") % {"link": site.rstrip("/") + path})
        subject = (
            _("Approved: your changes to %(title)s") if approved else _("Not taken over: your changes to %(title)s")
        )
        mail: EmailMessage = letter(subject % about, lines, to.email, _("You get this because you proposed it."))
    return bool(mail.send())
