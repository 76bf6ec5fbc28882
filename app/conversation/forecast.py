"""What the next turn could use, asked before anybody takes it."""

from __future__ import annotations

from app.conversation import floor
from app.conversation.budget import Forecast
from app.conversation.dials import most_tokens
from app.conversation.plan import World, prompt_for
from app.conversation.record import Record
from app.conversation.speaker_order import NobodyMaySpeak
from app.providers.port import ModelSettings


def forecast(record: Record, world: World) -> Forecast | None:
    """Of whoever speaks next as things stand; None where nobody may."""
    try:
        speaker = floor.next_speaker(record).seat.participant
    except NobodyMaySpeak:
        return None
    model = speaker.model or world.voices.default_model
    prompt = prompt_for(record, world, speaker, record.said, model, record.conversation.turns)
    return world.budget.forecast(speaker.name, prompt, ModelSettings(model, max_tokens=most_tokens(record, speaker)))
