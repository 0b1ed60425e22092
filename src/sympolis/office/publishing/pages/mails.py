"""The others of the office are told by mail that something waits to be read, each in their own language."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.core.queries import officers
from sympolis.office.core.templatetags.show import plain
from sympolis.office.publishing.pages.actions import Written
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
