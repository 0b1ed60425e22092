"""The office is told by mail that something waits to be read, and who wrote it that it came back."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.core.queries import officers
from sympolis.office.core.templatetags.show import plain
from sympolis.office.publishing.pages.actions import Written, who_wrote
from sympolis.office.publishing.pages.queries import content_of


def ask_the_others(record: Written, by: User, site: str) -> int:
    """A mail to every officer but the one who asks; how many. Raises OSError where none can go."""
    count = 0
    for officer in officers().exclude(pk=by.pk):
        with override(officer.language):
            about = {"title": " ".join(plain(content_of(record).title).split()), "who": str(by)}
            link = site.rstrip("/") + reverse("staff:written", kwargs={"public_id": record.public_id})
            lines = [
                _("%(who)s asks for somebody to read “%(title)s” before it is published.") % about,
                _("Look at it here: %(link)s") % {"link": link},
            ]
            why = _("You get this because you work for this office.")
            count += letter(_("To be read: %(title)s") % about, lines, officer.email, why).send()
    return count


def tell_who_wrote(record: Written, by: User, why: str, site: str) -> int:
    """A mail to whoever wrote last at it, unless they send it back themselves; how many. Raises OSError."""
    writer = officers().exclude(pk=by.pk).filter(pk=who_wrote(record) or 0).first()
    if writer is None:
        return 0
    with override(writer.language):
        about = {"title": " ".join(plain(content_of(record).title).split()), "who": str(by), "why": why[:500]}
        link = site.rstrip("/") + reverse("staff:written", kwargs={"public_id": record.public_id})
        lines = [
            _("%(who)s read “%(title)s” and sends it back to you.") % about,
            *([_("What is still to be mended: %(why)s") % about] if why.strip() else []),
            _("Look at it here: %(link)s") % {"link": link},
        ]
        reason = _("You get this because you work for this office.")
        return letter(_("Sent back: %(title)s") % about, lines, writer.email, reason).send()
