"""What a model costs is known without asking anybody, and what is not known is said to be so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.providers.port import FREE, Price
from app.providers.prices import read_price
from app.providers.providers import Providers
from app.settings import WrongSetting, load_settings


def providers(folder: Path, **settings: Any) -> Providers:
    return Providers(load_settings(data_dir=folder, discover_local=False, **settings))


def test_a_vendors_models_have_the_prices_of_the_list(tmp_path: Path) -> None:
    alice = providers(tmp_path)
    for model in (
        'openai/gpt-4.1-mini',
        'anthropic/claude-opus-5-5',
        'deepseek/deepseek-flash',
        'gemini/gemini-2.5-flash',
    ):
        price = alice.price(model)
        assert price, model
        assert 0 < price.prompt < price.completion, model
    assert alice.price('openai/gpt-4.1-mini') == Price(400_000, 1_600_000)


def test_what_runs_at_home_is_free(tmp_path: Path) -> None:
    alice = providers(tmp_path)
    assert [alice.price(m) for m in ('demo/scripted', 'ollama/llama3.2', 'lm_studio/any')] == [FREE] * 3
    assert providers(tmp_path, demo=True).price('openai/gpt-4.1-mini') == FREE, 'only the scripted voices speak'


def test_what_nobody_knows_is_none(tmp_path: Path) -> None:
    alice = providers(tmp_path, compatible_url='http://127.0.0.1:8000/v1')
    unknown = ('openrouter/auto', 'openai/made-up', 'nobody/nothing', 'compatible/any', 'demo')
    assert [alice.price(model) for model in unknown[:4]] == [None] * 4
    elsewhere = providers(tmp_path, openai_base_url='http://127.0.0.1:9/v1')
    assert elsewhere.price('openai/gpt-4.1-mini') is None, 'a name is no price at another address'


def test_ones_own_server_costs_what_it_is_said_to_cost(tmp_path: Path) -> None:
    alice = providers(tmp_path, compatible_url='http://127.0.0.1:8000/v1', compatible_price='0.15, 0.60')
    assert alice.price('compatible/any') == Price(150_000, 600_000)


@pytest.mark.parametrize('wrong', ['cheap', '1', '1,2,3', '-1,2', 'nan,1', 'inf,1', ','])
def test_a_wrong_price_is_told_in_a_sentence(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(
        WrongSetting, match=r'CHIMERA_COMPATIBLE_PRICE must be two prices .* CHIMERA_COMPATIBLE_PRICE=0.15'
    ):
        load_settings(data_dir=tmp_path, compatible_price=wrong)


def test_a_long_prompt_is_dearer_where_the_list_says_so() -> None:
    price = read_price(
        {
            'input_cost_per_token': 1e-6,
            'output_cost_per_token': 2e-6,
            'input_cost_per_token_above_200k_tokens': 3e-6,
            'output_cost_per_token_above_200k_tokens': 4e-6,
        }
    )
    assert price
    assert price.of(200_000, 10) == 200_020
    assert price.of(200_001, 10) == 600_043


def test_thoughts_and_a_cache_that_fills_itself_count_at_their_own_price() -> None:
    paid = {'input_cost_per_token': 1e-6, 'output_cost_per_token': 2e-6}
    more = {'output_cost_per_reasoning_token': 5e-6, 'cache_creation_input_token_cost': 1.25e-6}
    assert read_price(paid | more) == Price(1_250_000, 5_000_000)
    assert read_price(paid | more | {'litellm_provider': 'anthropic'}) == Price(1_000_000, 5_000_000)
    assert read_price({'output_cost_per_image': 0.04}) is None


def test_the_longest_answer_that_money_pays_for_costs_no_more_than_it() -> None:
    price = Price(333_333, 1_777_777)
    for money in range(0, 3_000, 7):
        answer = price.answer_for(money, 500)
        assert answer is not None
        if answer:
            assert price.of(500, answer) <= money < price.of(500, answer + 1) + 1


def test_reading_the_list_imports_no_litellm() -> None:
    source = 'import sys; from app.providers.prices import price_list as p; assert p() and "litellm" not in sys.modules'
    subprocess.run([sys.executable, '-c', source], check=True, cwd=Path(__file__).parents[1])
