"""What an editor says of an issue, of a block, of when it goes out; and a list of subscribers brought along."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sympolis.office.core.form_fields import CODE_FIELDS, LanguagesField, WebAddressField
from sympolis.office.core.forms import RecordForm
from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.imports.read import MAX_BYTES, Sheet, read_table
from sympolis.office.core.rich import MARKS
from sympolis.office.core.texts import folded
from sympolis.office.publishing.newsletter.drafting import offered_languages
from sympolis.office.publishing.newsletter.models import Issue, IssueBlock
from sympolis.office.publishing.newsletter.subscribing import Row, Wishes
from sympolis.web.public.newsletter.forms import language_choices

MOST_A_MINUTE = 6_000


class MonthForm(forms.Form):
    """Of which month a new draft tells."""

    month = forms.DateField(
        label=_("Month"), input_formats=["%Y-%m", "%Y-%m-%d"], widget=forms.DateInput({"type": "month"}, "%Y-%m")
    )

    def clean_month(self) -> date:
        return date(self.cleaned_data["month"].year, self.cleaned_data["month"].month, 1)


class IssueForm(RecordForm):
    """Subject, opening words, and for which languages."""

    OFFICE_ONLY: ClassVar[tuple[str, ...]] = ()

    title = LanguagesField(label=_("Title"), help_text=_("It is the subject of the mail."))
    opening = LanguagesField(label=_("Opening words"), rows=5, required=False, help_text=MARKS)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=language_choices, widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"})
    )
    rate = forms.IntegerField(
        label=_("Mails a minute"), min_value=1, max_value=MOST_A_MINUTE, help_text=_("What your mail server allows.")
    )

    class Meta:
        model = Issue
        fields = ("title", "opening", "languages", "rate")

    def clean_languages(self) -> tuple[str, ...]:
        chosen = set(self.cleaned_data["languages"])
        return tuple(code for code in offered_languages() if code in chosen)


class BlockForm(RecordForm):
    """The words of a block."""

    OFFICE_ONLY: ClassVar[tuple[str, ...]] = ()

    title = LanguagesField(label=_("Title"))
    text = LanguagesField(label=_("Text"), rows=5, required=False, help_text=MARKS)
    link = WebAddressField(label=_("Link"), required=False, max_length=1000)
    themes = CODE_FIELDS["themes"](label=_("Themes"), help_text=_("Who chose other themes does not get it."))

    class Meta:
        model = IssueBlock
        fields = ("title", "text", "link", "themes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.page:
            self.fields.pop("link")


class ScheduleForm(forms.Form):
    """When it goes out, by the office's clock."""

    at = forms.DateTimeField(
        label=_("Send it on"), required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"), help_text=_("Left empty: now."),
    )  # fmt: skip

    def moment(self) -> datetime:
        return self.cleaned_data["at"] or timezone.now()


HEADINGS = {
    "email": {"email", "e mail", "mail", "mail address", "correu", "correo", "courriel", "adresse", "address"},
    "language": {"language", "llengua", "idioma", "langue", "lang"},
    "consent": {"consent", "consentiment", "consentimiento", "consentement", "agreed"},
}

MOST_NAMED = 20  # lines of a file that are wrong


class SubscribersForm(forms.Form):
    """A spreadsheet of people who agreed elsewhere: one column has the address, one says how each agreed."""

    file = forms.FileField(label=_("File"), help_text=_("XLSX or CSV with the columns email, language and consent."))

    def clean_file(self) -> list[Row]:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 10 megabytes. Split it into several files."))
        try:
            return _rows(read_table(upload.read()))
        except ImportRefused as error:
            raise ValidationError(str(error)) from error


def _rows(sheet: Sheet) -> list[Row]:
    """Every line, or all that are wrong: a list is brought in whole or not at all."""
    at = {name: _column(sheet, words) for name, words in HEADINGS.items()}
    if at["email"] is None or at["consent"] is None:
        raise ValidationError(
            _("The file needs a column “email” and a column “consent” that says when and how each person agreed.")
        )
    offered, found, wrong = offered_languages(), [], []
    for row in sheet.rows:
        said = {name: _cell(row.cells, column) for name, column in at.items()}
        about = {"line": row.number, "value": said["email"][:100]}
        try:
            EmailValidator()(said["email"])
        except ValidationError:
            wrong.append(_("Line %(line)d: “%(value)s” is no mail address.") % about)
        if not said["consent"]:
            wrong.append(_("Line %(line)d: it does not say when and how %(value)s agreed.") % about)
        language = said["language"].lower()[:2]
        wishes = Wishes(language if language in offered else offered[0])
        found.append(Row(said["email"], wishes, said["consent"][:2000]))
    if wrong:
        raise ValidationError(_first(wrong))
    return found


def _first(wrong: list[str]) -> list[str]:
    more = len(wrong) - MOST_NAMED
    if more <= 0:
        return wrong
    return [*wrong[:MOST_NAMED], ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more}]


def _column(sheet: Sheet, words: set[str]) -> int | None:
    return next((at for at, heading in enumerate(sheet.headings) if folded(heading) in words), None)


def _cell(cells: list[str], at: int | None) -> str:
    return cells[at].strip() if at is not None and at < len(cells) else ""


class ReturnsForm(forms.Form):
    """Mails that came back, as files of one mail or as a mailbox."""

    file = forms.FileField(label=_("File"), help_text=_("A mail (.eml) or a mailbox (mbox), up to 10 megabytes."))

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 10 megabytes. Split it into several files."))
        return upload
