"""A list of records: text filter without accents, choices, sorting, pages, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched, chain, islice
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import PartialDateField
from sympolis.office.core.found_by_words import ManyFound, few_keys, words_of
from sympolis.office.core.plain_widgets import PlainSelect
from sympolis.office.core.queries import OneOf, Reader, is_officer, reads_office
from sympolis.office.directory.moments import Moment
from sympolis.web.public.lists import CountedPaginator
from sympolis.web.public.then import ASKED, THEN, at
from sympolis.web.staff.csv_file import csv_file, long_csv_file
from sympolis.web.staff.records.cells import shown
from sympolis.web.staff.records.documents import KIND_OF_ID
from sympolis.web.staff.records.held import PostsAsked
from sympolis.web.staff.records.json_file import json_file
from sympolis.web.staff.records.kinds import Column, Kind
from sympolis.web.staff.workbook import workbook_file

ROWS_A_PAGE = 50
UNSEEN = ("imported", "folded", "note")  # what no list shows of a record


class FilterForm(forms.Form):
    """What stands above a list, out of the kind's own filters."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)

    def __init__(self, kind: Kind, data: QueryDict) -> None:
        super().__init__(data)
        self.kind = kind
        self.leaves_few = False
        self.leaves_many = False  # and no choice leaves less of them
        self.is_by_words = False
        self.posts: PostsAsked | None = None  # that its rows are, where it is asked for posts
        self.fields["q"].widget.attrs |= {"type": "search", "dir": "auto"}
        for one in kind.filters:
            choices = [("", str(_("All"))), *one.choices()]
            self.fields[one.name] = forms.ChoiceField(
                label=one.label, choices=choices, required=False, widget=PlainSelect
            )
        if kind.held:
            self.fields["at"] = forms.CharField(label=_("Post held at"), required=False, max_length=200)
            self.fields["at"].widget.attrs |= {"dir": "auto"}
        if kind.name in THEN or kind.held:
            self.fields["on"] = PartialDateField(label=ASKED.get(kind.name, _("As of")))

    def narrowed(self, rows: QuerySet[Any], reader: Reader, *, in_order: bool) -> QuerySet[Any]:
        """The rows that answer, as far as the reader may know; a choice nobody offered is no choice. ``in_order``: they
        are shown in the kind's own."""
        self.is_valid()
        words = words_of(self.cleaned_data.get("q") or "")
        if words:
            rows = self._found(rows, words, reader, in_order=in_order)
        for one in self.kind.filters:
            if code := self.cleaned_data.get(one.name):
                rows = rows.filter(one.where(code))
        when = self.cleaned_data.get("on")
        moment = Moment.asked(when, timezone.localdate()) if when else None
        if self.kind.name in THEN:
            rows = at(self.kind.name, rows, moment, reader)
        houses = words_of(self.cleaned_data.get("at") or "")
        if self.kind.held and (houses or moment):
            rows = self.kind.held(rows, houses, moment, reader)
            self.posts = PostsAsked(houses, moment, reader)
        chosen = [name for name, value in self.cleaned_data.items() if value and name != "q"]
        self.leaves_many = self.leaves_many and not chosen
        return rows

    def _found(self, rows: QuerySet[Any], words: list[str], reader: Reader, *, in_order: bool) -> QuerySet[Any]:
        """The rows with the words in them: by their keys where these are few enough to hold. Of many the first are
        soon found in their order."""
        if self.kind.matches_all:
            asked, walked = self.kind.matches_all(words, reader)
        else:
            asked = walked = [self.kind.matches(word, reader) for word in words]
        self.is_by_words = not self.kind.is_private or reads_office(reader)
        # Looked for among all there are, whoever may see them, where an index has the words and not who sees what.
        there = rows if self.kind.matches_all else rows.model._base_manager.all()
        keys = few_keys(there, asked) if self.is_by_words else None
        if keys is not None:
            self.leaves_few = True
            return rows.filter(OneOf("pk", keys))
        self.leaves_many = self.is_by_words and (there is rows or not rows.query.where)
        return rows.filter(*(walked if in_order else asked))

    @property
    def is_narrow(self) -> bool:
        return any(self.cleaned_data.values())


@dataclass(frozen=True, slots=True)
class Heading:
    """A column with its label said once for all its cells."""

    key: str
    label: str
    numeric: bool
    sort: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    column: Heading
    value: SafeString | str


@dataclass(frozen=True, slots=True)
class Row:
    record: Any
    first: Cell
    cells: list[Cell]
    is_writable: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, ready to show."""

    kind: Kind
    form: FilterForm
    columns: list[Heading]
    page: Page[Any]
    rows: list[Row]
    sort: str
    then: str = ""  # what the pages of its rows are asked by: the time the list is asked by


def answers(kind: Kind, user: Reader, data: QueryDict) -> tuple[FilterForm, QuerySet[Any], str]:
    """All rows that answer, sorted: the filter's form, the rows, and what they are sorted by."""
    form = FilterForm(kind, data)
    sort = data.get("sort", "")
    is_held = bool(kind.held and (data.get("at", "").strip() or data.get("on", "").strip()))
    sorted_by = {one.key: one.sort for one in kind.columns_for(reads_office(user), is_held) if one.sort}
    order = sorted_by.get(sort.removeprefix("-"))
    if order is None:
        sort, order = "", kind.order
    elif sort.startswith("-"):
        order = tuple(name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order)
    unseen = (*UNSEEN, *kind.form._meta.model.TELLING)
    in_order = order[0].removeprefix("-") == kind.order[0]
    rows = kind.with_rows(form.narrowed(kind.visible(user), user, in_order=in_order), user).defer(*unseen)
    return form, rows.order_by(*(_as_seen(user, kind, rows.model, name) for name in order), "pk"), sort


def _as_seen(user: Reader, kind: Kind, model: Any, name: str) -> Any:
    """A key to sort by. What lies in another record counts only where the reader may see that: its place in a list
    would tell of it."""
    path, _between, column = name.removeprefix("-").partition("__")
    if not column or reads_office(user) or path in kind.seen_with_it:
        return name
    other = KIND_OF_ID[model._meta.get_field(path).related_model.ID_PREFIX]
    key = Subquery(other.visible(user).order_by().filter(pk=OuterRef(path)).values(column)[:1])
    return key.desc() if name.startswith("-") else key.asc()


def listing(kind: Kind, user: Reader, data: QueryDict) -> Listing:
    form, rows, sort = answers(kind, user, data)
    page = _page(rows, user, form, data.get("page"))
    columns = kind.columns_for(reads_office(user), held=form.posts is not None)
    headings = [Heading(column.key, str(column.label), column.numeric, column.sort) for column in columns]
    rows_shown = list(_rows(form, user, columns, headings, page))
    then = form.posts.moment.asked_for if form.posts and form.posts.moment else ""
    return Listing(kind, form, headings, page, rows_shown, sort, f"?{urlencode({'on': str(then)})}" if then else "")


def _page(rows: QuerySet[Any], user: Reader, form: FilterForm, number: str | None) -> Page[Any]:
    """Of a thousand at most the keys are read in their order, which also counts them: to sort whole rows, and to
    count them apart, takes longer. The page's own are then looked up among all that are there. More that were
    found by words are not counted."""
    kind = form.kind
    if kind.how_many and not form.is_narrow:
        return CountedPaginator(rows, kind.how_many(user), ROWS_A_PAGE).get_page(number)
    if not form.leaves_few:
        many = ManyFound(rows, ROWS_A_PAGE, number, is_known=form.leaves_many)
        return (many if form.is_by_words else Paginator(rows, ROWS_A_PAGE)).get_page(number)
    keys = list(rows.prefetch_related(None).values_list("pk", flat=True))
    page: Page[Any] = Paginator(keys, ROWS_A_PAGE).get_page(number)
    unseen = (*UNSEEN, *rows.model.TELLING)
    there = kind.with_rows(kind.visible(user), user)
    found = {record.pk: record for record in there.filter(OneOf("pk", page.object_list)).order_by().defer(*unseen)}
    page.object_list = [found[key] for key in page.object_list if key in found]
    return page


def _rows(
    form: FilterForm, user: Reader, columns: list[Column], headings: list[Heading], page: Page[Any]
) -> Iterable[Row]:
    records = list(page.object_list)
    if is_officer(user):
        writable = {record.pk for record in records}
    else:
        ours = form.kind.writable(user).filter(OneOf("pk", [one.pk for one in records]))
        writable = set(ours.values_list("pk", flat=True))
    for record, told in _told(form, records):
        values = (shown(column.value(told)) for column in columns)
        cells = [Cell(heading, value) for heading, value in zip(headings, values, strict=True)]
        yield Row(record, cells[0], cells[1:], record.pk in writable)


def _told(form: FilterForm, records: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    """Each record with what its columns are asked of: itself, or each of its posts that was asked for."""
    if form.posts is None:
        return ((record, record) for record in records)
    return ((row.person, row) for row in form.posts.rows_of(records))


MANY = 1000
"""With more rows a file is sent line by line while it is read, and never stands in memory as a whole."""


FORMATS = ("csv", "xlsx", "json")


def as_file(kind: Kind, user: Reader, data: QueryDict, form: str) -> HttpResponse | StreamingHttpResponse:
    """Every row that answers, not only the page, in one of ``FORMATS``."""
    asked, rows, _sort = answers(kind, user, data)
    columns = kind.columns_for(reads_office(user), held=asked.posts is not None)
    told = chain.from_iterable(_told(asked, some) for some in batched(rows.iterator(MANY), MANY))
    found = ([record.public_id, *(column.value(row) for column in columns)] for record, row in told)
    if form == "json":
        return json_file(kind.name, ["id", *(column.key for column in columns)], found)
    headings = ["id", *(str(column.label) for column in columns)]
    if form == "xlsx":
        return workbook_file(kind.name, chain([headings], found))
    first = list(islice(found, MANY))
    if len(first) < MANY:
        return csv_file(kind.name, [headings, *first])
    return long_csv_file(kind.name, chain([headings], first, found))
