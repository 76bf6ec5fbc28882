"""The vendors as rows. Adding one that speaks a known dialect is adding a row; nothing here calls anybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

DEMO_MODEL = 'demo/scripted'
UNKNOWN_CONTEXT = 8192


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for a vendor, apart for each stage. `tail` is what follows the finish mark: usage, if any."""

    connect: float = 10
    first: float = 60
    idle: float = 30
    total: float = 600
    tail: float = 2


AT_HOME = Patience(connect=3, first=180, idle=60, total=1800)
"""A model on one's own machine may have to be loaded first, and speaks slowly: nobody else is waiting for it."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """`models` are offered without asking the vendor: name to context size in tokens, the default one first.

    `listing` is the path, below the base URL, where the vendor lists its models. `length_parameter` is what the
    vendor calls the longest answer. `remedy` says what to do when nothing answers at the address,
    `first_model` when somebody answers who has no model.
    """

    id: str
    label: str
    dialect: Literal['openai', 'litellm', 'scripted']
    key_name: str | None = None
    base_url: str | None = None
    listing: str | None = '/models'
    models: dict[str, int] = field(default_factory=dict)
    context: int = UNKNOWN_CONTEXT
    length_parameter: str = 'max_tokens'
    patience: Patience = Patience()
    remedy: str = 'Check the connection to the internet, then press Resume.'
    first_model: str = 'Load one there, then look again.'

    @property
    def is_at_home(self) -> bool:
        return self.patience is AT_HOME

    @property
    def default_model(self) -> str | None:
        return next(iter(self.models), None)


VENDORS: tuple[Vendor, ...] = (
    Vendor(
        id='openai',
        label='OpenAI',
        dialect='openai',
        key_name='OPENAI_API_KEY',
        base_url='https://api.openai.com/v1',
        models={'gpt-6-luna': 922_000, 'gpt-6.1-sol': 922_000, 'gpt-5.4-mini': 272_000, 'gpt-4.1-mini': 1_047_576},
        length_parameter='max_completion_tokens',
    ),
    Vendor(
        id='anthropic',
        label='Anthropic',
        dialect='litellm',
        key_name='ANTHROPIC_API_KEY',
        models={'claude-haiku-5-5': 1_000_000, 'claude-sonnet-5-5': 1_000_000, 'claude-opus-5-5': 1_000_000},
    ),
    Vendor(
        id='deepseek',
        label='DeepSeek',
        dialect='openai',
        key_name='DEEPSEEK_API_KEY',
        base_url='https://api.deepseek.com/v1',
        models={'deepseek-flash': 1_000_000, 'deepseek-v4-pro': 1_000_000},
    ),
    Vendor(
        id='gemini',
        label='Google Gemini',
        dialect='openai',  # litellm takes a cut Gemini stream for a whole one: it reports "stop" with every frame
        key_name='GEMINI_API_KEY',
        base_url='https://generativelanguage.googleapis.com/v1beta/openai',
        models={'gemini-3.8-flash': 1_048_576, 'gemini-2.5-flash': 1_048_576, 'gemini-4-argon': 1_048_576},
    ),
    Vendor(
        id='openrouter',
        label='OpenRouter',
        dialect='openai',
        key_name='OPENROUTER_API_KEY',
        base_url='https://openrouter.ai/api/v1',
        models={'openrouter/auto': 128_000},
    ),
    Vendor(
        id='compatible',
        label='Your own server',
        dialect='openai',
        key_name='CHIMERA_COMPATIBLE_KEY',
        patience=AT_HOME,
        remedy='Check CHIMERA_COMPATIBLE_URL and that the server is running.',
    ),
    Vendor(
        id='lm_studio',
        label='LM Studio',
        dialect='openai',
        context=4096,
        patience=AT_HOME,
        remedy='Open LM Studio and start its server on the Developer tab.',
    ),
    Vendor(
        id='ollama',
        label='Ollama',
        dialect='openai',
        listing='/api/tags',
        context=4096,
        patience=AT_HOME,
        remedy='Start it with: ollama serve',
        first_model='Get one with: ollama pull llama3.2',
    ),
    Vendor(id='demo', label='Scripted voice (demo)', dialect='scripted', listing=None, models={'scripted': 32_000}),
)

BY_ID = {vendor.id: vendor for vendor in VENDORS}
LOCAL = ('lm_studio', 'ollama')


def split_model(model: str) -> tuple[str, str]:
    """('openai', 'gpt-6-luna'); litellm's other spelling of Ollama is taken too."""
    vendor, _, name = model.partition('/')
    return ('ollama' if vendor == 'ollama_chat' else vendor), name
