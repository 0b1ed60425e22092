"""Asking a member along: a short mail in its language that a named officer approves, and the answer to it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.enums import Visibility
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import current_office, visible_people
from sympolis.office.projects.queries import visible_needs, visible_projects
from sympolis.office.synergies.enums import InvitationAnswer, InvitationState
from sympolis.office.synergies.models import Brief, Invitation
from sympolis.office.synergies.tasks import send_invitation

# What the offices of a country write in, where neither a person nor the name says more.
_LANGUAGE_OF = {
    **dict.fromkeys(("FR", "MC", "TN", "MA", "DZ", "LB", "MR", "SN", "BE"), "fr"),
    **dict.fromkeys(("ES", "MX", "CO", "AR", "CL", "PE", "UY", "EC", "BO"), "es"),
    **dict.fromkeys(("JO", "PS", "EG", "LY", "SY", "IQ", "SA", "QA", "KW", "AE", "OM", "YE"), "ar"),
    "AD": "ca",
}


def draft_invitation(user: User, brief: Brief, member: Organisation, language: str = "") -> Invitation:
    """The mail as it could be sent, not saved: who, in which language, why them."""
    officers_only(user)
    contact = visible_people(user).filter(organisation=member).exclude(email="").order_by("pk").first()
    language = language or (contact.language if contact else "") or language_of(member)
    with override(language):
        names = [each.title_text().best(language).text for each in (brief.left, brief.right)]
        values = {"left": names[0], "right": names[1], "member": member.title_text().best(language).text}
        return Invitation(
            brief=brief,
            organisation=member,
            language=language,
            to=contact.email if contact else "",
            subject=(_("%(left)s and %(right)s: would you like to join?") % values)[:200],
            body=_body(user, brief, values, _reason(user, brief, member, language), language),
        )


def language_of(member: Organisation) -> str:
    """The language to write to an organisation in, as well as its record tells."""
    if member.name_language in {"ca", "ar"}:
        return member.name_language
    return _LANGUAGE_OF.get(member.country, "en")


def _body(user: User, brief: Brief, values: dict[str, str], reason: str, language: str) -> str:
    office = current_office()
    network = brief.network.title_text().best(language).text if brief.network else ""
    paragraphs = [_("Dear colleagues of %(member)s,") % values]
    if network:
        paragraphs.append(
            _("%(left)s and %(right)s meet to see what they can do together, also for the members of %(network)s.")
            % {**values, "network": network}
        )
    else:
        paragraphs.append(_("%(left)s and %(right)s meet to see what they can do together.") % values)
    if reason:
        paragraphs.append(_("We thought of you because of this: %(reason)s.") % {"reason": reason})
    paragraphs.append(_("Would you like to join? One click is enough: yes, no, or who else should be asked."))
    signature = str(user) if user.get_full_name() else ""
    office_name = office.name.best(language).text if office else ""
    paragraphs.append("\n".join(line for line in (signature, user.post, office_name) if line))
    return "\n\n".join(paragraphs)


def _reason(user: User, brief: Brief, member: Organisation, language: str) -> str:
    """The first thing the brief rests this member on, by its title in the mail's language: of what everybody may see,
    and somebody confirmed."""
    items = [item for item in brief.document["members"] if item.get("record") == member.public_id]
    records = [evidence["record"] for item in items for evidence in item["evidence"]]
    for rows in (visible_projects(user), visible_needs(user)):
        sure = rows.filter(visibility=Visibility.PUBLIC, confirmed=True, illustrative=False)
        found = {row.public_id: row for row in sure.filter(public_id__in=records)}
        if first := next((found[record] for record in records if record in found), None):
            return first.title_text().best(language).text
    return ""


def keep_draft(user: User, invitation: Invitation) -> Invitation:
    """Keep a mail for later: it waits for approval."""
    officers_only(user)
    invitation.state = InvitationState.DRAFT
    invitation.save()
    return invitation


def approve_invitation(user: User, invitation: Invitation, address: str) -> Invitation:
    """A named officer stands for the mail; it is sent by the worker. ``address`` is where this site is reached."""
    officers_only(user)
    invitation.approved_by = user
    invitation.save()
    transaction.on_commit(lambda: send_invitation.enqueue(invitation.pk, address))
    return invitation


def answer_invitation(invitation: Invitation, answer: str, words: str = "") -> Invitation:
    """Yes, no, or who should be asked; a later answer takes the place of an earlier one."""
    invitation.answer = InvitationAnswer(answer)
    invitation.answer_text = words.strip()[:500]
    invitation.answered_at = timezone.now()
    invitation.state = InvitationState.ANSWERED
    invitation.save(update_fields=["answer", "answer_text", "answered_at", "state"])
    return invitation
