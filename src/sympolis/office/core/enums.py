"""The few words core itself needs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SiteRole(models.TextChoices):
    """What a user may do on the whole site. A person of a member organisation gets more through a membership."""

    ADMINISTRATOR = "administrator", _("Administrator")
    OFFICER = "officer", _("Officer")
    CONTRIBUTOR = "contributor", _("Contributor")  # reads the same, and proposes for any organisation
    READER = "reader", _("Reader")  # sees what the office sees, and changes nothing of it
    PARTICIPANT = "participant", _("Participant")


OF_THE_OFFICE = frozenset({SiteRole.ADMINISTRATOR, SiteRole.OFFICER})
"""Who does the office's work and speaks for it: what waits is theirs to decide."""


class MembershipRole(models.TextChoices):
    """What a user may do for one organisation; each may also what those before it may."""

    READER = "reader", _("Reader")  # sees what is the organisation's own
    CONTRIBUTOR = "contributor", _("Contributor")  # writes, and the office reads it before it stands anywhere
    EDITOR = "editor", _("Editor")  # changes at once what does not have to wait for the office
    ADMINISTRATOR = "administrator", pgettext_lazy("of an organisation", "Administrator")  # invites its people too


class Visibility(models.TextChoices):
    """Who may see a record, from the widest to the narrowest. Whose it is sees it whatever it says."""

    PUBLIC = "public", _("Everyone")
    NETWORK = "network", _("Members of our networks")
    OFFICE = "office", _("The office only")

    @classmethod
    def narrowest(cls, *said: str) -> Visibility:
        """The one that shows least of several."""
        return max(map(cls, said), key=list(cls).index)


class TagScheme(models.TextChoices):
    """The controlled lists that say what a record is about."""

    THEME = "theme", _("Themes")
    GOAL = "sdg", _("Sustainable development goals")
    TARGET = "target", _("Targets of the goals")


class TagVerdict(models.TextChoices):
    """What a person said of a theme, a goal or a target of a record."""

    CONFIRMED = "confirmed", pgettext_lazy("theme", "Confirmed")
    REMOVED = "removed", pgettext_lazy("theme", "Removed")


class TokenScope(models.TextChoices):
    """What a program with a token may do in its user's name."""

    READ = "read", _("Read")
    WRITE = "write", _("Read and write")


class ProposalState(models.TextChoices):
    """What became of one field of what somebody proposed."""

    WAITING = "waiting", pgettext_lazy("proposal", "Waiting")
    APPROVED = "approved", pgettext_lazy("proposal", "Approved")
    REFUSED = "refused", pgettext_lazy("proposal", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "Withdrawn")


class ChangeKind(models.TextChoices):
    """What the index has to do with a record."""

    PUT = "put"
    REMOVE = "remove"
