"""The composition root: owns everything that has a life, and starts and stops it in the right order."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.casting.library import Library
from app.conversation.clock import Clock
from app.conversation.formats.shelf import Formats
from app.conversation.money import DOLLAR
from app.conversation.purse import Purse
from app.conversation.voices import Voices
from app.live.channel import Channels
from app.live.insight import Insights
from app.live.journal import Journal
from app.live.runner import LocalRunner
from app.live.wings import Wings
from app.providers.providers import Providers
from app.settings import Settings
from app.store import people
from app.store.engine import make_sync_engine
from app.store.journal_writer import JournalWriter
from app.store.migrate import migrate
from app.store.scope import Scope
from app.store.spending import money_today
from app.store.store import Store
from app.store.sweep import interrupt_cut_turns

VERSION = '0.1.0'
PERSONAS = Path(__file__).parent.parent / 'personas'


class Chimera:
    """Everything of one running Chimera. `scope` is the home workspace: there is one person until accounts exist."""

    scope: Scope
    runner: LocalRunner
    journal: Journal
    purse: Purse

    def __init__(self, settings: Settings, voices: Voices | None = None, clock: Clock | None = None) -> None:
        self.settings = settings
        self.version = VERSION
        self.library = Library(PERSONAS)
        self.formats = Formats(settings.data_dir / 'formats')
        self.store = Store(settings.store_url)
        self.channels = Channels()
        self.insights = Insights(self.store, self.channels)
        self.wings = Wings(self.store, self.library)
        self.providers = Providers(settings, rest=self._until_shown)
        self._voices = voices or self.providers
        self._clock = clock

    async def start(self) -> None:
        """Raises NewerDatabase or DatabaseFault, each with a sentence for the person who starts Chimera."""
        await asyncio.to_thread(migrate, self.settings.store_url, self.settings.backups)
        await self.store.open()
        self.scope = await people.home(self.store)
        await interrupt_cut_turns(self.store, None)
        self.journal = Journal(JournalWriter(make_sync_engine(self.settings.store_url)), self.channels)
        await self.journal.open()
        await self.providers.start()
        self.purse = await self._purse()
        self.runner = LocalRunner(
            self.store, self.library, self._voices, self.journal, self._clock, self.purse, self.formats
        )

    async def _purse(self) -> Purse:
        dollars = self.settings.max_money
        return Purse(round(dollars * DOLLAR), await money_today(self.store)) if dollars else Purse()

    async def _until_shown(self) -> None:
        await self.journal.rest()

    async def stop(self) -> None:
        self.insights.close()
        await self.runner.close()
        await self.journal.close()
        await self.providers.stop()
        await self.store.close()
