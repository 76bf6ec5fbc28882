"""Money as people read it. Inside it is millionths of a US dollar, in whole numbers, so that sums are exact."""

from __future__ import annotations

CENT = 10_000
DOLLAR = 100 * CENT


def in_words(money: int) -> str:
    """'20 cents', '3.1 cents', '0.04 cents', '$1.50'."""
    if money >= DOLLAR:
        return f'${money / DOLLAR:,.2f}'
    number = _cents(money)
    return f'{number} cent' if number == '1' else f'{number} cents'


def in_short(money: int) -> str:
    """'20¢', '3.1¢', '0.04¢', '$1.50'."""
    return f'${money / DOLLAR:,.2f}' if money >= DOLLAR else f'{_cents(money)}¢'


def _cents(money: int) -> str:
    """Two digits that say something are enough; what is something is never written as nothing."""
    cents = money / CENT
    if cents >= 10:
        return f'{cents:.1f}'.removesuffix('.0')
    return f'{cents:.2g}' if cents >= 0.01 or not money else 'less than 0.01'
