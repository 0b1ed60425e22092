"""Form fields that name organisations: typed with suggestions, or just typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.enums import MembershipRole
from sympolis.office.core.form_fields import ReaderField
from sympolis.office.core.queries import Reader
from sympolis.office.directory.finder import Ambiguous, Finder, NotFound
from sympolis.office.directory.models import Organisation

SUGGEST = reverse_lazy("staff:suggest_organisations")


class OrganisationWidget(forms.Widget):
    """A box to type a name in. The id that stood there travels along, so that an untouched name stays what it was."""

    template_name = "directory/widgets/organisation.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["row"] = _row(value)
        context["widget"]["suggest"] = SUGGEST
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        return (data.get(name, "").strip(), data.get(f"{name}_was", "").strip())


class OrganisationsWidget(OrganisationWidget):
    """As many boxes as there are names, and some empty ones."""

    template_name = "directory/widgets/organisations.html"
    use_fieldset = True
    spare = 3

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        rows = [_row(one) for one in value or ()]
        context["widget"]["rows"] = rows + [_row(None)] * self.spare
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str]]:  # type: ignore[override]
        return _pairs(data.getlist(name), data.getlist(f"{name}_was"))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data


def _pairs(names: list[str], were: list[str]) -> list[tuple[str, str]]:
    padded = were + [""] * (len(names) - len(were))
    return [(name.strip(), was.strip()) for name, was in zip(names, padded, strict=False) if name.strip()]


def _row(value: Any) -> dict[str, str]:
    if isinstance(value, Organisation):
        return {"name": value.name, "was": value.public_id}
    if isinstance(value, (tuple, list)):
        return {"name": value[0], "was": value[1]}
    return {"name": str(value or ""), "was": ""}


class OrganisationField(forms.Field, ReaderField):
    """One organisation by name. ``own``: of which alone who is no officer may write, as ``kept_by`` says it."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": _("We know no organisation called “%(written)s”. Add it first, or look at how it is written."),
        "nearest": _("We know no organisation called “%(written)s”. Did you mean %(nearest)s?"),
        "ambiguous": _("“%(written)s” could be several. Write one of these: %(options)s."),
        "not_yours": _("You can write this for your own organisation only."),
    }
    widget = OrganisationWidget

    def __init__(self, *, own: Callable[[Reader, str], Q] | None = None, **kwargs: Any) -> None:
        self.own = own
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return Organisation.objects.filter(pk=value).first()
        return value

    def clean(self, value: Any) -> Any:
        written = value or ("", "")
        if not written[0]:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        return self.named(Finder.for_reader(self.user), *written)

    def named(self, finder: Finder, written: str, was: str = "") -> Organisation:
        """The organisation meant. Raises ValidationError saying what to write instead."""
        before = finder.by_key.get(was)
        try:
            found = before if before and before.name == written else finder.find(written)
        except NotFound as error:
            about = {"written": written[:100], "nearest": ", ".join(error.nearest)}
            kind = "nearest" if error.nearest else "unknown"
            raise ValidationError(self.error_messages[kind], code=kind, params=about) from error
        except Ambiguous as error:
            about = {"written": written[:100], "options": ", ".join(error.options)}
            raise ValidationError(self.error_messages["ambiguous"], code="ambiguous", params=about) from error
        if self.own and not self.user.is_officer:
            mine = Organisation.objects.filter(self.own(self.user, "pk"), pk=found.pk)
            if not mine.exists():
                raise ValidationError(self.error_messages["not_yours"], code="not_yours")
        return found


class OrganisationsField(OrganisationField):
    """Several organisations by name, each once."""

    widget = OrganisationsWidget
    twice: ClassVar[Any] = _("%(name)s is there twice.")

    def prepare_value(self, value: Any) -> Any:
        return value

    def clean(self, value: Any) -> list[Organisation]:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")
        if not value:
            return []
        finder = Finder.for_reader(self.user)
        found: list[Organisation] = []
        wrong: list[ValidationError] = []
        for written, was in value:
            try:
                one = self.named(finder, written, was)
            except ValidationError as error:
                wrong.append(error)
                continue
            if one in found:
                wrong.append(ValidationError(self.twice, code="twice", params={"name": one.name}))
            found.append(one)
        if wrong:
            raise ValidationError(wrong)
        return found


class MembershipsWidget(OrganisationsWidget):
    """A row for each organisation somebody acts for, with the role."""

    template_name = "directory/widgets/memberships.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        rows = [
            {**_row(one[0] if isinstance(one[0], Organisation) else one[:2]), "role": one[-1]} for one in value or ()
        ]
        context["widget"]["rows"] = rows + [{**_row(None), "role": MembershipRole.EDITOR}] * self.spare
        context["widget"]["roles"] = MembershipRole.choices
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str, str]]:  # type: ignore[override]
        roles = data.getlist(f"{name}_role")
        pairs = zip(data.getlist(name), data.getlist(f"{name}_was"), strict=False)
        rows = [(*pair, roles[place] if place < len(roles) else "") for place, pair in enumerate(pairs)]
        return [(written.strip(), was.strip(), role) for written, was, role in rows if written.strip()]


class MembershipsField(OrganisationsField):
    """Organisations and what somebody does for each; clean gives ``[(organisation, role)]``."""

    widget = MembershipsWidget
    default_error_messages: ClassVar[dict[str, Any]] = {"role": _("There is no such role. Choose one of the list.")}

    def clean(self, value: Any) -> Any:
        rows = value or []
        found = super().clean([(written, was) for written, was, _role in rows])
        roles = [role or MembershipRole.EDITOR for _written, _was, role in rows]
        if not set(roles) <= set(MembershipRole.values):
            raise ValidationError(self.error_messages["role"], code="role")
        return list(zip(found, roles, strict=True))
