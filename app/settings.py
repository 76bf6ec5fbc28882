"""Everything that may be set from outside, and the only place that reads the environment.

`.env.example` lists all of it; `tests/test_settings.py` keeps the two the same.
"""

import contextlib
import ipaddress
import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class WrongSetting(Exception):
    """Raised with one sentence that names the setting, its fault and a right example."""


def _web_address(value: str) -> str:
    if not re.match(r'https?://[^/\s]', value):
        raise ValueError('must be a web address that begins with http:// or https://')
    return value.rstrip('/')


def _model_name(value: str) -> str:
    vendor, _, name = value.partition('/')
    if not vendor or not name:
        raise ValueError('must be a vendor and a model with a slash between them')
    return value


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _names(value: object) -> object:
    return tuple(name.strip().lower() for name in value.split(',') if name.strip()) if isinstance(value, str) else value


def _two_prices(value: object) -> object:
    """Dollars for a million tokens, in and out."""
    if not isinstance(value, str):
        return value
    try:
        prices = tuple(float(price) for price in value.split(','))
    except ValueError:
        prices = ()
    if len(prices) != 2 or not all(0 <= price < 1_000_000 for price in prices):
        raise ValueError('must be two prices in dollars for a million tokens, in and out, with a comma between them')
    return prices


WebAddress = Annotated[str, AfterValidator(_web_address)]
ModelName = Annotated[str, AfterValidator(_model_name)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix='CHIMERA_', env_file='.env', env_file_encoding='utf-8', env_ignore_empty=True, extra='ignore',
        populate_by_name=True, frozen=True, hide_input_in_errors=True,
    )  # fmt: skip

    # Where it listens
    host: str = Field(default='127.0.0.1', examples=['127.0.0.1'])
    port: int = Field(default=8080, ge=1, le=65535, examples=['8080'])
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)] = Field(
        default=(), examples=['chimera.example.org,chimera.local']
    )
    trust_network: bool = Field(default=False, examples=['true'], validate_default=True)
    ci: str | None = Field(default=None, validation_alias='CI', examples=['true'])
    open_browser: bool = Field(default=False, examples=['true'])

    # What it keeps
    data_dir: Path = Field(default=Path('data'), examples=['./data'], validate_default=True)
    database_url: str | None = Field(
        default=None, repr=False, examples=['postgresql://user:password@localhost/chimera']
    )

    # What it may spend
    max_money: float | None = Field(default=None, gt=0, le=1_000_000, examples=['5'])

    # What it tells
    log_format: Annotated[Literal['plain', 'json'], BeforeValidator(_lower)] = Field(default='plain', examples=['json'])
    log_level: Annotated[Literal['debug', 'info', 'warning', 'error'], BeforeValidator(_lower)] = Field(
        default='info', examples=['debug']
    )

    # Who answers
    demo: bool = Field(default=False, examples=['true'])
    default_model: ModelName | None = Field(default=None, examples=['ollama/llama3.2'])
    discover_local: bool = Field(default=True, examples=['false'])
    ollama_url: WebAddress = Field(default='http://127.0.0.1:11434', examples=['http://127.0.0.1:11434'])
    lm_studio_url: WebAddress = Field(default='http://127.0.0.1:1234', examples=['http://127.0.0.1:1234'])
    compatible_url: WebAddress | None = Field(default=None, examples=['http://127.0.0.1:8000/v1'])
    compatible_key: SecretStr | None = None
    compatible_price: Annotated[tuple[float, float] | None, NoDecode, BeforeValidator(_two_prices)] = Field(
        default=None, examples=['0.15,0.60']
    )
    openai_api_key: SecretStr | None = Field(default=None, validation_alias='OPENAI_API_KEY')
    openai_base_url: WebAddress | None = Field(
        default=None, validation_alias='OPENAI_BASE_URL', examples=['https://api.openai.com/v1']
    )
    anthropic_api_key: SecretStr | None = Field(default=None, validation_alias='ANTHROPIC_API_KEY')
    deepseek_api_key: SecretStr | None = Field(default=None, validation_alias='DEEPSEEK_API_KEY')
    gemini_api_key: SecretStr | None = Field(default=None, validation_alias='GEMINI_API_KEY')
    openrouter_api_key: SecretStr | None = Field(default=None, validation_alias='OPENROUTER_API_KEY')

    @property
    def store_url(self) -> str:
        """The database in use: the one that was set, else a file in the data folder."""
        return self.database_url or f'sqlite:///{self.data_dir / "chimera.db"}'

    @property
    def backups(self) -> Path:
        return self.data_dir / 'backups'

    def secret(self, name: str) -> str:
        """A random text that only this installation knows, made on first use and the same ever after."""
        folder = self.data_dir / 'secrets'
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = folder / name
        if not kept.exists():
            _create_once(kept, secrets.token_urlsafe(32))
        return kept.read_text(encoding='ascii')

    @field_validator('host')
    @classmethod
    def _is_a_host(cls, host: str) -> str:
        if '/' in host or ' ' in host or re.search(r'[^:]:\d+$', host):
            raise ValueError('must be a host name or an IP address alone, without http:// and without a port')
        return host

    @field_validator('trust_network')
    @classmethod
    def _strangers_are_let_in_knowingly(cls, trusted: bool, others: ValidationInfo) -> bool:
        host = others.data.get('host', 'localhost')
        if not trusted and not _is_loopback(host):
            raise ValueError(
                f'must be true when CHIMERA_HOST={host} lets other machines in: '
                'there are no accounts yet, so anyone who reaches this address can use everything'
            )
        return trusted

    @field_validator('open_browser')
    @classmethod
    def _build_machines_have_no_browser(cls, wanted: bool, others: ValidationInfo) -> bool:
        return wanted and not others.data.get('ci')

    @field_validator('data_dir')
    @classmethod
    def _stays_the_same_folder(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @field_validator('database_url')
    @classmethod
    def _is_a_known_database(cls, url: str | None) -> str | None:
        if url and not re.match(r'(sqlite|postgres|postgresql)(\+\w+)?://', url):
            raise ValueError('must be the address of a PostgreSQL or SQLite database')
        return re.sub('^postgres://', 'postgresql://', url) if url else None


def load_settings(**overrides: Any) -> Settings:
    """Reads the environment and `.env`, lets `overrides` win, and makes the data folder."""
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        raise WrongSetting(_sentence(error)) from None
    except UnicodeDecodeError:
        raise WrongSetting('The file .env is not UTF-8 text: save it again as UTF-8.') from None
    _make_folder(settings.data_dir)
    return settings


# Messages of pydantic that a stranger would not understand, in plain words.
FAULTS = {
    'int_parsing': 'is not a whole number',
    'int_from_float': 'is not a whole number',
    'bool_parsing': 'is neither true nor false',
    'float_parsing': 'is not a number',
    'greater_than': 'is too small (it must be more than {gt})',
    'greater_than_equal': 'is too small (the smallest is {ge})',
    'less_than_equal': 'is too large (the largest is {le})',
    'literal_error': 'is not one of {expected}',
}


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    field_name = _field_at(str(first['loc'][0]))
    context = first.get('ctx', {})
    name = name_outside(field_name)
    example = (Settings.model_fields[field_name].examples or ['(the value your vendor gave you)'])[0]
    if first['type'] in FAULTS:
        fault = f'{name}={first["input"]} ' + FAULTS[first['type']].format_map(context)
    else:  # the value may hold a password: it is not repeated
        fault = f'{name} {context.get("error", first["msg"])}'
    return f'{fault}; for example {name}={example}'


def name_outside(field_name: str) -> str:
    """The environment variable of a setting."""
    alias = Settings.model_fields[field_name].validation_alias
    return alias if isinstance(alias, str) else f'CHIMERA_{field_name.upper()}'


def _field_at(place: str) -> str:
    return next(name for name in Settings.model_fields if place in (name, name_outside(name)))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip('[]')).is_loopback
    except ValueError:
        return host.lower() == 'localhost'


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise _wrong_folder(folder, 'is a file and not a folder') from None
    except OSError as error:
        raise _wrong_folder(folder, f'cannot be made ({error.strerror})') from None
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise _wrong_folder(folder, 'may not be written by this user')


def _wrong_folder(folder: Path, fault: str) -> WrongSetting:
    return WrongSetting(f'CHIMERA_DATA_DIR: {folder} {fault}; for example CHIMERA_DATA_DIR=./data')


def _create_once(path: Path, text: str) -> None:
    # Two starts at the same moment must agree on one secret: whoever links first wins, and nobody reads half a file.
    draft = path.with_name(f'.{path.name}.{secrets.token_hex(4)}')
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'w', encoding='ascii') as file:
        file.write(text)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
