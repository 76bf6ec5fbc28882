"""What may be set from outside, and how a wrong value is told."""

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.settings import Settings, WrongSetting, load_settings, name_outside

EXAMPLE = Path(__file__).parents[1] / '.env.example'
LISTED = dict(re.findall(r'^# ([A-Z_]+)=(.*)$', EXAMPLE.read_text(encoding='utf-8'), re.MULTILINE))


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings()
    assert (settings.host, settings.port) == ('127.0.0.1', 8080)
    assert settings.data_dir == Path.cwd() / 'data'
    assert settings.store_url == f'sqlite:///{Path.cwd()}/data/chimera.db'


def test_example_file_lists_every_setting_and_no_other() -> None:
    assert sorted(LISTED) == sorted(name_outside(field) for field in Settings.model_fields)


def test_example_file_tells_the_true_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = Settings()
    for name, value in LISTED.items():
        monkeypatch.setenv(name, value)
    assert Settings() == expected


def test_environment_wins_over_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path('.env').write_text('CHIMERA_PORT=9001\nCHIMERA_LOG_LEVEL=DEBUG\nOPENAI_API_KEY=sk-file\n', encoding='utf-8')
    monkeypatch.setenv('CHIMERA_PORT', '9002')
    settings = load_settings(_env_file='.env')
    assert (settings.port, settings.log_level) == (9002, 'debug')
    assert settings.openai_api_key == SecretStr('sk-file')


@pytest.mark.parametrize(
    ('name', 'value', 'sentence'),
    [
        ('CHIMERA_PORT', 'eighty', 'CHIMERA_PORT=eighty is not a whole number; for example CHIMERA_PORT=8080'),
        ('CHIMERA_PORT', '0', 'CHIMERA_PORT=0 is too small (the smallest is 1)'),
        ('CHIMERA_PORT', '99999', 'CHIMERA_PORT=99999 is too large (the largest is 65535)'),
        ('CHIMERA_DEMO', 'perhaps', 'CHIMERA_DEMO=perhaps is neither true nor false'),
        ('CHIMERA_HOST', 'http://me', 'without http:// and without a port; for example CHIMERA_HOST=127.0.0.1'),
        ('CHIMERA_HOST', 'localhost:80', 'CHIMERA_HOST must be a host name or an IP address alone'),
        ('CHIMERA_LOG_LEVEL', 'loud', "CHIMERA_LOG_LEVEL=loud is not one of 'debug', 'info', 'warning' or 'error'"),
        ('CHIMERA_LOG_FORMAT', 'xml', "CHIMERA_LOG_FORMAT=xml is not one of 'plain' or 'json'"),
        ('CHIMERA_DEFAULT_MODEL', 'llama', 'CHIMERA_DEFAULT_MODEL must be a vendor and a model with a slash'),
        ('CHIMERA_OLLAMA_URL', 'here', 'for example CHIMERA_OLLAMA_URL=http://127.0.0.1:11434'),
        ('OPENAI_BASE_URL', 'there', 'OPENAI_BASE_URL must be a web address'),
    ],
)
def test_wrong_value_is_told_in_one_sentence(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting) as refused:
        load_settings()
    assert sentence in str(refused.value)
    assert '\n' not in str(refused.value)


def test_password_of_a_wrong_database_is_not_repeated() -> None:
    with pytest.raises(WrongSetting, match='CHIMERA_DATABASE_URL must be') as refused:
        load_settings(database_url='mysql://chimera:swordfish@localhost/chimera')
    assert 'swordfish' not in str(refused.value)


def test_settings_show_no_secret() -> None:
    shown = repr(load_settings(openai_api_key='sk-secret', database_url='postgresql://me:swordfish@localhost/x'))
    assert 'sk-secret' not in shown
    assert 'swordfish' not in shown


@pytest.mark.parametrize('host', ['127.0.0.1', '127.8.8.8', '::1', 'localhost'])
def test_this_machine_alone_needs_no_trust(host: str) -> None:
    assert load_settings(host=host).host == host


@pytest.mark.parametrize('host', ['0.0.0.0', '::', '192.168.1.20', 'chimera.lan'])
def test_others_are_let_in_only_knowingly(host: str) -> None:
    with pytest.raises(WrongSetting, match=r'no accounts yet.*CHIMERA_TRUST_NETWORK=true'):
        load_settings(host=host)
    assert load_settings(host=host, trust_network=True).host == host


def test_browser_stays_shut_on_a_build_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(open_browser=True).open_browser
    monkeypatch.setenv('CI', 'true')
    assert not load_settings(open_browser=True).open_browser


def test_data_folder_is_private() -> None:
    assert mode(load_settings(data_dir='deep/down').data_dir) == 0o700


@pytest.mark.parametrize('folder', ['file', 'file/below'])
def test_data_folder_that_cannot_be_is_told(folder: str) -> None:
    Path('file').touch()
    with pytest.raises(WrongSetting, match=r'CHIMERA_DATA_DIR: .* for example CHIMERA_DATA_DIR=\./data'):
        load_settings(data_dir=folder)


def test_env_file_in_a_foreign_encoding_is_told() -> None:
    Path('.env').write_bytes('CHIMERA_HOST=grüß'.encode('utf-16'))
    with pytest.raises(WrongSetting, match=r'\.env is not UTF-8'):
        load_settings(_env_file='.env')


def test_secret_is_made_once_and_private(settings: Settings) -> None:
    word = settings.secret('storage')
    kept = settings.data_dir / 'secrets' / 'storage'
    assert len(word) >= 32
    assert word == settings.secret('storage') == kept.read_text()
    assert word != settings.secret('another')
    assert (mode(kept), mode(kept.parent)) == (0o600, 0o700)


def test_many_starts_at_once_agree_on_one_secret(settings: Settings) -> None:
    def ask(_: Any) -> str:
        return settings.secret('storage')

    with ThreadPoolExecutor(16) as starts:
        assert len(set(starts.map(ask, range(64)))) == 1
    assert [file.name for file in (settings.data_dir / 'secrets').iterdir()] == ['storage']


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
