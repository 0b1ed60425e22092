"""The demo's example of a newsletter: an issue of the month of the webinar, marked as an example."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from sympolis.engine.model import LANGUAGES
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.publishing.newsletter.drafting import draft_issue
from sympolis.office.publishing.newsletter.enums import IssueState
from sympolis.office.publishing.newsletter.models import Issue

THE_MONTH = date(2020, 4, 1)  # of the news on the webinar with its sixteen urban areas
OPENING = Text.of(
    en="An example of an issue: it drafted itself from what the demo knows of this month, and went to nobody.",
    ca="Un exemple de número: s'ha fet sol amb el que la demostració sap d'aquest mes, i no ha anat a ningú.",
    es="Un ejemplo de número: se ha hecho solo con lo que la demostración sabe de este mes, y no ha ido a nadie.",
    fr="Un exemple de numéro : il s'est fait de ce que la démonstration sait de ce mois, et n'est allé à personne.",
    ar="مثال على عدد: كوّن نفسه مما يعرفه العرض التجريبي عن هذا الشهر، ولم يُرسل إلى أحد.",
)


def keep_example_issue() -> None:
    """Once: an office that removed it keeps it so."""
    officer = User.objects.filter(email="officer@demo.example").first()
    if officer is None or Issue.history.filter(illustrative=True).exists():
        return
    issue = draft_issue(THE_MONTH, officer, LANGUAGES, illustrative=True)
    issue.opening, issue.state, issue.sent_at = OPENING, IssueState.SENT, timezone.now()
    issue.save()
