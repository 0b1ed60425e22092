"""Work that waits for nobody: mails that go out."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.tasks import task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.mails import letter
from sympolis.office.core.tokens import hashed, new_token
from sympolis.office.synergies.enums import InvitationState
from sympolis.office.synergies.models import Invitation


@task
def send_invitation(invitation_pk: int, address: str) -> bool:
    """Send an approved invitation, once however often this runs. The address to answer at is in the mail alone."""
    waiting = Invitation.objects.filter(
        pk=invitation_pk, state=InvitationState.DRAFT, approved_by__isnull=False, sent_at=None
    )
    token = new_token()
    if not waiting.update(sent_at=timezone.now(), token=hashed(token)):
        return False
    invitation = Invitation.objects.select_related("approved_by").get(pk=invitation_pk)
    try:
        _mail(invitation, token, address).send()
    except Exception:
        Invitation.objects.filter(pk=invitation_pk).update(sent_at=None)  # so that the next try may send it
        raise
    Invitation.objects.filter(pk=invitation_pk).update(state=InvitationState.SENT)
    return True


def _mail(invitation: Invitation, token: str, address: str) -> EmailMessage:
    officer = invitation.approved_by
    with override(invitation.language):
        link = address.rstrip("/") + reverse("answer", kwargs={"token": token})
        closing = _("Answer here, without signing in: %(link)s") % {"link": link}
        why = _("You get this because the office invites you and asks for your answer.")
        reply_to = [officer.email] if officer and officer.email else []
        return letter(invitation.subject, [invitation.body, closing], invitation.to, why, reply_to=reply_to)
