"""A conversation as one file to keep: for the director."""

from __future__ import annotations

import json
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from app.chimera import Chimera
from app.live.capsules import capsule_of, file_name


def create(chimera: Chimera, web: FastAPI) -> None:
    @web.get('/conversation/{conversation_id}/capsule')
    async def capsule(conversation_id: str) -> Response:
        """404 where the person has no such conversation."""
        kept = await capsule_of(chimera.store, chimera.scope, conversation_id)
        if kept is None:
            return JSONResponse({'detail': 'There is no such conversation.'}, status_code=404)
        name = quote(file_name(kept['conversation']['title']))
        headers = {'Content-Disposition': f"attachment; filename*=utf-8''{name}", 'Cache-Control': 'no-store'}
        return Response(json.dumps(kept, ensure_ascii=False), media_type='application/json', headers=headers)
