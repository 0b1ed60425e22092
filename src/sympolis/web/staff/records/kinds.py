"""What a kind of record is to the office's lists and forms. ``tables`` says it of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from sympolis.office.core.forms import RecordForm
from sympolis.office.core.queries import Reader
from sympolis.office.directory.moments import Moment

type Words = Any  # said now or when shown
type Choices = Callable[[], Sequence[tuple[str, Any]]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list. ``sort`` is what the database sorts by; without one the column isn't sorted."""

    key: str
    label: Words
    value: Callable[[Any], Any]
    sort: tuple[str, ...] = ()
    numeric: bool = False
    office_only: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice above a list, and the rows it leaves."""

    name: str
    label: Words
    choices: Choices
    where: Callable[[str], Q]


def matches_title(word: str, _reader: Reader) -> Q:
    return Q(folded__contains=word)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: who sees and changes it, its form, its list, and what keeping and removing it means."""

    name: str  # of its list, in addresses
    prefix: str  # of its ids
    title: Words
    one: Words
    add_label: Words
    icon: str
    visible: Callable[[Reader], QuerySet[Any]]
    changeable: Callable[[Reader], QuerySet[Any]]
    permission: str  # to add one; empty: it is added from elsewhere
    form: type[RecordForm]
    keep: Callable[[RecordForm], Any]
    remove: Callable[[Any, Any], None]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    matches: Callable[[str, Reader], Q] = matches_title
    # All words at once: for who looks rows up, and the same for who walks the list in its own order.
    matches_all: Callable[[Sequence[str], Reader], tuple[list[Q], list[Q]]] | None = None
    # What a list shows of other records comes along: of those its reader may see.
    with_rows: Callable[[QuerySet[Any], Reader], QuerySet[Any]] = field(default=lambda rows, _reader: rows)
    order: tuple[str, ...] = ("sort_key", "pk")
    empty: Words = ""
    keep_version: Callable[[Any], Any] | None = None  # saving it after going back to a version
    # The rows of whoever held a post at a house so called, then: of words, of a time, or of both together.
    held: Callable[[QuerySet[Any], Sequence[str], Moment | None, Reader], QuerySet[Any]] | None = None
    # The columns of such a list: its rows are then the posts (``held.HeldThen``), and sorted by nothing that is now.
    held_columns: tuple[Column, ...] = ()
    proposable: Callable[[Reader], QuerySet[Any]] | None = None  # what may be written at, for the office to read first
    proposed_with: str = ""  # the permission to propose a new one; empty: nobody does
    # Of what is added at another record: whether that one is this user's to write at, without the office reading first.
    is_added_at_once: Callable[[Any, Reader], bool] | None = None
    # Which records a proposed one, as its plain values say it, may be there as already: for who decides.
    like: Callable[[Mapping[str, Any]], Q] | None = None
    removed_by_office: bool = False  # whether nobody else removes one
    begun: Callable[[Reader, str], dict[str, Any]] | None = None  # what a new one knows that is made of a record
    # Why what a record says now can't stand beside others, in words for this reader; empty where it can.
    against: Callable[[Any, Reader], str] = field(default=lambda _record, _reader: "")
    # How one is called at the head of its page: where its title leaves out what it names, with that.
    called: Callable[[Any], Any] = field(default=lambda record: record.title_text())
    is_private: bool = False  # whether all but officers see no more than their own house's
    how_many: Callable[[Reader], int] | None = (
        None  # how many this reader sees, where that is known sooner than counted
    )
    seen_with_it: tuple[str, ...] = ()  # other records that whoever sees one of these sees as well
    goes_on_at_page: bool = False  # whether who added one works on at that page, and not at its form
    page: str = ""  # the name of the page of one, where it has a page in the office besides its form

    @property
    def list_url(self) -> str:
        return f"staff:{self.name}"

    @property
    def add_url(self) -> str:
        return f"staff:{self.name}_add"

    @property
    def is_tagged(self) -> bool:
        """Whether its texts say what it is about."""
        return bool(self.form._meta.model.TELLING)

    def writable(self, user: Reader) -> QuerySet[Any]:
        """What this user may write at: changed at once, or read by the office first."""
        return self.proposable(user) if self.proposable else self.changeable(user)

    def columns_for(self, officer: bool, held: bool = False) -> list[Column]:
        """What this reader is told; ``held``: of the posts that were asked for."""
        columns = self.held_columns if held else self.columns
        return [column for column in columns if officer or not column.office_only]
