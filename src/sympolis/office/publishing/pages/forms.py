"""Forms of pages, of their blocks, of pictures, and of how the office publishes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.enums import Visibility
from sympolis.office.core.form_fields import (
    LanguagesField,
    ReaderField,
    RichField,
    SourcesField,
    WebAddressField,
    field_for,
    language_now,
    theme_choices,
)
from sympolis.office.core.forms import RecordForm
from sympolis.office.core.models import Document, Record
from sympolis.office.core.texts import Text
from sympolis.office.directory.fields import OrganisationField
from sympolis.office.directory.models import Organisation
from sympolis.office.publishing.pages.blocks import Block, new_key, words_of
from sympolis.office.publishing.pages.enums import BlockKind, LiveList
from sympolis.office.publishing.pages.models import OldAddress, Page, Picture
from sympolis.office.publishing.pages.pictures import PictureRefused, keep_picture, read_picture
from sympolis.office.publishing.pages.queries import IN_A_TREE, changeable_pages, content_of, visible_pages

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


class PageForm(RecordForm):
    """What a page is called, and where it stands. Title and summary are those being written, not those readers see."""

    FIRST: ClassVar[tuple[str, ...]] = ("title", "summary", "parent")

    summary = LanguagesField(label=_("Summary"), rows=3, required=False, help_text=_("One or two sentences."))

    class Meta:
        model = Page
        formfield_callback = field_for
        fields = ("title", "summary", "parent", "position", "visibility", "confirmed", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["parent"]
        offered.queryset = visible_pages(self.user).exclude(pk=self.instance.pk).only(*IN_A_TREE)
        offered.label = _("Stands below")
        offered.empty_label = _("no other page: at the top")
        offered.label_from_instance = lambda page: str(page)
        self.fields["position"].required = False
        self.fields["position"].help_text = _("Pages beside each other stand in this order: 10 before 20.")

    def value_now(self, name: str) -> Any:
        if self.instance.pk and name in {"title", "summary"}:
            return getattr(content_of(self.instance), name)
        return super().value_now(name)

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0

    def clean_parent(self) -> Page | None:
        """Never below itself, however many steps down."""
        chosen: Page | None = self.cleaned_data["parent"]
        parents = dict(changeable_pages(self.user).order_by().values_list("pk", "parent_id"))
        at, seen = chosen.pk if chosen else None, set[int]()
        while at is not None and at not in seen:
            if at == self.instance.pk:
                raise ValidationError(_("That page stands below this one. Choose another."), code="round")
            seen.add(at)
            at = parents.get(at)
        return chosen


class BlockForm(forms.Form):
    """One block. What of its words is not changed keeps who wrote it."""

    kind: ClassVar[BlockKind]

    def __init__(self, *args: Any, user: Any, record: Record, block: Block | None, **kwargs: Any) -> None:
        self.user, self.record = user, record
        self.block: Block = block or {"key": new_key(), "kind": self.kind.value}
        super().__init__(*args, **{**kwargs, "initial": self.shown()})
        for field in self.fields.values():
            if isinstance(field, ReaderField):
                field.user = user

    def shown(self) -> dict[str, Any]:
        """What the fields hold of the block that is there."""
        return {name: self.block[name] for name in self.base_fields if name in self.block}

    def made(self) -> Block:
        """The block as the form has it."""
        made = {**self.block}
        for name, value in self.cleaned_data.items():
            if isinstance(self.fields[name], LanguagesField):
                made[name] = self.written(words_of(self.block, name), value)
            else:
                made[name] = value
        return made

    def written(self, before: Text, words: dict[str, str]) -> Text:
        text = Text(before)
        for code, said in words.items():
            if said.replace("\r\n", "\n") != text.get_text(code):
                text.write(code, said.replace("\r\n", "\n"), by="person", author=str(self.user))
        return text


class TextBlockForm(BlockForm):
    kind = BlockKind.TEXT
    words = RichField(label=_("Text"), rows=12)


def _pictures() -> list[tuple[str, str]]:
    """The last that were uploaded, to be shown once more."""
    shown = Picture.objects.only("name", "alt", "added_at")[:100]
    return [("", str(_("a new one"))), *((one.name, str(one.alt)[:80] or one.name) for one in shown)]


class PictureBlockForm(BlockForm):
    """A file, or one that is there already; and what is to be seen, without which nobody who cannot see it knows."""

    kind = BlockKind.PICTURE
    picture = forms.ChoiceField(label=_("Picture"), choices=_pictures, required=False)
    file = forms.FileField(label=_("File"), required=False, help_text=_("PNG, JPEG, GIF or WebP, up to 15 MB."))
    alt = LanguagesField(
        label=_("What is to be seen"), rows=2, required=False,
        help_text=_("For those who do not see it. Every language the page is published in needs it."),
    )  # fmt: skip
    caption = LanguagesField(label=_("Words below it"), rows=2, required=False)
    credit = forms.CharField(label=_("By whom, under which licence"), max_length=300, required=False)

    def shown(self) -> dict[str, Any]:
        there = Picture.objects.filter(name=self.block.get("picture", "")).first()
        said = {"alt": there.alt, "credit": there.credit} if there else {}
        return {**super().shown(), **said}

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        if not cleaned.get("file") and not cleaned.get("picture") and not self.errors:
            self.add_error("file", _("Choose a file, or a picture that is there."))
        if not any(cleaned.get("alt", {}).values()) and (cleaned.get("file") or not self._is_another(cleaned)):
            self.add_error("alt", self.fields["alt"].error_messages["required"])
        if upload := cleaned.get("file"):
            try:
                self.image = read_picture(upload)
            except PictureRefused as refused:
                self.add_error("file", ValidationError(refused.sentence, code="picture"))
        return cleaned

    def _is_another(self, said: dict[str, Any]) -> bool:
        """Whether a picture was chosen that was not in this block: boxes left empty say nothing of that one."""
        return bool(said.get("picture")) and said["picture"] != self.block.get("picture")

    def made(self) -> Block:
        said = self.cleaned_data
        if said.get("file"):
            name = keep_picture(self.image, self.written(Text(), said["alt"]), said["credit"], self.user).name
        else:
            name = said["picture"]
            there = Picture.objects.get(name=name)
            alt = self.written(Text(there.alt), {
                code: words for code, words in said["alt"].items() if words or not self._is_another(said)
            })  # fmt: skip
            said["credit"] = said["credit"] or (there.credit if self._is_another(said) else "")
            if (alt, said["credit"]) != (there.alt, there.credit):
                there.alt, there.credit = alt, said["credit"]
                there.save()
        return {
            **self.block, "picture": name, "caption": self.written(words_of(self.block, "caption"), said["caption"])
        }  # fmt: skip


class QuoteBlockForm(BlockForm):
    """The words as they were said, in the language they were said in; translations beside them with who made them."""

    kind = BlockKind.QUOTE
    said_in = forms.ChoiceField(label=_("Said in"), choices=settings.LANGUAGES)
    original = forms.CharField(
        label=_("In the very words"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )
    said_by = forms.CharField(label=_("By whom"), max_length=200)
    said_as = forms.CharField(label=_("Post and house at the time"), max_length=300, required=False)
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)
    translations = LanguagesField(label=_("Translations"), rows=4, required=False)
    translator = forms.CharField(label=_("Translated by"), max_length=200, required=False)

    def shown(self) -> dict[str, Any]:
        words = words_of(self.block, "words")
        language = next((code for code, entry in words.items() if entry.get("original")), language_now())
        translators = [entry.get("translator", "") for entry in words.values() if entry.get("translator")]
        others = {code: text for code, text in words.plain().items() if code != language}
        return {
            **super().shown(), "said_in": language, "original": words.get_text(language), "translations": others,
            "translator": translators[0] if translators else "",
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        others = {code: said for code, said in cleaned.get("translations", {}).items() if said}
        if cleaned.get("said_in") in others:
            self.add_error("translations", _("The language it was said in needs no translation: empty that box."))
        elif others and not cleaned.get("translator"):
            self.add_error("translator", _("Say who translated it."))
        return cleaned

    def made(self) -> Block:
        said = self.cleaned_data
        before, words = words_of(self.block, "words"), Text()
        language = said["said_in"]
        if language in before:
            words[language] = {**before[language]}
        words.write(language, said["original"].replace("\r\n", "\n"), original=True, translator="", by="person")
        of = words[language]["revision"]
        for code, translated in said["translations"].items():
            if translated:
                self._translate(words, before, code, translated, {"translated_from": language, "of_revision": of})
        kept = ("said_by", "said_as", "source_url")
        return {**self.block, "words": words, **{name: said[name] for name in kept}}

    def _translate(self, words: Text, before: Text, code: str, said: str, about: dict[str, Any]) -> None:
        if code in before:
            words[code] = {**before[code]}
            words[code].pop("original", None)
        if words.get_text(code) != said:
            about = {**about, "translator": self.cleaned_data["translator"]}
        elif before.get(code, {}).get("translator"):
            return
        words.write(code, said, **{"translator": self.cleaned_data["translator"], **about})


class DocumentBlockForm(BlockForm):
    """One of the documents that hang on it."""

    kind = BlockKind.DOCUMENT
    document = forms.ChoiceField(label=_("Document"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["document"]
        there = Document.objects.filter(record=self.record.public_id).exclude(visibility=Visibility.OFFICE)
        offered.choices = [(one.public_id, one.title) for one in there]
        offered.help_text = _("Hang it up first, with the page's own record: it is offered here then.")


class LiveBlockForm(BlockForm):
    """A list that is made anew each time the page is read, of what its reader may see."""

    kind = BlockKind.LIVE
    heading = LanguagesField(label=_("Heading"), required=False)
    of = forms.ChoiceField(label=_("What it lists"), choices=LiveList.choices)
    organisation = OrganisationField(
        label=_("Of which network or organisation"), required=False,
        help_text=_("Members need one; with the others it leaves those of this organisation."),
    )  # fmt: skip
    theme = forms.ChoiceField(label=_("Theme"), choices=lambda: [("", str(_("all"))), *theme_choices()], required=False)
    most = forms.IntegerField(label=_("How many at most"), min_value=1, max_value=100, initial=10)

    def shown(self) -> dict[str, Any]:
        found = super().shown()
        if named := found.get("organisation"):
            found["organisation"] = Organisation.objects.filter(public_id=named).first()
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        if cleaned.get("of") == LiveList.MEMBERS and not cleaned.get("organisation") and not self.errors:
            self.add_error("organisation", _("Say of which network."))
        return cleaned

    def made(self) -> Block:
        whose = self.cleaned_data["organisation"]
        return {**super().made(), "organisation": whose.public_id if whose else ""}


BLOCK_FORMS: dict[str, type[BlockForm]] = {
    one.kind.value: one for one in (TextBlockForm, PictureBlockForm, QuoteBlockForm, DocumentBlockForm, LiveBlockForm)
}


class PublishForm(forms.Form):
    """When readers see it, by the office's clock."""

    at = forms.DateTimeField(
        label=_("Publish it on"), required=False, input_formats=MOMENTS,
        widget=forms.DateTimeInput({"type": "datetime-local"}, MOMENTS[0]), help_text=_("Left empty: now."),
    )  # fmt: skip

    def clean_at(self) -> datetime | None:
        """A moment that has passed is a slip of the pen: nothing is published by one."""
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and at < timezone.now() - timedelta(minutes=5):
            raise ValidationError(_("This moment has passed. Choose a later one, or leave it empty."), code="passed")
        return at

    def moment(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        return at.astimezone(UTC) if at else None


class RulesForm(forms.Form):
    second_reader = forms.BooleanField(
        label=_("A second person reads news and pages before they are published"), required=False
    )


class OldAddressForm(forms.ModelForm):  # type: ignore[type-arg]
    """``/about.html`` → a page of this site, or an address elsewhere."""

    class Meta:
        model = OldAddress
        fields = ("path", "leads_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["path"].help_text = _("As it was, from the first slash on: /about.html")
        self.fields["leads_to"].help_text = _("Where it is now: the address of a page of this site, or elsewhere.")

    def clean_path(self) -> str:
        path = str(self.cleaned_data["path"]).partition("#")[0]
        if not path.startswith("/") or path.startswith("//") or len(path) < 2:
            raise ValidationError(_("Begin with one slash: /about.html"), code="path")
        return path

    def clean_leads_to(self) -> str:
        to = str(self.cleaned_data["leads_to"])
        if to.startswith("/") and not to.startswith("//") and "\\" not in to:
            return to
        return WebAddressField(max_length=500).clean(to)

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        if cleaned.get("path") and cleaned.get("path") == cleaned.get("leads_to"):
            self.add_error("leads_to", _("It would lead to itself."))
        return cleaned
