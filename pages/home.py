"""The director's first screen: begin a conversation, or go back to one."""

from __future__ import annotations

from app.chimera import Chimera
from components.conversation_list import ConversationList
from components.demo_banner import demo_banner
from components.frame import frame
from components.opening import Opening
from components.page import page


def create(chimera: Chimera) -> None:
    @page('/')
    async def home(cast: str = '') -> None:
        """`cast` preselects personas by their ids, with commas between them."""
        with frame(chimera, 'Home', here='/'):
            demo_banner(chimera)
            Opening(chimera, preselected=[id for id in cast.split(',') if id])
            await ConversationList(chimera).fill()
