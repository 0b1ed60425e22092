"""Kinds of the directory. Labels come from the vocabulary of the engine, which is data."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LegalBasis(models.TextChoices):
    """Why somebody's data may be kept: article 6 of the General Data Protection Regulation, as far as offices go."""

    CONSENT = "consent", _("Consent (art. 6.1 a)")
    CONTRACT = "contract", _("Contract (art. 6.1 b)")
    PUBLIC_TASK = "public-task", _("Public task (art. 6.1 e)")
    LEGITIMATE_INTEREST = "legitimate-interest", _("Legitimate interest (art. 6.1 f)")


class Tick(models.TextChoices):
    """What somebody answers who is asked once a year whether a membership is worth it."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSURE = "unsure", _("Not sure")


class MemberKind(models.TextChoices):
    """What side somebody stands for on a council: its members are counted by it."""

    PUBLIC = "public", pgettext_lazy("member of a council", "Public")
    PRIVATE = "private", pgettext_lazy("member of a council", "Private")
    CIVIL_SOCIETY = "civil-society", pgettext_lazy("member of a council", "Civil society")
    EXPERT = "expert", pgettext_lazy("member of a council", "Expert")


class Renewal(models.TextChoices):
    """What becomes of an agreement on its last day."""

    ENDS = "ends", _("It ends, unless the parties renew it")
    AUTOMATIC = "automatic", _("It is renewed automatically, unless notice is given")


class SameVerdict(models.TextChoices):
    """What a person says of two records of the world's data; the codes are the engine's."""

    SAME = "same", _("The same")
    OTHER = "other", _("Not the same")
    UNSURE = "unsure", _("Nobody knows")


class RelationType(models.TextChoices):
    """Types the code itself reasons with; labels for people come from the vocabulary."""

    MEMBER_OF = "member_of"
    SITS_ON = "sits_on"
    PRESIDENT_OF = "president_of"
    PARTNER_OF = "partner_of"
    TWINNED_WITH = "twinned_with"
    PART_OF = "part_of"
    FUNDS = "funds"
    PARTICIPATES_IN = "participates_in"
    HOSTS_SECRETARIAT_OF = "hosts_secretariat_of"
    LOCAL_PARTNER_OF = "local_partner_of"
    OBSERVER_OF = "observer_of"
    VICE_PRESIDENT_OF = "vice_president_of"
    SUCCEEDED_BY = "succeeded_by"


# A relation of these types reads the same from either end.
MUTUAL = frozenset({RelationType.TWINNED_WITH, RelationType.PARTNER_OF})

BODY = "body"
NETWORK_KINDS = frozenset({"city-network", "business-network"})
