"""What is kept of a project while it runs. Amounts are in the project's own currency where nothing else is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.texts import MultilingualField
from sympolis.office.projects.running.enums import (
    ClaimState,
    ControlState,
    CostBasis,
    Direction,
    Layout,
    Level,
    ResultLevel,
    StepKind,
)

CENT = Decimal("0.01")
NOT_NEGATIVE = MinValueValidator(0)
FIRST_YEAR, LAST_YEAR = 1950, 2150


def in_cents(amount: Decimal) -> Decimal:
    """A product rounded to the cent, halves up, as accounts do."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Financing:
    """Where the money of partners comes from."""

    own: Decimal = Decimal(0)
    grant: Decimal = Decimal(0)
    cofinancing: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.own + self.grant + self.cofinancing


def amount(name: Any, **more: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(name, max_digits=14, decimal_places=2, validators=[NOT_NEGATIVE], **more)


def perhaps_amount(name: Any) -> models.DecimalField[Any, Any]:
    return amount(name, null=True, blank=True)


def rate_of(name: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(name, max_digits=16, decimal_places=8, null=True, blank=True)


def web_address(name: Any) -> models.CharField[Any, Any]:
    return models.CharField(name, max_length=1000, blank=True)


def of_project(name: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey("projects.Project", models.CASCADE, related_name=name)


def house(name: Any, **more: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey("directory.Organisation", related_name="+", verbose_name=name, **more)


class Entry(models.Model):
    """One entry of how a project runs. ``version`` grows with every saving: of two who write at once, the second is
    told what the first wrote."""

    NUMBERS: ClassVar[tuple[str, ...]] = ()  # the fields whose changes are told with who, when and from what

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def prepare(self) -> None:
        """Fill what follows from the rest."""

    def save(self, **kwargs: Any) -> None:
        self.prepare()
        super().save(**kwargs)


class Running(Entry):
    """How a project is run here: in which layout, under whose rules, where its official system is, what is public."""

    project = models.OneToOneField("projects.Project", models.CASCADE, related_name="running")
    layout = models.CharField(_("layout"), max_length=10, choices=Layout.choices, default=Layout.SIMPLE)
    rules = models.CharField(_("rules of the programme"), max_length=20, blank=True)  # a code of programmes.yaml
    official_name = models.CharField(_("official system"), max_length=200, blank=True)
    official_url = web_address(_("its address"))
    results = MultilingualField(_("results"))
    # DAC markers: code -> how much it is an aim; what nobody screened is not there.
    markers = models.JSONField(_("policy markers"), default=dict, blank=True)
    shows_money = models.BooleanField(_("everybody may see its sums"), default=False)
    history = HistoricalRecords()


class PartnerShare(Entry):
    """A partner's budget, and where it comes from. A partner that reckons in another currency than the project writes
    its sums in that one; the rate and its day are kept with them."""

    NUMBERS = ("own", "grant", "cofinancing", "rate")

    project = of_project("shares")
    organisation = house(_("partner"), on_delete=models.CASCADE)
    own = amount(_("own money"), default=Decimal(0))
    grant = amount(_("grant"), default=Decimal(0))
    cofinancing = amount(_("co-financing by others"), default=Decimal(0))
    currency = models.CharField(_("currency"), max_length=3, blank=True)  # empty: the project's own
    rate = rate_of(_("rate: one of it in the project's currency"))
    rate_on = models.DateField(_("day of the rate"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(own__gte=0, grant__gte=0, cofinancing__gte=0), name="share_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(currency="", rate=None, rate_on=None) | Q(rate__gt=0, rate_on__isnull=False),
                name="share_rate_with_currency",
            ),
        ]

    @property
    def total(self) -> Decimal:
        """In its own currency."""
        return Decimal(self.own + self.grant + self.cofinancing)

    @property
    def in_project(self) -> Financing:
        """The same in the project's currency, each part rounded to the cent: the parts shown add up to the sum."""
        if self.rate is None:
            return Financing(self.own, self.grant, self.cofinancing)
        return Financing(*(in_cents(part * self.rate) for part in (self.own, self.grant, self.cofinancing)))

    def prepare(self) -> None:
        if self.currency in ("", self.project.currency):
            self.currency, self.rate, self.rate_on = "", None, None


class SharesBrought(models.Model):
    """That shares came out of a file, with what stood there before, to be taken back together."""

    project = of_project("shares_brought")
    file_name = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    before = models.JSONField(default=list)  # a line for each partner: see ``actions.py``

    class Meta:
        ordering = ("-at", "-pk")


class WorkPackage(Entry):
    project = of_project("work_packages")
    code = models.CharField(_("code"), max_length=20, blank=True)
    title = MultilingualField(_("title"))
    starts = models.DateField(_("begins"), null=True, blank=True)
    ends = models.DateField(_("ends"), null=True, blank=True)
    organisation = house(_("responsible organisation"), on_delete=models.SET_NULL, null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = (F("starts").asc(nulls_last=True), "code", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts=None) | Q(ends=None) | Q(ends__gte=F("starts")), name="work_package_in_order"
            )
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.code, str(self.title)) if part)


class LinesBrought(models.Model):
    """That budget lines came out of a file, to be taken back together."""

    project = of_project("lines_brought")
    file_name = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at", "-pk")


class BudgetLine(Entry):
    """What is planned for one thing and what it cost. What unit costs and flat rates come to is reckoned, not typed."""

    NUMBERS = ("planned", "actual", "units", "unit_cost", "rate")

    project = of_project("budget_lines")
    what = models.CharField(_("what for"), max_length=300)
    category = models.CharField(_("category"), max_length=40, blank=True)  # a code of the programme's categories
    organisation = house(_("partner"), on_delete=models.SET_NULL, null=True, blank=True)
    work_package = models.ForeignKey(
        WorkPackage, models.SET_NULL, null=True, blank=True, related_name="budget_lines", verbose_name=_("work package")
    )
    year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    basis = models.CharField(_("how it is reckoned"), max_length=10, choices=CostBasis.choices, default=CostBasis.REAL)
    units = models.DecimalField(
        _("number of units"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    unit_cost = perhaps_amount(_("cost of a unit"))
    rate = models.DecimalField(
        _("flat rate in %"), max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[NOT_NEGATIVE, MaxValueValidator(100)],
    )  # fmt: skip
    brought = models.ForeignKey(
        LinesBrought, models.SET_NULL, null=True, blank=True, related_name="lines", editable=False
    )
    planned = amount(_("planned"), default=Decimal(0))
    actual = perhaps_amount(_("actual"))
    history = HistoricalRecords()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(planned__gte=0) & (Q(actual=None) | Q(actual__gte=0)), name="line_not_negative"
            )
        ]

    def __str__(self) -> str:
        return self.what

    def prepare(self) -> None:
        if self.basis == CostBasis.UNIT and self.units is not None and self.unit_cost is not None:
            self.planned = in_cents(self.units * self.unit_cost)


class ReportingPeriod(Entry):
    """A stretch of time that is reported on, with the day by which."""

    project = of_project("periods")
    label = models.CharField(_("what it is called"), max_length=100)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("to"))
    due = models.DateField(_("report due on"), null=True, blank=True)
    done_on = models.DateField(_("report handed in on"), null=True, blank=True)
    organisation = house(_("who reports"), on_delete=models.SET_NULL, null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("starts", "pk")
        constraints = [models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="period_in_order")]
        indexes = [models.Index(fields=["due"], condition=Q(done_on=None), name="period_due")]

    def __str__(self) -> str:
        return self.label


class Claim(Entry):
    """What a partner claims for a period, and what becomes of it."""

    NUMBERS = ("claimed", "certified", "accepted")

    project = of_project("claims")
    period = models.ForeignKey(
        ReportingPeriod, models.CASCADE, related_name="claims", verbose_name=_("reporting period")
    )
    organisation = house(_("partner"), on_delete=models.CASCADE)
    claimed = amount(_("claimed"))
    state = models.CharField(_("state"), max_length=10, choices=ClaimState.choices, default=ClaimState.PREPARING)
    submitted_on = models.DateField(_("handed in on"), null=True, blank=True)
    accepted = perhaps_amount(_("accepted"))
    control = models.CharField(
        _("first-level control"), max_length=10, choices=ControlState.choices, default=ControlState.NOT_SENT
    )
    controller = models.CharField(_("controller"), max_length=200, blank=True)
    certified = perhaps_amount(_("certified"))
    certified_on = models.DateField(_("certified on"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("pk",)
        constraints = [models.CheckConstraint(condition=Q(claimed__gte=0), name="claim_not_negative")]


class Payment(Entry):
    """Money that came or went on a day. Of another currency the rate and its day are kept with it."""

    NUMBERS = ("amount", "rate", "converted")

    project = of_project("payments")
    on = models.DateField(_("day"))
    direction = models.CharField(_("which way"), max_length=3, choices=Direction.choices, default=Direction.OUT)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    rate = rate_of(_("rate: one of it in the project's currency"))
    rate_on = models.DateField(_("day of the rate"), null=True, blank=True)
    converted = models.DecimalField(_("in the project's currency"), max_digits=16, decimal_places=2, editable=False)
    organisation = house(_("from or to which partner"), on_delete=models.SET_NULL, null=True, blank=True)
    other_party = models.CharField(_("from or to whom else"), max_length=200, blank=True)
    budget_line = models.ForeignKey(
        BudgetLine, models.SET_NULL, null=True, blank=True, related_name="payments", verbose_name=_("budget line")
    )
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("-on", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
            models.CheckConstraint(condition=Q(rate=None) | Q(rate__gt=0), name="payment_rate_positive"),
        ]

    def prepare(self) -> None:
        self.converted = in_cents(self.amount * (self.rate or 1))


class ProjectMilestone(Entry):
    """A milestone or a deliverable: by when, whose it is, and what shows that it is done."""

    project = of_project("milestones")
    kind = models.CharField(_("kind"), max_length=12, choices=StepKind.choices, default=StepKind.MILESTONE)
    title = MultilingualField(_("title"))
    due = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    organisation = house(_("responsible organisation"), on_delete=models.SET_NULL, null=True, blank=True)
    work_package = models.ForeignKey(
        WorkPackage, models.SET_NULL, null=True, blank=True, related_name="milestones", verbose_name=_("work package")
    )
    evidence_url = web_address(_("what shows it (a link)"))
    document = models.ForeignKey(
        "core.Document", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("what shows it (a document)"),
    )  # fmt: skip
    is_public = models.BooleanField(_("everybody may see it"), default=False)
    history = HistoricalRecords()

    class Meta:
        ordering = (F("due").asc(nulls_last=True), "pk")
        indexes = [models.Index(fields=["due"], condition=Q(done_on=None), name="project_milestone_due")]

    def __str__(self) -> str:
        return str(self.title)


class ProjectIndicator(Entry):
    """What a project wants to reach, in numbers: where it began, what is aimed at, and what was measured last."""

    NUMBERS = ("baseline", "target", "reached")

    project = of_project("indicators")
    title = MultilingualField(_("title"))
    level = models.CharField(_("what kind of result"), max_length=10, choices=ResultLevel.choices, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    starts = models.DateField(
        _("from"), null=True, blank=True, help_text=_("Only where this is aimed at for a part of the project: a year.")
    )
    ends = models.DateField(_("to"), null=True, blank=True)
    baseline = models.DecimalField(_("value at the start"), max_digits=16, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("value aimed at"), max_digits=16, decimal_places=2, null=True, blank=True)
    reached = models.DecimalField(_("value reached"), max_digits=16, decimal_places=2, null=True, blank=True)
    measured_on = models.DateField(_("measured on"), null=True, blank=True)
    evidence_url = web_address(_("what shows it (a link)"))
    is_public = models.BooleanField(_("everybody may see it"), default=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_reached(self) -> bool:
        """Whether what was measured is as far from the start as was aimed at, up or down."""
        if self.target is None or self.reached is None:
            return False
        return self.reached <= self.target if self._goes_down else self.reached >= self.target

    @property
    def _goes_down(self) -> bool:
        return self.baseline is not None and self.target is not None and self.target < self.baseline


class Risk(Entry):
    project = of_project("risks")
    what = models.CharField(_("what may go wrong"), max_length=300)
    likelihood = models.CharField(_("how likely"), max_length=6, choices=Level.choices, default=Level.MEDIUM)
    impact = models.CharField(_("how bad"), max_length=6, choices=Level.choices, default=Level.MEDIUM)
    answer = models.TextField(_("what we do about it"), blank=True)
    is_over = models.BooleanField(_("it is over"), default=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ("is_over", "pk")


class Effort(Entry):
    """Hours of one post or department in one month."""

    NUMBERS = ("hours",)

    project = of_project("efforts")
    month = models.DateField(_("month"))  # its first day
    post = models.CharField(_("post"), max_length=200, blank=True)
    department = models.ForeignKey(
        "directory.Department", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    hours = models.DecimalField(_("hours"), max_digits=7, decimal_places=2, validators=[NOT_NEGATIVE])
    history = HistoricalRecords()

    class Meta:
        ordering = ("-month", "pk")

    @property
    def months(self) -> PartialDate:
        """The month as a date known to the month, to be shown."""
        return PartialDate.parse(f"{self.month:%Y-%m}")

    def prepare(self) -> None:
        self.month = date(self.month.year, self.month.month, 1)


class Obligation(Entry):
    """That an obligation of the programme (a code of programmes.yaml) was met, and what shows it."""

    project = of_project("obligations")
    code = models.CharField(max_length=40)
    done_on = models.DateField(_("done on"))
    evidence_url = web_address(_("what shows it (a link)"))
    history = HistoricalRecords()

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["project", "code"], name="one_answer_an_obligation")]


class DueReader(models.Model):
    """That somebody wants no mails of what is due, or wants them again. Who said nothing gets them."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="due_reader")
    is_off = models.BooleanField(default=False)


class DueTold(models.Model):
    """That somebody was told of something due: once when its day comes near, once when it has passed. Another day is
    told anew."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    what = models.PositiveBigIntegerField()  # the key of what is due
    due = models.DateField()
    is_late = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "what", "due", "is_late"], name="due_told_once")
        ]
