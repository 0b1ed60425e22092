"""Lists to choose from, written at once.

Django's own open three templates for each of two hundred countries: most of the time that a form took. What comes out
means the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from sympolis.office.core.markup import joined, markup

type Pairs = tuple[tuple[str, str], ...]


class PlainSelect(forms.Select):
    """A select whose choices stand in no groups."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        listed = list(iter(self.choices))  # of records: asked once, and not how many there are
        pairs = _pairs(listed)
        if pairs is None:
            return super().render(name, value, attrs, renderer)
        said = {**self.attrs, **(attrs or {})}
        if said.get("required") and not (listed and not listed[0][0]):
            del said["required"]  # a browser takes the first for chosen
        inside = _options(pairs, str(self.format_value(value)[0]))
        return markup('<select name="{}"{}>{}</select>', name, _written(said), inside)

    def use_required_attribute(self, initial: Any) -> bool:
        """Whether it makes sense is known when it is written."""
        return not self.is_hidden


class PlainCheckboxes(forms.CheckboxSelectMultiple):
    """Boxes to tick, in no groups."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        pairs = _pairs(list(iter(self.choices)))
        if pairs is None:
            return super().render(name, value, attrs, renderer)
        said = {**self.attrs, **(attrs or {})}
        own = {key: said[key] for key in ("id", "class") if said.get(key)}
        ticked = set(self.format_value(value))
        boxes = (self._box(name, one, said, at, ticked) for at, one in enumerate(pairs))
        return markup("<div{}>{}</div>", _written(own), joined("\n", boxes))

    def _box(self, name: str, pair: tuple[str, str], attrs: Mapping[str, Any], at: int, ticked: set[str]) -> SafeString:
        code, label = pair
        said = {**attrs, **({"checked": True} if code in ticked else {})}
        leads = SafeString()
        if said.get("id"):
            said["id"] = self.id_for_label(said["id"], str(at))
            leads = markup(' for="{}"', said["id"])
        box = markup('<input type="checkbox" name="{}" value="{}"{}>', name, code, _written(said))
        return markup("<div><label{}>{}\n{}</label></div>", leads, box, label)


_PLAIN: dict[type[forms.Widget], type[PlainSelect | PlainCheckboxes]] = {
    forms.Select: PlainSelect,
    forms.CheckboxSelectMultiple: PlainCheckboxes,
}


def plain(widget: forms.Widget) -> forms.Widget:
    """The same list written at once, where it is one of Django's own; anything else as it is."""
    kind = _PLAIN.get(type(widget))
    if kind is None or not isinstance(widget, (forms.Select, forms.CheckboxSelectMultiple)):
        return widget
    made = kind(widget.attrs, widget.choices)
    made.is_required, made.is_localized = widget.is_required, widget.is_localized
    return made


def _written(attrs: Mapping[str, Any]) -> SafeString:
    """Attributes as Django writes them, in their order."""
    given = ((key, value) for key, value in attrs.items() if value is not False and value is not None)
    return joined("", (markup(" {}", k) if value is True else markup(' {}="{}"', k, value) for k, value in given))


def _pairs(listed: Iterable[Any]) -> Pairs | None:
    """Codes and labels as words; None where some stand in groups."""
    found = []
    for code, label in listed:
        if isinstance(label, (list, tuple)):
            return None
        found.append(("" if code is None else str(code), label if isinstance(label, SafeString) else str(label)))
    return tuple(found)


@lru_cache(maxsize=128)
def _options(pairs: Pairs, chosen: str) -> SafeString:
    """Put together once for all who are offered the same and chose the same."""
    option, mark = '<option value="{}"{}>{}</option>', SafeString(" selected")
    return joined("\n", (markup(option, code, mark if code == chosen else "", label) for code, label in pairs))
