"""Charlie is a website that a browser on Alice's machine happens to visit."""

import httpx
import pytest
from fastapi import FastAPI

from app.settings import Settings
from components.shield import Shield

OURS = ['localhost', 'localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST']
FOREIGN = [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:8080',
    '',
    '[::1].evil.example',
    'evil.example:localhost',
]


def door(**settings) -> FastAPI:
    web = FastAPI()
    web.add_middleware(Shield, settings=Settings(**settings))

    @web.get('/')
    async def page() -> str:
        return 'the page'

    return web


async def ask(web: FastAPI, host: str = 'localhost', **headers: str) -> httpx.Response:
    named = {f'Sec-Fetch-{name.capitalize()}': value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url='http://localhost') as client:
        return await client.get('/', headers={'Host': host, **named})


@pytest.mark.parametrize('host', OURS)
async def test_the_names_of_this_machine_are_answered(host):
    answer = await ask(door(), host)
    assert answer.text == '"the page"'
    assert "object-src 'none'" in answer.headers['content-security-policy']
    assert answer.headers['x-content-type-options'] == 'nosniff'


@pytest.mark.parametrize('host', FOREIGN)
async def test_a_foreign_name_for_our_address_is_refused(host):
    answer = await ask(door(), host)
    assert answer.status_code == 421
    assert 'the page' not in answer.text


async def test_a_socket_under_a_foreign_name_is_refused():
    sent = []

    async def send(message):
        sent.append(message)

    async def silence():
        return {}

    async def reached(scope, receive, send):
        sent.append('reached')

    shield = Shield(reached, Settings())
    await shield({'type': 'websocket', 'headers': [(b'host', b'evil.example')]}, silence, send)
    assert sent == [{'type': 'websocket.close', 'code': 1008}]


async def test_trusting_the_network_is_not_trusting_every_name():
    trusting = door(trust_network=True, host='0.0.0.0', allowed_hosts='chimera.home.arpa, Stage.local')
    assert (await ask(trusting, '192.168.1.20:8080')).status_code == 200
    assert (await ask(trusting, 'stage.local')).status_code == 200
    assert (await ask(trusting, 'evil.example')).status_code == 421


async def test_a_page_of_another_site_gets_nothing_by_itself():
    assert (await ask(door(), site='cross-site', mode='no-cors', dest='image')).status_code == 403
    assert (await ask(door(), site='cross-site', mode='navigate', dest='iframe')).status_code == 403


async def test_a_link_on_another_site_may_be_followed():
    assert (await ask(door(), site='cross-site', mode='navigate', dest='document')).status_code == 200
    assert (await ask(door(), site='same-origin', mode='cors', dest='empty')).status_code == 200
