"""A model for a persona: the host's default, or any that can answer now."""

from __future__ import annotations

from collections import defaultdict

from app.providers.providers import Providers
from components.plain import Choice, Take

DEFAULT = ''


def model_choice(providers: Providers, label: str, model: str | None, take: Take) -> Choice:
    """`take` gets the model's name, or '' for the default. A model that is gone stays readable while it is chosen."""
    models = providers.models()
    labels = {choice.model: choice.label for choice in models}
    vendors = {vendor.id: vendor.label for vendor in providers.vendors()}
    groups: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for choice in models:
        groups[vendors.get(choice.vendor, choice.vendor)][choice.model] = choice.label
    options = {DEFAULT: model_label(providers, None)}
    if model and model not in labels:
        options[model] = f'{model} (not available)'
    if providers.mode == 'demo':
        groups.clear()  # there is only the one voice, and it is the default
    return Choice(label, options, model or DEFAULT, take, groups=groups)


def model_label(providers: Providers, model: str | None) -> str:
    """How a model is called on the screen; None is the host's default."""
    if model:
        return model.partition('/')[2] or model
    return 'Demo voice' if providers.mode == 'demo' else f'Default · {model_label(providers, providers.default_model)}'
