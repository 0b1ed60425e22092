"""Values as they are shown and exported."""

from __future__ import annotations

from decimal import Decimal


def rounded(value: float) -> Decimal:
    """Whole numbers from a hundred on, else one figure after the point, and none where that is a nought."""
    shown = Decimal(str(value)).quantize(Decimal(1) if abs(value) >= 100 else Decimal("0.1"))
    whole = shown.to_integral_value()
    return whole if whole == shown else shown
