"""Makes a turn ready to be taken: who speaks, what they are told, with which model, at what tempo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.conversation.briefing import briefing
from app.conversation.budget import Budget
from app.conversation.clock import Clock
from app.conversation.dials import most_tokens, tempo_of
from app.conversation.hearing import Hearing
from app.conversation.knowledge import known_to
from app.conversation.pacing import Typing
from app.conversation.plain_line import AnyLine
from app.conversation.prompt import assemble
from app.conversation.record import Record
from app.conversation.turn import Turn
from app.conversation.voices import Journal, Voices
from app.providers.port import ModelSettings, Prompt, PromptMessage
from app.store.tables import Message, Participant


@dataclass(frozen=True, slots=True)
class World:
    """What a turn needs beside what is known of the conversation."""

    voices: Voices
    journal: Journal
    clock: Clock
    budget: Budget


def plan(
    record: Record, world: World, message: Message, said: Sequence[AnyLine],
    messages: tuple[PromptMessage, ...] | None = None,
) -> Turn:  # fmt: skip
    """The turn that `message` is to be filled by, after what was said before it. `messages` are sent in place of those
    that would be. Its worst case has been set aside: it is to be settled, or dropped. Raises NoRoom where it does not
    fit."""
    speaker = record.participant(message.participant_id)
    prompt = prompt_of(record, world, message, said)
    prompt = replace(prompt, messages=messages or prompt.messages)
    others = [name for p in record.participants if p.id != speaker.id for name in record.names(p)]
    persona = record.personas[speaker.id]
    settings = ModelSettings(
        message.model or world.voices.default_model,
        temperature=persona.temperature,
        max_tokens=most_tokens(record, speaker),
    )
    hearing = Hearing(record.names(speaker), others)
    typing = Typing(
        tempo_of(record, speaker, persona.tempo), lambda: record.conversation.pace, world.clock, prompt.seed
    )
    allowance = world.budget.allow(prompt, settings)
    return Turn(message, prompt, settings, hearing, typing, world.voices, world.journal, world.clock, allowance)


def prompt_of(record: Record, world: World, message: Message, said: Sequence[AnyLine]) -> Prompt:
    """What the turn of this message is sent. Nothing is set aside for it."""
    speaker = record.participant(message.participant_id)
    taken = record.conversation.turns if message.turn is None else message.turn - 1
    model = message.model or world.voices.default_model
    is_of_now = message.phase == record.programme.ordinal  # not so a line of an earlier phase that is told anew
    prompt = prompt_for(record, world, speaker, said, model, taken, is_of_now=is_of_now)
    ballot = record.programme.ballot_of(speaker.id) if is_of_now else ()
    return replace(prompt, seed=_seed(record, message), ballot=ballot)


def prompt_for(
    record: Record, world: World, speaker: Participant, said: Sequence[AnyLine], model: str, taken: int, *,
    is_of_now: bool = True,
) -> Prompt:  # fmt: skip
    known = known_to(record, speaker, said)
    context = world.voices.context_tokens(model)
    told = briefing(record, speaker, taken, is_of_now=is_of_now)
    return assemble(record.conversation, record.present, record.personas, known, speaker, context, told)


def _seed(record: Record, message: Message) -> int:
    """The same turn is told the same way again, another variant of it another way."""
    return record.conversation.seed * 10_007 + (message.turn or 0) - 1 + (message.variant - 1) * 7_919
