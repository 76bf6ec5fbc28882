"""The rules of the house that no linter knows, each shown to bite on a piece of bad source."""

import ast
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

ROOT = Path(__file__).parents[1]
SOURCES = [
    ROOT / 'main.py',
    *sorted(path for folder in ('app', 'components', 'pages') for path in (ROOT / folder).rglob('*.py')),
]

SQL = {'sqlalchemy', 'sqlmodel', 'sqlite3', 'aiosqlite', 'psycopg', 'alembic'}
MODEL_CLIENTS = {'litellm', 'openai', 'anthropic', 'aiohttp', 'httpx', 'requests', 'urllib3'}
# Capitals or small letters, but no sentence that begins with "Select a cast from ...".
STATEMENT = re.compile(
    r'\s*(select\s.+\sfrom|insert\s+into|update\s.+\sset|delete\s+from|create\s+table|pragma'
    r'|SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s.+\sSET|DELETE\s+FROM|CREATE\s+TABLE|PRAGMA)\s',
    re.DOTALL,
)


def faults(place: str, source: str) -> list[str]:
    """The rules that a file at `place` (seen from the root) breaks."""
    tree = ast.parse(source)
    return sorted({fault for rule in RULES for fault in rule(place, tree)})


def only_the_store_knows_sql(place: str, tree: ast.Module) -> Iterator[str]:
    if place.startswith('app/store/'):
        return
    if {module.split('.')[0] for module, _ in imports(tree)} & SQL:
        yield 'only app/store imports a database library'
    if any(STATEMENT.match(text) for text in texts(tree)):
        yield 'only app/store holds SQL'


def conversation_asks_the_store_nothing(place: str, tree: ast.Module) -> Iterator[str]:
    if not place.startswith('app/conversation/'):
        return
    for module, name in imports(tree):
        whole = f'{module}.{name}'
        if whole.startswith('app.store') and not whole.startswith(
            ('app.store.tables', 'app.store.entry', 'app.store.scope')
        ):
            yield 'app/conversation takes rows from app.store and no query'


def only_providers_reach_models(place: str, tree: ast.Module) -> Iterator[str]:
    clients = {module.split('.')[0] for module, _ in imports(tree)} & MODEL_CLIENTS
    if clients and not place.startswith('app/providers/'):
        yield 'only app/providers imports a client of models'


def only_settings_read_the_environment(place: str, tree: ast.Module) -> Iterator[str]:
    if place == 'app/settings.py':
        return
    allowed = set(handed_on(tree))
    if place.startswith('app/providers/'):  # litellm is configured through the environment: writing is allowed there
        allowed |= set(written_to(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {'environ', 'environb', 'getenv'} and node not in allowed:
            yield 'only app/settings.py reads the environment'
    if any(module == 'os' and name in {'environ', 'getenv'} for module, name in imports(tree)):
        yield 'only app/settings.py reads the environment'


def the_core_draws_nothing(place: str, tree: ast.Module) -> Iterator[str]:
    if not place.startswith('app/'):
        return
    for module, name in imports(tree):
        if module.split('.')[0] == 'nicegui' and (module, name) != ('nicegui', 'Event'):
            yield 'app/ takes from nicegui the Event only'


def markdown_goes_through_our_renderer(place: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == 'markdown' and getattr(node.value, 'id', '') == 'ui':
            yield 'ui.markdown is never used: it is quadratic on streams and not safe on data'


def one_stream_of_log_lines(place: str, tree: ast.Module) -> Iterator[str]:
    # litellm has to be silenced where it is imported
    if place not in {'app/logs.py', 'app/providers/litellm_reader.py'} and any(
        module == 'logging' for module, _ in imports(tree)
    ):
        yield 'log with structlog; only app/logs.py knows logging'


RULES = [
    only_the_store_knows_sql,
    conversation_asks_the_store_nothing,
    only_providers_reach_models,
    only_settings_read_the_environment,
    the_core_draws_nothing,
    markdown_goes_through_our_renderer,
    one_stream_of_log_lines,
]


@pytest.mark.parametrize(
    'path', [path for path in SOURCES if path.exists()], ids=lambda path: str(path.relative_to(ROOT))
)
def test_source_keeps_the_rules(path: Path) -> None:
    assert faults(path.relative_to(ROOT).as_posix(), path.read_text(encoding='utf-8')) == []


@pytest.mark.parametrize(
    ('place', 'source', 'fault'),
    [
        ('pages/home.py', 'from sqlmodel import select', 'only app/store imports a database library'),
        ('app/live/x.py', 'def f():\n    import sqlite3', 'only app/store imports a database library'),
        ('pages/home.py', "rows('SELECT id FROM message ')", 'only app/store holds SQL'),
        ('pages/home.py', "rows(f'delete from {table} where true')", 'only app/store holds SQL'),
        ('app/conversation/x.py', 'import app.store.people', 'app/conversation takes rows from app.store and no query'),
        (
            'app/conversation/x.py',
            'from app.store import people',
            'app/conversation takes rows from app.store and no query',
        ),
        ('app/live/x.py', 'import litellm', 'only app/providers imports a client of models'),
        ('pages/x.py', 'from aiohttp import ClientSession', 'only app/providers imports a client of models'),
        ('main.py', "import os\nos.environ['CHIMERA_PORT']", 'only app/settings.py reads the environment'),
        ('app/store/x.py', "from os import getenv\ngetenv('HOME')", 'only app/settings.py reads the environment'),
        ('app/providers/x.py', "import os\nos.environ.get('KEY')", 'only app/settings.py reads the environment'),
        ('app/live/x.py', 'from nicegui import ui', 'app/ takes from nicegui the Event only'),
        ('app/live/x.py', 'import nicegui', 'app/ takes from nicegui the Event only'),
        ('app/live/x.py', 'from nicegui.event import Event', 'app/ takes from nicegui the Event only'),
        (
            'components/x.py',
            "ui.markdown('*hi*')",
            'ui.markdown is never used: it is quadratic on streams and not safe on data',
        ),
        ('app/live/x.py', 'import logging', 'log with structlog; only app/logs.py knows logging'),
    ],
)
def test_rule_bites(place: str, source: str, fault: str) -> None:
    assert faults(place, source) == [fault]


@pytest.mark.parametrize(
    ('place', 'source'),
    [
        ('app/store/x.py', 'import sqlalchemy\nfrom sqlmodel import text\ntext("PRAGMA user_version")'),
        ('app/conversation/x.py', 'from app.store.tables import Message\nfrom app.store import tables'),
        (
            'app/providers/x.py',
            "import litellm, os\nos.environ['LITELLM_MODE'] = 'PRODUCTION'\nos.environ.setdefault('A', 'b')",
        ),
        ('app/store/x.py', "import os, subprocess\nsubprocess.run(['pg_dump'], env=os.environ | {'PGPASSWORD': word})"),
        ('app/live/x.py', 'from nicegui import Event'),
        ('pages/x.py', "ui.label('Select a cast from the list')"),
    ],
)
def test_what_is_allowed_passes(place: str, source: str) -> None:
    assert faults(place, source) == []


def test_requirements_name_no_address_and_hash_everything() -> None:
    for listed in (ROOT / 'requirements').glob('*.txt'):
        text = listed.read_text(encoding='utf-8')
        assert not re.search(r'://|--(extra-)?index-url|--find-links', text), listed.name
        pins = re.findall(r'^[^\s#-].*', text, re.MULTILINE)
        assert pins
        assert all('==' in pin and pin.endswith('\\') for pin in pins), listed.name


@pytest.mark.filterwarnings('ignore:A test tried to use socket')
def test_network_is_refused_beyond_this_machine() -> None:
    with socket.socket() as outside, pytest.raises(SocketConnectBlockedError):
        outside.connect(('192.0.2.1', 80))


def imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(module, name) of every import, wherever it stands; name is empty for `import module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, '') for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or '', alias.name) for alias in node.names)


def texts(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def written_to(tree: ast.Module) -> Iterator[ast.expr]:
    """Every `x` of `x['KEY'] = ...` and `x.setdefault(...)`."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=place, ctx=ast.Store()) | ast.Attribute(value=place, attr='setdefault' | 'update'):
                yield place


def handed_on(tree: ast.Module) -> Iterator[ast.AST]:
    """What stands in `env=...`: a child process gets our environment, and nobody here reads it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == 'env':
            yield from ast.walk(node.value)
