"""Who answers: what is set up decides, every vendor says in a sentence what it lacks, and nobody is asked unasked."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.chimera import Chimera
from app.providers.catalogue import BY_ID, VENDORS, split_model
from app.providers.connections import Connections
from app.providers.faults import Faults
from app.providers.litellm_reader import LitellmReader
from app.providers.openai_dialect import OpenAIDialect
from app.providers.port import ModelSettings, Prompt, PromptMessage, ProviderError
from app.providers.providers import Providers, VendorState
from app.providers.scripted import ScriptedVoice
from app.settings import WrongSetting, load_settings
from tests.fake_vendor import FakeVendor, Reply, Stall, says

PROMPT = Prompt((PromptMessage('user', 'Well?'),))
Open = Callable[..., Any]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    @asynccontextmanager
    async def opened(**settings: Any) -> AsyncIterator[Providers]:
        voice = ScriptedVoice(script=['From the script.'] * 5)
        chosen = {'data_dir': tmp_path, 'discover_local': False, **settings}
        providers = Providers(load_settings(**chosen), voice)
        await providers.start()
        yield providers
        await providers.stop()

    return opened


async def hear(providers: Providers, model: str) -> str:
    return ''.join([delta.text async for delta in providers.stream(PROMPT, ModelSettings(model))])


def state_of(providers: Providers, vendor: str) -> VendorState:
    return next(state for state in providers.vendors() if state.id == vendor)


async def test_with_nothing_set_up_it_is_demo_mode(opened: Open):
    async with opened() as providers:
        assert providers.mode == 'demo'
        assert providers.default_model == 'demo/scripted'
        assert [choice.model for choice in providers.models()] == ['demo/scripted']
        assert await hear(providers, 'demo/scripted') == 'From the script.'


async def test_a_key_is_enough_to_go_live(opened: Open):
    async with opened(deepseek_api_key='sk-1') as providers:
        assert providers.mode == 'live'
        assert providers.default_model == 'deepseek/deepseek-flash'
        assert state_of(providers, 'deepseek').present


async def test_forced_demo_mode_asks_no_vendor_even_with_a_key(opened: Open, vendor: FakeVendor):
    async with opened(
        demo=True, openai_api_key='sk-1', openai_base_url=vendor.url, ollama_url=vendor.root
    ) as providers:
        assert providers.mode == 'demo'
        assert await hear(providers, 'openai/gpt-6-luna') == 'From the script.'
        assert vendor.connections == 0
        assert not state_of(providers, 'openai').present


async def test_nobody_is_called_before_a_conversation_speaks(opened: Open, vendor: FakeVendor):
    async with opened(openai_api_key='sk-1', openai_base_url=vendor.url) as providers:
        providers.models()
        providers.vendors()
        await providers.refresh()
        assert vendor.connections == 0
        vendor.will(says('Live.'))
        assert await hear(providers, 'openai/fake-small') == 'Live.'
        assert vendor.connections == 1


async def test_ollama_and_lm_studio_are_found_by_themselves(opened: Open, vendor: FakeVendor):
    vendor.models = ['llama3.2:3b', 'nomic-embed-text']
    async with opened(discover_local=True, ollama_url=vendor.root, lm_studio_url=vendor.root) as providers:
        assert providers.mode == 'live'
        models = [choice.model for choice in providers.models()]
        assert models == ['lm_studio/llama3.2:3b', 'ollama/llama3.2:3b', 'demo/scripted']
        vendor.will(says('From this machine.'))
        assert await hear(providers, 'ollama/llama3.2:3b') == 'From this machine.'
        assert vendor.requests[0].body['model'] == 'llama3.2:3b'
        assert 'authorization' not in vendor.requests[0].headers


async def test_a_server_that_comes_later_is_found_on_looking_again(opened: Open, vendor: FakeVendor):
    vendor.models = []
    async with opened(ollama_url=vendor.root) as providers:
        assert 'has no model yet' in state_of(providers, 'ollama').detail
        assert providers.mode == 'demo'
        vendor.models = ['qwen3']
        await providers.refresh()
        assert providers.default_model == 'ollama/qwen3'


async def test_a_deaf_server_delays_the_start_by_half_a_second_at_most(opened: Open, vendor: FakeVendor):
    vendor.listing = Reply((Stall(),))
    before = time.monotonic()
    async with opened(ollama_url=vendor.root, lm_studio_url=vendor.root) as providers:
        assert time.monotonic() - before < 1.5
        assert 'Nothing answers' in state_of(providers, 'ollama').detail


async def test_any_compatible_server_will_do(opened: Open, vendor: FakeVendor):
    async with opened(compatible_url=vendor.url, compatible_key='k-1', openai_api_key='sk-2') as providers:
        assert providers.default_model == 'compatible/fake-small'
        vendor.will(says('Mine.'))
        assert await hear(providers, 'compatible/fake-large') == 'Mine.'
        assert vendor.requests[0].headers['authorization'] == 'Bearer k-1'


async def test_a_model_that_was_set_is_the_default_and_on_the_list(opened: Open):
    async with opened(openai_api_key='sk-1', default_model='openai/gpt-tomorrow') as providers:
        assert providers.default_model == 'openai/gpt-tomorrow'
        assert 'openai/gpt-tomorrow' in [choice.model for choice in providers.models()]


def test_a_default_model_of_an_unknown_vendor_is_refused_before_anything_is_started(tmp_path: Path):
    settings = load_settings(data_dir=tmp_path, default_model='nosuchvendor/x')
    with pytest.raises(WrongSetting) as refused:
        Chimera(settings)
    sentence = str(refused.value)
    assert sentence.startswith('CHIMERA_DEFAULT_MODEL: there is no vendor named nosuchvendor, only openai, anthropic')
    assert sentence.endswith('for example CHIMERA_DEFAULT_MODEL=ollama/llama3.2')


@pytest.mark.parametrize('model', ['demo/scripted', 'ollama_chat/llama3.2', 'openrouter/openrouter/auto'])
def test_a_default_model_of_a_known_vendor_is_taken(tmp_path: Path, model: str):
    assert Providers(load_settings(data_dir=tmp_path, default_model=model)).default_model == model


def test_no_key_is_in_what_a_traceback_or_a_debugger_shows(tmp_path: Path):
    key, row, connections = 'canary-key', BY_ID['openai'], Connections()
    settings = load_settings(data_dir=tmp_path, openai_api_key=key)
    dialect = OpenAIDialect(row, 'http://127.0.0.1:1/v1', key, connections)
    for shown in (
        Faults(row, 'm', key), connections, dialect, LitellmReader(row, None, key), Providers(settings), settings,
    ):  # fmt: skip
        assert key not in repr(shown)


@pytest.mark.parametrize(
    ('model', 'hint'),
    [
        ('anthropic/claude-haiku-5-5', 'ANTHROPIC_API_KEY'),
        ('compatible/x', 'CHIMERA_COMPATIBLE_URL'),
        ('acme/x', 'acme'),
    ],
)
async def test_a_vendor_that_is_not_set_up_says_what_to_do(opened: Open, model: str, hint: str):
    async with opened() as providers:
        with pytest.raises(ProviderError, match=hint) as caught:
            await hear(providers, model)
        assert caught.value.permanent


async def test_every_vendor_says_a_sentence_and_none_says_a_key(opened: Open):
    async with opened() as bare, opened(openai_api_key='sk-secret', gemini_api_key='AI-secret') as keyed:
        for state in (*bare.vendors(), *keyed.vendors()):
            assert state.detail.endswith(('.', 'serve', 'llama3.2'))
            assert 'secret' not in repr(state)


def test_every_row_of_the_catalogue_can_be_used():
    assert len({vendor.id for vendor in VENDORS}) == len(VENDORS)
    for vendor in VENDORS:
        assert vendor.default_model or vendor.is_at_home
        assert vendor.dialect != 'openai' or vendor.base_url or vendor.is_at_home


def test_models_are_named_as_litellm_does():
    assert split_model('openrouter/openrouter/auto') == ('openrouter', 'openrouter/auto')
    assert split_model('ollama_chat/llama3.2') == ('ollama', 'llama3.2')


async def test_the_room_of_a_model_is_known_or_guessed_small(opened: Open):
    async with opened() as providers:
        assert providers.context_tokens('openai/gpt-6-luna') == 922_000
        assert providers.context_tokens('ollama/anything') == 4096
        assert providers.context_tokens('nobody/nothing') == 8192
