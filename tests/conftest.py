"""What every test stands on: nothing of this machine's settings, no network but loopback, a data folder of its own.

Sockets are guarded by pytest-socket (see `addopts` in pyproject.toml).
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.settings import Settings, load_settings, name_outside
from tests.fake_vendor import FakeVendor

pytest_plugins = ['tests.fixtures_store', 'tests.fixtures_conversation']


@pytest.fixture(autouse=True)
def nothing_set_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's keys and `.env` must neither be used nor change what a test sees."""
    names = {name_outside(field) for field in Settings.model_fields}
    for name in names | {name for name in os.environ if name.startswith('CHIMERA_')}:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(Settings.model_config, 'env_file', None)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / 'data', discover_local=False)


@pytest.fixture
async def vendor() -> AsyncIterator[FakeVendor]:
    async with FakeVendor() as vendor:
        yield vendor
