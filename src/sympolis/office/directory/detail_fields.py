"""Form fields for the details of an organisation: as many rows as there are, and some empty ones."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.form_fields import ReaderField, WebAddressField
from sympolis.office.core.partial_dates import NotADate, read_date
from sympolis.office.core.queries import leads_to
from sympolis.office.directory.details import (
    CalledName,
    Identifier,
    IdentifierKind,
    NameKind,
    Signature,
    Site,
    SiteKind,
    WrongIdentifier,
    read_identifier,
)
from sympolis.office.directory.fields import OrganisationField
from sympolis.office.directory.finder import Finder
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations

MOST = 60

type Cells = tuple[str, ...]


class RowsWidget(forms.Widget):
    """Rows of small boxes; ``columns`` are ``(name, label, choices or none)``, the one that decides is ``needed``."""

    template_name = "directory/widgets/rows.html"
    use_fieldset = True
    spare = 1

    def __init__(self, columns: tuple[tuple[str, Any, Any], ...], needed: int) -> None:
        super().__init__()
        self.columns, self.needed = columns, needed

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        empty = tuple(choices[0][0] if choices else "" for _name, _label, choices in self.columns)
        rows = [*(value or ()), *[empty] * self.spare]
        context["widget"]["rows"] = [
            [
                {"name": f"{name}_{column}", "label": label, "choices": choices, "value": cell}
                for (column, label, choices), cell in zip(self.columns, row, strict=True)
            ]
            for row in rows
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Cells]:
        columns = [data.getlist(f"{name}_{column}") for column, _label, _choices in self.columns]
        longest = len(columns[self.needed])
        padded = [column + [""] * (longest - len(column)) for column in columns]
        rows = (tuple(cell.strip() for cell in row) for row in zip(*padded, strict=False))
        return [row for row in rows if row[self.needed]]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_{self.columns[self.needed][0]}" not in data

    def id_for_label(self, id_: str) -> str:
        return ""


class RowsField(forms.Field):
    """Lines out of rows of boxes. Who subclasses it says how a line is read and how it becomes a row."""

    columns: ClassVar[tuple[tuple[str, Any, Any], ...]]
    needed: ClassVar[int]
    default_error_messages: ClassVar[dict[str, Any]] = {
        "many": _("There are more than %(most)s rows. Keep those that matter."),
        "choice": _("“%(written)s” is not on the list."),
        "bar": _("Write it without the signs | and ;"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=RowsWidget(self.columns, self.needed), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return [self.row_of(one) if isinstance(one, str) else one for one in value or ()]

    def clean(self, value: Any) -> list[str]:
        rows = value or []
        if len(rows) > MOST:
            raise ValidationError(self.error_messages["many"], code="many", params={"most": MOST})
        lines: list[str] = []
        wrong: list[ValidationError] = []
        for row in rows:
            try:
                lines.append(self.line_of(self._checked(row)))
            except ValidationError as error:
                wrong.append(error)
        if wrong:
            raise ValidationError(wrong)
        return list(dict.fromkeys(lines))

    def _checked(self, row: Cells) -> Cells:
        for (_name, _label, choices), cell in zip(self.columns, row, strict=True):
            if choices and cell not in {code for code, _word in choices}:
                raise ValidationError(self.error_messages["choice"], code="choice", params={"written": cell[:40]})
            if not choices and ("|" in cell or ";" in cell):
                raise ValidationError(self.error_messages["bar"], code="bar")
        return row

    def row_of(self, line: str) -> Cells:
        raise NotImplementedError

    def in_words(self, line: str) -> str:
        """A line as it is read: what its cells say, one after the other."""
        cells = zip(self.columns, self.row_of(line), strict=True)
        words = (str(dict(choices).get(cell, cell)) if choices else cell for (_n, _l, choices), cell in cells)
        return " · ".join(word for word in words if word)

    def line_of(self, row: Cells) -> str:
        raise NotImplementedError


class CalledField(RowsField):
    """Former names and names in other languages and scripts, with from, until and where they were read."""

    columns = (
        ("kind", _("Kind"), NameKind.choices),
        ("name", _("Name"), None),
        ("language", _("Language or script, as a code: zgh, el, ca"), None),
        ("since", _("Since"), None),
        ("until", _("Until"), None),
        ("source", _("Where this was read"), None),
    )
    needed = 1
    default_error_messages: ClassVar[dict[str, Any]] = {
        "long": _("This name is too long: 300 letters at most."),
        "date": _("“%(written)s” is no date. Write 2019, 2019-03 or 14/3/2019."),
        "order": _("“%(name)s” ends before it begins."),
    }

    def row_of(self, line: str) -> Cells:
        one = CalledName.of(line)
        return (one.kind, one.name, one.language, str(one.since), str(one.until), one.source_url)

    def line_of(self, row: Cells) -> str:
        kind, name, language, since, until, source = row
        if len(name) > 300:
            raise ValidationError(self.error_messages["long"], code="long")
        begins, ends = self._day(since), self._day(until)
        if begins.earliest and ends.latest and ends.latest < begins.earliest:
            raise ValidationError(self.error_messages["order"], code="order", params={"name": name[:60]})
        address = WebAddressField(required=False, max_length=1000).clean(source)
        return str(CalledName(kind, language_code(language), begins, ends, name, address))

    def _day(self, written: str) -> PartialDate:
        try:
            return read_date(written)
        except NotADate as error:
            about = {"written": written[:40]}
            raise ValidationError(self.error_messages["date"], code="date", params=about) from error


def language_code(written: str) -> str:
    """``zgh-Tfng`` and the like: a language and perhaps a script. Raises ValidationError."""
    parts = written.replace("_", "-").split("-")
    plain = all(part.isascii() and part.isalnum() and len(part) <= 8 for part in parts)
    if written and not (plain and len(parts) <= 3 and 2 <= len(parts[0]) <= 3 and parts[0].isalpha()):
        message = _("“%(written)s” is no code of a language. Write two or three letters, and a script behind them.")
        raise ValidationError(message, code="language", params={"written": written[:40]})
    return "-".join([parts[0].lower(), *parts[1:]])


class SitesField(RowsField):
    """Web sites besides the first one, by what they are about and in which language."""

    columns = (
        ("kind", _("Kind"), SiteKind.choices),
        ("language", _("Language or script, as a code: zgh, el, ca"), None),
        ("address", _("Address"), None),
    )
    needed = 2

    def row_of(self, line: str) -> Cells:
        one = Site.of(line)
        return (one.kind, one.language, one.address)

    def line_of(self, row: Cells) -> str:
        kind, language, address = row
        return str(Site(kind, language_code(language), WebAddressField(required=True, max_length=500).clean(address)))


class IdentifiersField(RowsField, ReaderField):
    """Numbers by which others know an organisation. ``of``: whose they are, that it is not told it has its own."""

    columns = (("kind", _("Kind"), IdentifierKind.choices), ("value", _("Number"), None))
    needed = 1
    of: Organisation | None = None
    default_error_messages: ClassVar[dict[str, Any]] = {
        "shape": _("“%(written)s” is no %(kind)s."),
        "check": _("“%(written)s” is no %(kind)s: its check digit does not fit. Look for a mistyped digit."),
        "taken": _("%(kind)s %(value)s is of %(name)s already. Correct one of the two, or merge the two records."),
        "taken_by_another": _("%(kind)s %(value)s is of another organisation already."),
    }

    def row_of(self, line: str) -> Cells:
        one = Identifier.of(line)
        return (one.kind, one.value)

    def line_of(self, row: Cells) -> str:
        kind, written = row
        try:
            found = read_identifier(kind, written)
        except WrongIdentifier as error:
            about = {"written": written[:60], "kind": IdentifierKind(kind).label}
            code = "check" if error.checked else "shape"
            raise ValidationError(self.error_messages[code], code=code, params=about) from error
        self._refuse_taken(found)
        return str(found)

    def _refuse_taken(self, found: Identifier) -> None:
        holder = holder_of(str(found), but=self.of)
        if holder is None:
            return
        about = {"kind": found.label, "value": found.value, "name": holder.name}
        seen = visible_organisations(self.user).filter(pk=holder.pk).exists()
        code = "taken" if seen else "taken_by_another"
        raise ValidationError(self.error_messages[code], code=code, params=about)


def holder_of(identifier: str, but: Organisation | None = None) -> Organisation | None:
    """The organisation that has this identifier already, another one than ``but``."""
    said = Organisation.objects.annotate(known_by=Cast("identifiers", TextField()))
    found = said.filter(known_by__contains=f'"{identifier}"')
    return (found.exclude(pk=but.pk) if but else found).only("pk", "name").first()


class SignaturesField(RowsField, ReaderField):
    """Who signed an agreement for which of its parties, in which post, on which day."""

    columns = (
        ("organisation", _("For which organisation"), None),
        ("post", _("Post"), None),
        ("name", _("Name"), None),
        ("on", _("Signed on"), None),
    )
    needed = 0
    default_error_messages: ClassVar[dict[str, Any]] = {
        "date": _("“%(written)s” is no date. Write 2019, 2019-03 or 14/3/2019."),
    }

    def clean(self, value: Any) -> list[str]:
        self._finder = Finder.for_reader(self.user) if value else None
        return super().clean(value)

    def prepare_value(self, value: Any) -> Any:
        """All parties are asked for at once."""
        self._parties = _called([one for one in value or () if isinstance(one, str)])
        return super().prepare_value(value)

    def row_of(self, line: str) -> Cells:
        one = Signature.of(line)
        known = getattr(self, "_parties", None)
        called = (_called([line]) if known is None else known).get(one.party, one.party)
        return (called, one.post, one.name, str(one.on))

    def in_words(self, line: str) -> str:
        """Without the party, which would have to be asked for line by line."""
        one = Signature.of(line)
        return " · ".join(word for word in (one.post, one.name, str(one.on)) if word)

    def line_of(self, row: Cells) -> str:
        organisation, post, name, on = row
        party = OrganisationField()
        party.user = self.user
        assert self._finder is not None  # clean made it
        found = party.named(self._finder, organisation)
        try:
            return str(Signature(found.public_id, post[:300], name[:200], read_date(on)))
        except NotADate as error:
            raise ValidationError(self.error_messages["date"], code="date", params={"written": on[:40]}) from error


def _called(lines: list[str]) -> dict[str, str]:
    """Public id -> how a form names it; of one that was made one with another, that other one."""
    ids = {Signature.of(line).party for line in lines}
    rows = Organisation.objects.filter(public_id__in=ids).values_list("public_id", "name", "slug") if ids else ()
    told = {public_id: f"{name} [{slug}]" for public_id, name, slug in rows}
    for gone in ids - told.keys():
        other = Organisation.objects.filter(public_id=leads_to(gone)).only("name", "slug").first()
        if other:
            told[gone] = f"{other.name} [{other.slug}]"
    return told
