"""Who can answer, and who does: the vendors that are set up, their models, and one `stream` for all of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Literal

from app.providers import litellm_reader, prices
from app.providers.catalogue import BY_ID, DEMO_MODEL, LOCAL, UNKNOWN_CONTEXT, VENDORS, Vendor, split_model
from app.providers.connections import Connections
from app.providers.litellm_reader import LitellmReader
from app.providers.local import find_models
from app.providers.port import FREE, MILLION, Delta, ModelSettings, Price, Prompt, Provider, ProviderError
from app.settings import Settings, WrongSetting, name_outside


@dataclass(frozen=True, slots=True)
class ModelChoice:
    model: str
    label: str
    vendor: str


@dataclass(frozen=True, slots=True)
class VendorState:
    """`detail` is a sentence: what is there, or what is missing and what to do about it."""

    id: str
    label: str
    present: bool
    detail: str
    models: list[str]
    key_name: str | None


class Providers:
    """Nothing leaves this machine before a conversation speaks with a vendor, but for the list of models of a server
    whose address the host has set. Servers on loopback are looked for by themselves."""

    def __init__(
        self, settings: Settings, voice: Provider | None = None, rest: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """`rest` is for readers that need not read before their words can be shown. Raises WrongSetting when the
        default model is of a vendor nobody knows."""
        _check_default_model(settings)
        self._settings = settings
        self._connections = Connections()
        self._voice = voice
        self._rest = rest
        self._found: dict[str, list[str] | None] = {}
        self._readers: dict[str, Provider] = {}
        self._warming: list[asyncio.Task[object]] = []

    async def start(self) -> None:
        await self.refresh()
        if self.mode == 'live':
            self._reader(self.default_model)  # made now, with all it imports, and not while somebody waits for a word
        if any(vendor.dialect == 'litellm' and self._is_present(vendor) for vendor in VENDORS):
            self._warm(litellm_reader.warm(), 'import litellm')
        if any(vendor.key_name and self._is_listed(vendor) and self._is_present(vendor) for vendor in VENDORS):
            self._warm(asyncio.to_thread(prices.price_list), 'read prices')

    async def stop(self) -> None:
        for warming in self._warming:
            warming.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await warming
        await litellm_reader.close()
        await self._connections.close()

    async def refresh(self) -> None:
        """Look again for local servers; at most half a second."""
        if self._settings.demo:
            return
        addresses = {
            vendor.id: listing_address(vendor, base) for vendor in VENDORS if (base := self._own_server(vendor))
        }
        keys = {vendor_id: self._key(BY_ID[vendor_id]) for vendor_id in addresses}
        self._found = await find_models(self._connections, addresses, keys)

    def stream(self, prompt: Prompt, settings: ModelSettings) -> AsyncIterator[Delta]:
        return self._reader(settings.model).stream(prompt, settings)

    @property
    def mode(self) -> Literal['demo', 'live']:
        return 'demo' if self.default_model == DEMO_MODEL else 'live'

    @property
    def default_model(self) -> str:
        """The one that was set, else the first model of the first vendor that is there: own server, keys, local."""
        if self._settings.demo:
            return DEMO_MODEL
        if self._settings.default_model:
            return self._settings.default_model
        choices = [choice for choice in self.models() if choice.vendor != 'demo']
        choices.sort(key=lambda choice: (choice.vendor != 'compatible', choice.vendor in LOCAL))
        return choices[0].model if choices else DEMO_MODEL

    def models(self) -> list[ModelChoice]:
        return [
            ModelChoice(
                model, vendor.label if vendor.id == 'demo' else f'{split_model(model)[1]} · {vendor.label}', vendor.id
            )
            for vendor in VENDORS
            if self._is_present(vendor)
            for model in self._models_of(vendor)
        ]

    def vendors(self) -> list[VendorState]:
        return [
            VendorState(
                vendor.id,
                vendor.label,
                self._is_present(vendor),
                self._detail(vendor),
                self._models_of(vendor),
                vendor.key_name,
            )
            for vendor in VENDORS
        ]

    def context_tokens(self, model: str) -> int:
        vendor_id, name = split_model(model)
        vendor = BY_ID.get(vendor_id)
        return vendor.models.get(name, vendor.context) if vendor else UNKNOWN_CONTEXT

    def price(self, model: str) -> Price | None:
        """None where nobody knows: a server of one's own that was given no price, a model that is in no list."""
        vendor_id, name = split_model(model)
        vendor = BY_ID.get(vendor_id)
        if self._settings.demo or vendor_id == 'demo' or vendor_id in LOCAL:
            return FREE
        if vendor_id == 'compatible' and (dollars := self._settings.compatible_price):
            return Price(round(dollars[0] * MILLION), round(dollars[1] * MILLION))
        return prices.price_of(vendor, name) if vendor and self._is_listed(vendor) else None

    def _is_listed(self, vendor: Vendor) -> bool:
        """What a vendor's name costs at another address, nobody knows."""
        return vendor.id != 'compatible' and (vendor.id != 'openai' or self._base_url(vendor) == vendor.base_url)

    def _warm(self, warming: Coroutine[Any, Any, object], name: str) -> None:
        self._warming.append(asyncio.create_task(warming, name=name))

    def _reader(self, model: str) -> Provider:
        vendor_id, name = split_model(model)
        if self._settings.demo or vendor_id == 'demo':
            return self._scripted()
        vendor = BY_ID.get(vendor_id)
        if not vendor or not name:
            sentence = f'Chimera knows no model named {model}. Choose another one.'
            return Refusal(ProviderError(sentence, permanent=True))
        if missing := self._missing(vendor):
            return Refusal(ProviderError(f'{vendor.label} is not set up. {missing}', permanent=True))
        if vendor_id not in self._readers:
            self._readers[vendor_id] = self._make_reader(vendor)
        return self._readers[vendor_id]

    def _make_reader(self, vendor: Vendor) -> Provider:
        if vendor.dialect == 'litellm':
            return LitellmReader(vendor, None, self._key(vendor))
        from app.providers.openai_dialect import OpenAIDialect  # demo mode has no use for an HTTP client

        return OpenAIDialect(
            vendor, self._base_url(vendor) or '', self._key(vendor), self._connections, rest=self._rest
        )

    def _scripted(self) -> Provider:
        if self._voice is None:
            from app.providers.scripted import ScriptedVoice

            self._voice = ScriptedVoice()
        return self._voice

    def _key(self, vendor: Vendor) -> str | None:
        field = 'compatible_key' if vendor.id == 'compatible' else f'{vendor.id}_api_key'
        secret = getattr(self._settings, field, None)
        return secret.get_secret_value() if secret else None

    def _base_url(self, vendor: Vendor) -> str | None:
        settings = self._settings
        match vendor.id:
            case 'openai':
                return settings.openai_base_url or vendor.base_url
            case 'compatible':
                return settings.compatible_url
            case 'ollama':
                return f'{settings.ollama_url}/v1'
            case 'lm_studio':
                return f'{settings.lm_studio_url}/v1'
        return vendor.base_url

    def _own_server(self, vendor: Vendor) -> str | None:
        """The address of a server that may be asked for its models: one that was set, or loopback."""
        settings = self._settings
        set_by_host = f'{vendor.id}_url' in settings.model_fields_set
        if vendor.id == 'compatible' or (vendor.id in LOCAL and (settings.discover_local or set_by_host)):
            return self._base_url(vendor)
        return None

    def _missing(self, vendor: Vendor) -> str | None:
        """What has to be done before this vendor can be asked at all."""
        if vendor.id == 'compatible':
            return None if self._settings.compatible_url else 'Put CHIMERA_COMPATIBLE_URL into .env and start again.'
        if vendor.key_name and not self._key(vendor):
            return f'Put {vendor.key_name} into .env and start Chimera again.'
        return None

    def _is_present(self, vendor: Vendor) -> bool:
        if vendor.id == 'demo':
            return True
        if self._settings.demo or self._missing(vendor):
            return False
        return vendor.base_url is not None or vendor.dialect == 'litellm' or self._found.get(vendor.id) is not None

    def _models_of(self, vendor: Vendor) -> list[str]:
        chosen = self._settings.default_model
        names = [f'{vendor.id}/{name}' for name in (*vendor.models, *(self._found.get(vendor.id) or ()))]
        if chosen and split_model(chosen)[0] == vendor.id and chosen not in names:
            names.insert(0, chosen)
        return names

    def _detail(self, vendor: Vendor) -> str:
        if vendor.id == 'demo':
            return 'Always here: the personas speak from a script. No model is asked and nothing leaves this machine.'
        if self._settings.demo:
            return 'Not used, because CHIMERA_DEMO is set. Take it out of .env and start Chimera again.'
        if missing := self._missing(vendor):
            return missing
        if not self._is_present(vendor):
            if not self._own_server(vendor):
                return 'Not looked for, because CHIMERA_DISCOVER_LOCAL is false.'
            return f'Nothing answers at {self._base_url(vendor)}. {vendor.remedy}'
        if not self._models_of(vendor):
            return f'{vendor.label} is running but has no model yet. {vendor.first_model}'
        if vendor.key_name and vendor.id != 'compatible':
            return f'{vendor.key_name} is set. Only the conversations that use these models are sent to {vendor.label}.'
        return f'Found at {self._base_url(vendor)}.'


class Refusal:
    """Stands where a reader would, so that what is wrong is said where an answer is awaited."""

    def __init__(self, error: ProviderError) -> None:
        self._error = error

    async def stream(self, prompt: Prompt, settings: ModelSettings) -> AsyncGenerator[Delta]:
        raise self._error
        yield Delta()


def _check_default_model(settings: Settings) -> None:
    vendor_id = split_model(settings.default_model or DEMO_MODEL)[0]
    if vendor_id not in BY_ID:
        name = name_outside('default_model')
        raise WrongSetting(
            f'{name}: there is no vendor named {vendor_id}, only {", ".join(BY_ID)}; for example {name}=ollama/llama3.2'
        )


def listing_address(vendor: Vendor, base_url: str) -> str:
    """Ollama lists its models beside `/v1` and not below it."""
    return f'{base_url.removesuffix("/v1")}{vendor.listing}' if vendor.id == 'ollama' else f'{base_url}{vendor.listing}'
