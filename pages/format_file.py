"""A format as a file to hand on: for the director."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from app.chimera import Chimera


def create(chimera: Chimera, web: FastAPI) -> None:
    @web.get('/format/{id}.yaml')
    async def format_file(id: str) -> Response:
        """404 where there is no such format."""
        if (text := chimera.formats.text(id)) is None:
            return JSONResponse({'detail': 'There is no such format.'}, status_code=404)
        headers = {'Content-Disposition': f'attachment; filename="{id}.yaml"', 'Cache-Control': 'no-store'}
        return Response(text, media_type='application/yaml', headers=headers)
