"""The host's page: who answers, under which name you speak, what leaves the machine."""

from __future__ import annotations

from nicegui import ui

from app.chimera import Chimera
from app.conversation.hearing import speakable
from app.providers.providers import VendorState
from app.store import people
from components.frame import frame
from components.page import page
from components.plain import Button, box, link, words
from components.text_field import TextField

LONGEST_NAME = 40


def create(chimera: Chimera) -> None:
    @page('/settings')
    async def settings() -> None:
        person = await people.person(chimera.store, chimera.scope)
        with frame(chimera, 'Settings', here='/settings'), box('div', 'settings narrow'):
            words('Settings', tag='h1')
            answering = box('section', aria_label='Who answers')
            draw_answering(chimera, answering)
            your_name(chimera, person.name if person else 'You')
            what_leaves(chimera)
            words(f'Chimera {chimera.version}', 'quiet')


def draw_answering(chimera: Chimera, section: ui.element) -> None:
    providers = chimera.providers

    async def look_again() -> None:
        button.show('Looking…')
        button.allow(False)
        await providers.refresh()
        section.clear()
        draw_answering(chimera, section)

    with section:
        mode_card(chimera)
        with box('div', 'section-head').style('margin: 1.2rem 0 0'):
            words('Vendors and servers', tag='h2')
            button = Button('Look again', look_again)
        with box('div', 'vendors', role='list'):
            for vendor in sorted(providers.vendors(), key=lambda vendor: not vendor.present):
                draw_vendor(vendor)


def mode_card(chimera: Chimera) -> None:
    providers = chimera.providers
    with box('div', 'mode-card', data_mode=providers.mode):
        if providers.mode == 'live':
            words('Live: real models answer', tag='h2')
            words('Where a persona has no model of its own, this one speaks for it:', 'quiet')
            words(providers.default_model, tag='code')
            words('To change it, set CHIMERA_DEFAULT_MODEL and start Chimera again.', 'quiet')
            return
        words('Demo: scripted voices', tag='h2')
        if chimera.settings.demo:
            words(
                'CHIMERA_DEMO is set, so no vendor is asked, with or without a key. Remove it and start again.', 'quiet'
            )
            return
        words('The personas speak from scripts. It costs nothing and asks nobody, and it is not a model.', 'quiet')
        words(
            'To go live, start Ollama or LM Studio on this machine and look again, '
            'or put a key into the environment (OPENAI_API_KEY, for example) and start Chimera again.',
            'quiet',
        )


def draw_vendor(vendor: VendorState) -> None:
    with box('div', 'vendor', role='listitem', data_vendor=vendor.id, data_present=str(vendor.present).lower()):
        with box('div', 'head'):
            words(vendor.label, 'name', 'span')
            count = len(vendor.models)
            models = f'{count} models' if count != 1 else '1 model'
            words(models if vendor.present else 'Not set up', 'state', 'span')
        words(vendor.detail)


def your_name(chimera: Chimera, name: str) -> None:
    async def rename(typed: str) -> None:
        chosen = ' '.join(speakable(typed).split())
        if not 1 <= len(chosen) <= LONGEST_NAME:
            field.refuse(f'A name has 1 to {LONGEST_NAME} characters.')
            return
        await people.rename_person(chimera.store, chimera.scope, chosen)
        field.accept(typed)
        field.suggest(chosen)
        saved.text = f'From now on you speak as {chosen}.'

    with box('section', aria_label='Your name'):
        words('Your name', tag='h2')
        words('The personas address you by it when you join in.', 'quiet')
        with box('div', 'inline-form'):
            field = TextField('Your name', draft='name', enter=rename, placeholder=name, hide_label=True)
            Button('Save name', field.submit)
        saved = words('', 'quiet', role='status')


def what_leaves(chimera: Chimera) -> None:
    with box('section', 'prose', aria_label='What leaves this machine'):
        words('What leaves this machine', tag='h2')
        words(
            'In demo mode nothing does. In live mode each turn sends the topic, the personas in it and the recent '
            'lines to the vendor of the model that speaks, and to nobody else. A model on this machine keeps it here.'
        )
        words('There is no telemetry, no account and no update check. Keys come from the environment; none is shown.')
        words(f'Everything Chimera keeps is in {chimera.settings.data_dir}.')
        link('Meet the personas', '/personas')
