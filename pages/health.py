"""For machines that look after Chimera: is it well, and if not, why."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from app.chimera import Chimera


def create(chimera: Chimera, web: FastAPI) -> None:
    @web.get('/health')
    async def health() -> JSONResponse:
        """200 when a conversation could go on now, 503 with the reason when not."""
        fault = await chimera.store.check()
        body = {
            'status': 'unwell' if fault else 'ok',
            'version': chimera.version,
            'database': fault or 'ok',
            'mode': chimera.providers.mode,
        }
        return JSONResponse(body, status_code=503 if fault else 200, headers={'Cache-Control': 'no-store'})
