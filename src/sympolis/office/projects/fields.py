"""Who takes part in a project, as rows of a form."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sympolis.office.directory.fields import OrganisationsField, OrganisationsWidget
from sympolis.office.projects.actions import Part
from sympolis.office.projects.enums import ParticipationRole

type Row = tuple[str, str, str, str]  # name, id that stood there, role, money


class PartsWidget(OrganisationsWidget):
    template_name = "projects/widgets/parts.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        rows = [_shown(one) for one in value or ()]
        context["widget"]["rows"] = rows + [_shown(("", "", ParticipationRole.PARTNER, ""))] * self.spare
        context["widget"]["roles"] = ParticipationRole.choices
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:  # type: ignore[override]
        columns = [data.getlist(f"{name}{part}") for part in ("", "_was", "_role", "_money")]
        longest = len(columns[0])
        padded = [column + [""] * (longest - len(column)) for column in columns]
        return [tuple(cell.strip() for cell in row) for row in zip(*padded, strict=False) if row[0].strip()]


def _shown(one: Any) -> dict[str, str]:
    if isinstance(one, Part):
        money = "" if one.money is None else format(one.money.normalize(), "f")
        return {"name": one.organisation.name, "was": one.organisation.public_id, "role": one.role, "money": money}
    return dict(zip(("name", "was", "role", "money"), map(str, one), strict=True))


class PartsField(OrganisationsField):
    """Rows of who takes part, as what, with how much money. Each organisation once; one lead at most."""

    widget = PartsWidget
    default_error_messages: ClassVar[dict[str, Any]] = {
        "money": _("“%(money)s” is no sum of money. Write digits only, with a point before the cents: 120000.50"),
        "leads": _("Only one can lead. Make the others partners."),
        "role": _("A role here is lead partner or partner."),
    }

    def clean(self, value: Any) -> Any:
        rows = value or []
        organisations = super().clean([(name, was) for name, was, _role, _money in rows])
        parts = [
            Part(organisation, self._role(role), self._money(money))
            for organisation, (_name, _was, role, money) in zip(organisations, rows, strict=True)
        ]
        if sum(part.role == ParticipationRole.LEAD for part in parts) > 1:
            raise ValidationError(self.error_messages["leads"], code="leads")
        return parts

    def _role(self, written: str) -> str:
        if (written or ParticipationRole.PARTNER) not in ParticipationRole.values:
            raise ValidationError(self.error_messages["role"], code="role")
        return written or ParticipationRole.PARTNER

    def _money(self, written: str) -> Decimal | None:
        if not written:
            return None
        try:
            money = Decimal(written.replace(" ", "").replace("\u00a0", "").replace(",", "."))
        except InvalidOperation:
            money = Decimal(-1)
        if not 0 <= money < Decimal(10) ** 12:
            raise ValidationError(self.error_messages["money"], code="money", params={"money": written[:40]})
        return money.quantize(Decimal("0.01"))
