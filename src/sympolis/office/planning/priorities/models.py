"""The geographical priorities of a plan as they hold from a day on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.engine.match.consortium.regions import region_of
from sympolis.office.core.texts import CodesField, MultilingualField

if TYPE_CHECKING:
    from collections.abc import Iterable


class PrioritiesVersion(models.Model):
    """The priorities of a plan from a day on, until the next version begins."""

    plan = models.ForeignKey("planning.Plan", models.CASCADE, related_name="priority_versions")
    label = models.CharField(_("what it is called"), max_length=200)
    since = models.DateField(_("holds from"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("-since", "-pk")
        constraints = [models.UniqueConstraint(fields=["plan", "since"], name="one_version_of_priorities_a_day")]


class GeographicalPriority(models.Model):
    """Countries and parts of the world that count for something, and why."""

    version = models.ForeignKey(PrioritiesVersion, models.CASCADE, related_name="priorities")
    title = MultilingualField(_("title"))
    countries = CodesField(_("countries"))
    regions = CodesField(_("regions of the world"))
    weight = models.DecimalField(
        _("weight"), max_digits=7, decimal_places=2, default=Decimal(1), validators=[MinValueValidator(0)]
    )
    reason = MultilingualField(_("why"))
    history = HistoricalRecords()

    class Meta:
        ordering = ("-weight", "pk")

    def covers(self, country: str) -> bool:
        return country in self.countries or region_of(country) in self.regions

    def is_served_by(self, countries: Iterable[str], regions: Iterable[str] = ()) -> bool:
        """By work in these countries, or in one of its own parts of the world."""
        own = {*self.regions, *(region_of(country) for country in self.countries)} - {""}
        return any(self.covers(country) for country in countries) or not own.isdisjoint(regions)
