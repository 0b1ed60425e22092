"""Dates known as an earliest and a latest day, on models that keep them in two columns."""

from __future__ import annotations

from typing import Any

from django.db import models

from sympolis.engine.model import PartialDate

__all__ = ["Dated", "PartialDate", "day"]


class Dated:
    """``since = Dated()`` reads and writes the columns ``since_earliest`` and ``since_latest`` as one PartialDate."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.earliest, self.latest = f"{name}_earliest", f"{name}_latest"

    def __get__(self, instance: object | None, owner: type) -> Any:
        if instance is None:
            return self
        return PartialDate(getattr(instance, self.earliest), getattr(instance, self.latest))

    def __set__(self, instance: models.Model, value: PartialDate) -> None:
        setattr(instance, self.earliest, value.earliest)
        setattr(instance, self.latest, value.latest)


def day() -> models.DateField[Any, Any]:
    """One of the two columns of a partial date."""
    return models.DateField(null=True, blank=True)


PERIODS = (("since", "until"), ("start", "end"), ("starts", "ends"), ("opens", "closes"), ("signed", "ends"))
"""What begins and ends: days of one record that have an order."""


def ends_before_it_begins(record: models.Model) -> bool:
    """Whether it certainly does, whatever way its days came together."""
    for first, last in PERIODS:
        if isinstance(getattr(type(record), first, None), Dated) and hasattr(type(record), last):
            begins, ends = getattr(record, first), getattr(record, last)
            if begins.earliest and ends.latest and ends.latest < begins.earliest:
                return True
    return False
