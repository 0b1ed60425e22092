"""Users, what every record has, documents, proposals, waiting index changes, imports, recurring jobs, removals."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.files.storage import Storage, storages
from django.db import models
from django.urls import get_script_prefix, reverse
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core import ids
from sympolis.office.core.enums import (
    OF_THE_OFFICE,
    ChangeKind,
    ProposalState,
    SiteRole,
    TagScheme,
    TagVerdict,
    TokenScope,
    Visibility,
)
from sympolis.office.core.texts import Text, folded


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(
            email, password, **{"role": SiteRole.ADMINISTRATOR, "is_staff": True, "is_superuser": True, **fields}
        )


class User(AbstractUser):
    """A person who signs in, by mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("mail address"), unique=True)
    role = models.CharField(_("role"), max_length=20, choices=SiteRole.choices, default=SiteRole.PARTICIPANT)
    post = models.CharField(_("post"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    invited_at = models.DateTimeField(
        null=True, editable=False
    )  # when the last mail with a link to a first password went

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    @property
    def is_administrator(self) -> bool:
        return self.is_active and self.role == SiteRole.ADMINISTRATOR

    @property
    def is_officer(self) -> bool:
        """Administrators are officers too."""
        return self.is_active and self.role in OF_THE_OFFICE

    @property
    def reads_office(self) -> bool:
        """Whether they see what is the office's own. Officers do; a reader does nothing else."""
        return self.writes_everywhere or (self.is_active and self.role == SiteRole.READER)

    @property
    def writes_everywhere(self) -> bool:
        """Whether they write at every organisation's page: officers at once, of a contributor the office reads it."""
        return self.is_officer or (self.is_active and self.role == SiteRole.CONTRIBUTOR)

    @cached_property
    def roles(self) -> Mapping[int, str]:
        """For which organisations they act, and as what. Who is signed in brings this along (``SignIn``)."""
        return dict(self.memberships.order_by("pk").values_list("organisation", "role"))

    joined: Collection[tuple[int, int, str]] | None = None
    """What these organisations are joined to, where it was read along with them (``SignIn``)."""

    def acts_for(self, roles: Iterable[str] | None = None) -> list[int]:
        """The keys of these organisations, or of those where it is in one of some roles."""
        return [pk for pk, role in self.roles.items() if roles is None or role in roles]

    @cached_property
    def is_inside(self) -> bool:
        """Whether they act inside the office's networks, as the directory knows them.

        Asked once for as long as this object lives, which is a request: it stands in nearly every question.
        """
        is_inside: bool = import_string(settings.SYMPOLIS_CIRCLE)(self)
        return is_inside

    def __str__(self) -> str:
        return self.get_full_name() or self.email


def page_address(page: str, slug: str, public_id: str) -> str:
    """The public address of a record in the reader's language: the id decides, the slug is for people."""
    return _addresses(page, get_language(), get_script_prefix()) % (slug, public_id)


@lru_cache(maxsize=200)
def _addresses(page: str, language: str | None, prefix: str) -> str:
    """The address of a kind of page in a language, with a place for slug and id: a list shows fifty of them."""
    slug, public_id = "s-l-u-g", "abc_000000000000"
    found = reverse(f"public:{page}", kwargs={"slug": slug, "public_id": public_id})
    return found.replace("%", "%%").replace(slug, "%s", 1).replace(public_id, "%s", 1)


class Record(models.Model):
    """What every record of the office has: an id for life, where it came from, who may see it, how it sorts.

    ``imported`` keeps what an import last said, field by field: what a person changed since wins over the next one.
    """

    ID_PREFIX: ClassVar[str]
    PAGE: ClassVar[str] = ""  # the name of its public page; empty: it is read on the page of what it belongs to
    # The texts that say, with the title, what it is about; empty: nothing is suggested for it.
    TELLING: ClassVar[tuple[str, ...]] = ()
    # Fields that mean something only together, the one that decides first: a budget and its currency.
    TOGETHER: ClassVar[tuple[tuple[str, ...], ...]] = ()
    # Columns that say who may see some fields -> those fields; see field_groups.
    FIELD_GROUPS: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    PARTS: ClassVar[tuple[str, ...]] = ()  # names of relations whose rows are part of it and go with it
    # What people said of it: keeps it from being taken back with an import, but goes with it where it is an example.
    SAID_OF_IT: ClassVar[tuple[str, ...]] = ()

    public_id = models.CharField(max_length=20, unique=True, editable=False)
    slug = models.SlugField(max_length=100, blank=True)
    source = models.CharField(max_length=40, default="office", editable=False)
    source_id = models.CharField(max_length=200, blank=True, editable=False)
    source_url = models.CharField(_("where this was read"), max_length=1000, blank=True)
    retrieved_at = models.DateField(null=True, blank=True, editable=False)
    confirmed = models.BooleanField(_("confirmed"), default=True)
    illustrative = models.BooleanField(default=False, editable=False)
    note = models.TextField(_("note for the office"), blank=True)
    visibility = models.CharField(
        _("who may see it"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    imported = models.JSONField(default=dict, blank=True, editable=False)
    sort_key = models.CharField(max_length=200, blank=True, editable=False, db_index=True)
    folded = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    withheld: frozenset[str] = frozenset()  # columns of the groups whose fields were taken out for a reader

    def title_text(self) -> Text:
        """The title in every language it has."""
        raise NotImplementedError

    def other_names(self) -> tuple[str, ...]:
        """What else it may be looked for under."""
        return ()

    def take_names(self, other: Any) -> None:
        """Keep the names of another of its kind that becomes one with it, where the kind has a place for them."""

    def against_being_one_with(self, other: Any) -> tuple[str, str] | None:
        """What of the two can't be one, and how to mend it."""
        return None

    def against_what_was_chosen(self, before: Any, other: Any) -> tuple[str, str] | None:
        """What speaks against what this one says now that it has taken over what was chosen of another; ``before`` is
        what it was."""
        return None

    def settle_with(self, other: Any) -> None:
        """Set right what nobody can choose freely, once this one has taken over what was chosen."""

    def left_over_of(self, other: Any) -> list[Record]:
        """Records to be added so that nothing another said is lost, once this one has taken over what was chosen."""
        return []

    def twin_key(self) -> Hashable | None:
        """Equal for two that may say the same twice, of which one is enough; None: this kind never does."""
        return None

    def says_the_same(self, twin: Any) -> bool:
        """Whether one with the same ``twin_key`` adds nothing: what one of them leaves open, the other may say."""
        return False

    def get_absolute_url(self) -> str:
        return page_address(self.PAGE, self.slug, self.public_id)

    def prepare(self) -> None:
        """Fill what is derived: the id, the slug, how it sorts and is found. ``save`` does it; bulk writes call it."""
        title = str(self.title_text())
        if not self.public_id:
            self.public_id = ids.new_id(self.ID_PREFIX)
        if not self.slug:
            self.slug = slugify(folded(title))[:80].strip("-") or self.ID_PREFIX
        self.sort_key = folded(title)[:200]
        self.folded = folded(*dict.fromkeys([*self.title_text().plain().values(), *self.other_names()]))

    def save(self, **kwargs: Any) -> None:
        if self.withheld:
            raise TypeError("This was fetched for somebody who may not see all of it: saved, the rest would be lost.")
        self.prepare()
        super().save(**kwargs)

    def __str__(self) -> str:
        return str(self.title_text())


class WithLists(models.Model):
    """The history of a record with lists of others (parties, partners): who stood in them at that version.

    ``{field: {public id: {column of the row between: value}}}``; None where it was not noted.
    """

    lists = models.JSONField(null=True, editable=False)

    class Meta:
        abstract = True


def private_storage() -> Storage:
    """Where documents lie: never below a public address."""
    return storages["private"]


class Document(Record):
    """A file that hangs on a record: kept privately, served through a permission check."""

    ID_PREFIX = "doc"
    PAGE = "document"
    TOGETHER = (("file", "file_name", "size_bytes", "text", "read_at"),)

    record = models.CharField(max_length=20, db_index=True, editable=False)  # public id of what it hangs on
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=40)
    language = models.CharField(_("language"), max_length=10)
    version = models.CharField(_("version"), max_length=40, blank=True)
    file = models.FileField(_("file"), storage=private_storage, upload_to="%Y/%m", max_length=300)
    file_name = models.CharField(max_length=200, editable=False)
    size_bytes = models.PositiveBigIntegerField(default=0, editable=False)
    text = models.TextField(blank=True, editable=False)  # what search reads; the worker fills it
    read_at = models.DateTimeField(null=True, editable=False, db_index=True)  # when the worker took it; null: it waits
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    history = HistoricalRecords(excluded_fields=["text", "read_at", "file"])

    class Meta:
        ordering = ("-created_at",)

    def title_text(self) -> Text:
        return Text.of(**{self.language: self.title})


class IndexChange(models.Model):
    """A record whose entry in the index is out of date; written in the transaction of the change itself."""

    record = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=ChangeKind.choices, default=ChangeKind.PUT)
    created_at = models.DateTimeField(auto_now_add=True)


class TagDecision(models.Model):
    """What a person said of a theme, a goal or a target of a record: kept whatever an import says later.

    ``words`` of its text spoke for it then; ``was_there``: the record had it before anybody decided.
    """

    record = models.CharField(max_length=20)  # public id
    scheme = models.CharField(max_length=10, choices=TagScheme.choices)
    code = models.CharField(max_length=40)
    verdict = models.CharField(max_length=10, choices=TagVerdict.choices)
    words = models.JSONField(default=list)
    was_there = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)
    objects: ClassVar[models.Manager[TagDecision]] = models.Manager()  # said, because the checker does not see it
    history = HistoricalRecords()

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["record", "scheme", "code"], name="one_decision_per_tag")]
        indexes = [models.Index(fields=["verdict", "scheme"], name="tag_verdicts")]


class Proposal(models.Model):
    """What somebody would write into a record, or a record somebody would add, for the office to decide.

    ``record`` is empty for one that is not there yet; ``version`` is the line of its history it was made on.
    """

    record = models.CharField(max_length=20, blank=True, db_index=True)  # public id
    kind = models.CharField(max_length=10)  # what the ids of such records begin with
    title = models.CharField(max_length=300)  # how it was called then
    version = models.PositiveBigIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="proposals")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "pk")


PROPOSED_PICTURES = "proposed"
"""The folder of the private files that pictures wait in until the office has decided."""

PROPOSED_PICTURE = re.compile(rf"{PROPOSED_PICTURES}/[0-9a-f]{{24}}\.png")
"""The whole name of such a file: no words that somebody writes into another field lead to any other."""


class ProposedChange(models.Model):
    """One field of a proposal, from what stood there then to what it should be: plain values (``proposals.values``)."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=60)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING, db_index=True)
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["proposal", "field"], name="one_change_a_field")]

    def kept_files(self) -> list[Path]:
        """The picture it proposes, while that waits: whoever looks through the home asks for it."""
        name = self.after if self.state == ProposalState.WAITING and isinstance(self.after, str) else ""
        return [Path(private_storage().path(name))] if PROPOSED_PICTURE.fullmatch(name) else []


class RetiredId(models.Model):
    """An id or slug that was: merged ids lead to another record (301), deleted ones answer 410."""

    public_id = models.CharField(max_length=20, unique=True)
    leads_to = models.CharField(max_length=20, blank=True)
    retired_at = models.DateTimeField(auto_now_add=True)


class Removal(models.Model):
    """What one removal took away, kept for a while so that it can be brought back whole.

    ``rows`` are the rows that went, the record first: ``{"model": label, "pk": key, "fields": {column: value}}``.
    ``let_go`` are columns of other rows that named one of them: ``{"model", "pk", "field", "value"}``.
    """

    record = models.CharField(max_length=20, db_index=True)  # public id
    title = models.CharField(max_length=300)
    rows = models.JSONField(default=list)
    let_go = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at", "-pk")


class Merge(models.Model):
    """Two records that were made one, with what is needed to take them apart again whole.

    ``steps`` are what was done, in order; undoing does each backwards, the last one first:
    ``{"gone": [row, …]}``, rows as a removal keeps them; ``{"moved": {"model", "field", "before", "after", "pks"}}``, a
    column of rows that named the one and names the other since; ``{"changed": {"model", "pk", "before", "after"}}``,
    columns of a row that stays.
    """

    record = models.CharField(max_length=20, db_index=True)  # public id of the one that went
    into = models.CharField(max_length=20, db_index=True)  # public id of the one that stays
    title = models.CharField(max_length=300)
    into_title = models.CharField(max_length=300)
    key = models.BigIntegerField()  # of the row that went: its history has it
    # What an import may name it by, and what was folded with it: [{"record", "into", "slug", "source", "source_id"}].
    called = models.JSONField(default=list)
    steps = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    objects: ClassVar[models.Manager[Merge]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("-at", "-pk")


class Import(models.Model):
    """One run of a table through the importer, with what it needs to be undone."""

    table = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    source = models.CharField(max_length=40, blank=True)  # whose ids the rows have: see imports.origin
    layout = models.CharField(max_length=16, blank=True)  # which headings the table had
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    undo = models.JSONField(default=dict)  # {"created": [public ids], "changed": {public id: {field: before}}}
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at",)


class RecurringJob(models.Model):
    """A job that comes round: fired once, however many workers run."""

    name = models.CharField(max_length=100, unique=True)
    every_minutes = models.PositiveIntegerField()
    at_hour = models.PositiveSmallIntegerField(null=True)  # of the office's own day; only for daily jobs
    next_at = models.DateTimeField()
    last_started_at = models.DateTimeField(null=True)
    last_ended_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)


class WorkerSign(models.Model):
    """The last sign of life of a worker."""

    worker_id = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=255)
    process = models.PositiveIntegerField()
    seen_at = models.DateTimeField()


class ApiToken(models.Model):
    """With it a program reads, or reads and writes, in its user's name. Of the token itself only a hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=100)
    scope = models.CharField(_("what it may do"), max_length=10, choices=TokenScope.choices, default=TokenScope.READ)
    token = models.CharField(max_length=64, unique=True, editable=False)  # hashed
    made_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(_("good until"))
    last_used_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """What a program was answered when it added something, so that asking once more adds nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)  # hash of where and what
    answer = models.JSONField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]


def record_models() -> dict[str, type[Record]]:
    """What a public id begins with -> the model."""
    return {model.ID_PREFIX: model for model in apps.get_models() if issubclass(model, Record)}
