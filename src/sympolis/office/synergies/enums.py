"""Words of meetings, promises and briefs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CommitmentStatus(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")
    UNKNOWN = "unknown", _("unknown")


class ReminderKind(models.TextChoices):
    """Why officers are told of a promise."""

    SOON = "soon", _("due soon")
    OVERDUE = "overdue", _("overdue")


class Verdict(models.TextChoices):
    """What an officer decided about a line of a brief."""

    PINNED = "pinned", _("pinned")
    DROPPED = "dropped", _("dropped")
    LATER = "later", _("set aside for now")
    APPROVED = "approved", _("approved for use outside the office")


class PartnerVerdict(models.TextChoices):
    """What an officer decided about an organisation suggested to work with next, and says to any suggestion."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    LATER = "later", _("Later")


class Subject(models.TextChoices):
    """What is suggested: each is ranked by features of its own, so each is learnt for itself."""

    PARTNERS = "partners", _("Whom to work with next")
    SYNERGIES = "synergies", _("Ways to work together")
    CALLS = "calls", _("Open calls that fit")
    MEMBERS = "members", _("Members to ask along")
    NEEDS = "needs", _("Answers to a need")
    CONSORTIUM = "consortium", _("Partners for a call")
    PEERS = "peers", _("Places like one")


class InvitationAnswer(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    ASK = "ask", _("Somebody else should be asked")


class InvitationState(models.TextChoices):
    DRAFT = "draft", _("waiting for approval")
    SENT = "sent", _("sent")
    ANSWERED = "answered", _("answered")


class AttendeeMail(models.TextChoices):
    """The mail to somebody who takes part in a meeting that the worker has still to send."""

    INVITE = "invite"
    CANCEL = "cancel"


class GroupingState(models.TextChoices):
    """How far the worker is with putting contributions into groups."""

    WAITING = "waiting", _("waiting")
    READING = "reading", _("being read")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Tie(models.TextChoices):
    """How a body is close to one side of a brief, so that its links may count for it."""

    SEAT_CITY = "seat-city", _("the city where it has its seat")
    AUTHORITY = "authority", _("it is part of this")
    BODY = "body", _("a body of its own")
    MUNICIPALITY = "municipality", _("one of its municipalities")


class Audience(models.TextChoices):
    """For whom a brief is written."""

    INTERNAL = "internal", _("for the office")
    SHARED = "shared", _("to be handed round")


class Extra(models.TextChoices):
    """What a brief to be handed round leaves out unless it is ticked."""

    CONTACTS = "contacts", _("addresses and telephones of people")
    NOTES = "notes", _("notes of the office")
    SCORES = "scores", _("the numbers behind strong, fair and weak")
    REMARKS = "remarks", _("comments and reasons of the office's staff")
    RESTRICTED = "restricted", _("what only the office may see")


class Length(models.TextChoices):
    SHORT = "short", _("two pages")
    LONG = "long", _("the long version")


class Format(models.TextChoices):
    """What a brief can be handed round as."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    MARKDOWN = "md", "Markdown"
    JSON = "json", "JSON"
    HTML = "html", "HTML"
