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


async def ask(web: FastAPI, host: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url='http://localhost') as client:
        return await client.get('/', headers={'Host': host})


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


async def test_a_host_who_trusts_the_network_may_be_called_anything():
    assert (await ask(door(trust_network=True), 'chimera.home.arpa')).status_code == 200
