"""Runs one conversation while it is alive: chooses the speaker, takes the turn, obeys the people watching.

Every command and every turn's end is one event, written before it takes effect, fenced by the conversation's epoch: who
does not know the newest command cannot speak any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec

import structlog

from app.casting.persona import Persona
from app.conversation import floor, limits, proceedings
from app.conversation.ahead import Ahead
from app.conversation.budget import Budget, Cost, Forecast, NoRoom, paid
from app.conversation.clock import Clock, WallClock
from app.conversation.forecast import forecast
from app.conversation.ghost import Ghostwriter, Give
from app.conversation.guards.answers import Grade
from app.conversation.guards.topic_done import topic_done
from app.conversation.hearing import speakable
from app.conversation.knowledge import may_know
from app.conversation.lines import LONGEST_LINE, Lines
from app.conversation.listening import Ending
from app.conversation.moderator import Moderator
from app.conversation.ordering import Ordering
from app.conversation.pacing import BETWEEN
from app.conversation.plan import World, plan
from app.conversation.playing import line_for, played
from app.conversation.purse import Purse
from app.conversation.record import Record
from app.conversation.redo import Redo, blanked, taken_back
from app.conversation.refused import Refused
from app.conversation.rules import after_turn
from app.conversation.seating import Seating
from app.conversation.speaker_order import Choice, NobodyMaySpeak
from app.conversation.steering import Steering
from app.conversation.stepping import CHANGED, NextPrompt, as_looked_at, look
from app.conversation.turn import Turn
from app.conversation.voices import Archive, Journal, Voices
from app.conversation.watch import Watch
from app.store.entry import Fenced, NotWritten
from app.store.scope import Scope
from app.store.tables import Conversation, Message, Participant, State, Status, now

log = structlog.get_logger()


P = ParamSpec('P')
Command = Callable[Concatenate['Orchestrator', P], Awaitable[None]]


def one_at_a_time(command: Command[P]) -> Command[P]:
    """What stands when a command is given must still stand when it is obeyed: the next one waits."""

    @wraps(command)
    async def obey(self: Orchestrator, *args: P.args, **kwargs: P.kwargs) -> None:
        async with self._commanding:
            await command(self, *args, **kwargs)

    return obey


class Orchestrator:
    def __init__(
        self, conversation: Conversation, participants: Sequence[Participant], personas: dict[str, Persona],
        transcript: Sequence[Message], voices: Voices, journal: Journal, archive: Archive,
        name_of: Callable[[Scope], Awaitable[str]], clock: Clock | None = None, starters: Sequence[str] = (),
        purse: Purse | None = None,
    ) -> None:  # fmt: skip
        self.record = Record(conversation, participants, personas, transcript, journal)
        self.steering = Steering(self.record, voices)
        self.lines = Lines(self.record, archive)
        self.ordering = Ordering(self.record)
        self.seating = Seating(self.record)
        self.conversation = conversation
        self.changed = self.record.changed
        self._name_of = name_of
        self._clock = clock or WallClock()
        self._world = World(voices, journal, self._clock, Budget(conversation, voices, purse))
        self._moderator = Moderator(self.record, self._world)
        self._ahead = Ahead(self.record, self._world, self._moderator)
        self._ghost = Ghostwriter(self.record, self._world)
        self._watch = Watch(self.record, starters)
        self._redo: Redo | None = None
        self._turn: Turn | None = None
        self._task: asyncio.Task[None] | None = None
        self._commanding = asyncio.Lock()
        self._steps = 0
        self._looked: NextPrompt | None = None
        self._floor_taken = False
        self._counted_from: float | None = None

    @property
    def participants(self) -> Sequence[Participant]:
        return self.record.participants

    @property
    def personas(self) -> dict[str, Persona]:
        return self.record.personas

    @property
    def transcript(self) -> Sequence[Message]:
        return self.record.transcript

    @property
    def speaking(self) -> Message | None:
        return self._turn.message if self._turn else None

    @property
    def has_words(self) -> bool:
        return self._turn is not None and self._turn.has_words

    @property
    def is_held(self) -> bool:
        """Somebody has the floor and was paused in mid-sentence."""
        return self._turn is not None and self._turn.is_held

    @property
    def status(self) -> str:
        return self.conversation.status

    @property
    def is_needed(self) -> bool:
        """Whether it runs, or a page holds it: then there must not be a second one of it."""
        return bool(self._task or self._turn or self._commanding.locked() or self.changed.callbacks)

    # What the people watching may do

    @one_at_a_time
    async def start(self) -> None:
        if self.status != Status.READY:
            raise Refused('This conversation has started already.')
        await self._run_as(Status.RUNNING)

    @one_at_a_time
    async def pause(self, because: str = 'You paused it.') -> None:
        """In mid-sentence: the line stops where it is and `resume` goes on with its next word."""
        if self.status != Status.RUNNING:
            raise Refused('Nothing is running that could be paused.')
        if held := self._turn:
            held.hold()
        try:
            await self._settle(Status.PAUSED, because, if_still=lambda: self.status == Status.RUNNING)
        except Refused:
            if held:
                held.flow()
            raise
        if self._turn:  # perhaps another one, that began while this was written
            self._turn.hold()

    @one_at_a_time
    async def resume(self) -> None:
        if self.status not in (Status.PAUSED, Status.READY):
            raise Refused('The conversation is not paused.')
        await self._run_as(Status.RUNNING)

    def next_prompt(self) -> NextPrompt:
        """Who would speak at the next step, and all that would be sent for it. Nothing is changed by looking."""
        self._check_step()
        if self._turn:
            raise Refused(f'{self._turn.message.speaker} has not finished: the next step is the rest of that line.')
        try:
            choice = floor.next_speaker(self.record)
        except NobodyMaySpeak as silence:
            raise Refused(str(silence)) from silence
        return look(self.record, self._world, self._new_message(choice))

    @one_at_a_time
    async def step(self, prompt: NextPrompt | None = None) -> None:
        """Exactly one turn, or the rest of the one that is held, then pause again. With a prompt that was looked at,
        and perhaps edited, just that is sent for this turn."""
        self._check_step()
        if prompt and not prompt.is_still(self.next_prompt()):
            raise Refused(CHANGED)
        if self._steps:
            return
        # The rest of a line that is told anew is a step as well.
        is_rest = self._turn is not None and self._turn.is_held and self._is_told_anew(self._turn)
        self._steps, self._looked = int(not is_rest), prompt
        try:
            await self._run_as(Status.PAUSED, 'Going step by step.')
        except Refused:
            self._steps, self._looked = 0, None
            raise

    def _check_step(self) -> None:
        if self.status == Status.RUNNING:
            raise Refused('Pause first, then step from turn to turn.')
        if self.status == Status.ENDED:
            raise Refused('The conversation has ended. Add turns to go on.')
        if because := limits.reached(self.conversation):
            raise Refused(f'{because} Add turns to go on.')

    @one_at_a_time
    async def stop(self, because: str = 'You stopped it.') -> None:
        """The end: the turn in flight keeps what was said."""
        if self.status == Status.ENDED:
            raise Refused('The conversation has ended already.')
        self._steps = 0
        self._drop_redo()
        await self._settle(Status.ENDED, because, if_still=lambda: self.status != Status.ENDED)
        await self._cut(State.STOPPED, 'Stopped in mid-sentence.')

    @one_at_a_time
    async def interrupt(self, by: str | None = None) -> None:
        """Cut the line off and hold the room, so that whoever cut in can say something."""
        if not (turn := self._turn):
            raise Refused('Nobody is speaking.')
        who, speaker = by or 'You', turn.message.speaker
        if self.status == Status.RUNNING:
            await self._settle(Status.PAUSED, f'{who} cut {speaker} off. Say something, or resume.')
        self._floor_taken = True
        await self._cut(State.INTERRUPTED, f'{by or "A listener"} cut in.')

    @one_at_a_time
    async def give_floor(self, participant_id: str) -> None:
        """Where the room waits for a person to choose, it goes on with this one; else this one is the next."""
        await self.steering.call_on(participant_id)
        if self.conversation.speaker_order == 'human_picks' and self.status == Status.PAUSED and not self._turn:
            await self._run_as(Status.RUNNING)

    @one_at_a_time
    async def see_off(self, participant_id: str) -> None:
        """It leaves the room, in mid-sentence if it is speaking."""
        leaver = await self.seating.see_off(participant_id)
        if self._turn and self._turn.message.participant_id == leaver.id:
            await self._cut(State.INTERRUPTED, f'{leaver.name} left the room in mid-sentence.')

    async def ghost_write(self, scope: Scope, give: Give, participant_id: str | None = None, begun: str = '') -> None:
        """A draft of what the person, or a persona, could say next, given piece by piece. Nothing is said by it."""
        seat = self.record.seat_of(scope)
        name = seat.name if seat else await self._name_of(scope)
        await self._ghost.write(name, seat, participant_id, begun, give)

    async def speak(self, scope: Scope, text: str, participant_id: str | None = None) -> None:
        """A human's line, as themselves or for a persona: it interrupts nobody and is answered next. Who cut in for it
        lets the room go on."""
        text = speakable(text).strip()
        if not text:
            raise Refused('There is nothing to say yet: type something first.')
        if len(text) > LONGEST_LINE:
            raise Refused(f'That is {len(text):,} characters; a line can have {LONGEST_LINE:,}.')
        if self.status == Status.ENDED:
            raise Refused('The conversation has ended. Add turns, then say it.')
        name = '' if self.record.seat_of(scope) else await self._name_of(scope)
        async with self.record.writing:
            if self.status == Status.ENDED:
                raise Refused('The conversation has just ended. Add turns, then say it.')
            seat = self.record.seat_of(scope)
            human = seat or self.record.new_human(scope, name)
            payload: dict[str, Any] = {}
            heard_by = self.record.programme.heard_by(participant_id or human.id)
            if participant_id and participant_id != human.id:
                message = line_for(self.record, played(self.record, participant_id), text, human.name, heard_by)
                payload, seat = {'participant_id': participant_id, 'by': human.name}, human
            else:
                message = self.record.new_message(human, state=State.COMPLETE, text=text, ended_at=now(), **heard_by)
            adds = (message,) if seat else (human, message)
            # One event for both: the vendor is asked a write sooner.
            resumes = self.status == Status.PAUSED and self._floor_taken
            values = {'status': Status.RUNNING, 'stop_reason': None, **self.record.next_epoch()} if resumes else None
            payload |= {'message_id': message.id, 'resumes': resumes}
            await self.record.write('spoke', payload, values, adds=adds)
            self.record.remember(message)
            if not seat:
                self.record.participants.append(human)
            if resumes:
                self._counted_from = self._clock.monotonic()
                self._go()
        self.changed.emit()

    @one_at_a_time
    async def regenerate(self, message_id: str, participant_id: str | None = None, model: str | None = None) -> None:
        """Another variant of a line, told after what was said before it; by whoever said it, or another persona or
        model. The one before is kept."""
        redo = self._checked_redo(message_id, participant_id, model)
        if self._turn and self._turn.is_held:
            raise Refused(f'{self._turn.message.speaker} was paused in mid-sentence: resume or interrupt first.')
        if self._redo:
            raise Refused('Another line is being told anew just now: wait for it.')
        if because := limits.used_up(self.conversation) or self._no_room_for(redo):
            raise Refused(f'{because} Raise the limit first.')
        self._redo = redo
        if not self._task:
            self._task = asyncio.create_task(self._run(), name=f'conversation {self.conversation.id}')
        self.changed.emit()

    @one_at_a_time
    async def vote(self, scope: Scope, choice: str) -> None:
        """By button, in a phase that votes: as the participant one is, or as one of the audience."""
        seat = self.record.seat_of(scope)
        await proceedings.vote(self.record, seat.id if seat else scope.person_id, choice)
        if self.status == Status.PAUSED and self._floor_taken and self.record.programme.next_step():
            await self._run_as(Status.RUNNING)

    @one_at_a_time
    async def close_phase(self) -> None:
        """Whatever it still waits for, the next phase begins."""
        if self.record.programme.ordinal is None:
            raise Refused('This conversation has no phases.')
        if self._turn:
            raise Refused(f'{self._turn.message.speaker} has the floor: wait, or interrupt first.')
        ended = await proceedings.go_on(self.record, close=True)
        if ended and self.status != Status.ENDED:
            await self._settle(Status.ENDED, ended)
        elif self.status == Status.PAUSED and self._floor_taken:
            await self._run_as(Status.RUNNING)
        self.changed.emit()

    @one_at_a_time
    async def extend(self, turns: int = 10) -> None:
        """Room for more turns, whichever limit is in the way, but for money: nobody spends that by the way. A
        conversation that had ended goes on."""
        if self.status == Status.ENDED and self.in_the_way == 'max_money':
            raise Refused('More turns need more money: add 20 cents, or raise the limit of money.')
        await self._make_room(turns)
        if self.status == Status.ENDED:
            await self._run_as(Status.RUNNING)

    @one_at_a_time
    async def extend_money(self, cents: int = 20) -> None:
        """Room for so much more money; a conversation that had ended goes on."""
        await self.steering.set_limits(**limits.more_money(self.conversation, cents))
        if self.status == Status.ENDED:
            await self._run_as(Status.RUNNING)

    @one_at_a_time
    async def go_on(self, turns: int = 10, cents: int = 20) -> None:
        """After the end: with what room there is left, or room for more turns, or more money, where there is none."""
        if self.status != Status.ENDED:
            raise Refused('The conversation has not ended.')
        match self.in_the_way:
            case 'max_money':
                await self.steering.set_limits(**limits.more_money(self.conversation, cents))
            case str():
                await self._make_room(turns)
        await self._run_as(Status.RUNNING)

    @property
    def next_turn(self) -> Forecast | None:
        """What it could use at worst. None where nobody may speak."""
        return forecast(self.record, self._world)

    @property
    def in_the_way(self) -> str | None:
        """The name of the limit that has no room for another turn."""
        return limits.in_the_way(self.conversation, self.next_turn)

    async def _make_room(self, turns: int) -> None:
        if wanted := limits.more(self.conversation, turns, self.next_turn):
            await self.steering.set_limits(**wanted)

    async def close(self, because: str) -> None:
        """Chimera itself stops: the turn in flight ends here, and the conversation waits to be resumed."""
        if self.status == Status.RUNNING:
            await self._settle(Status.PAUSED, because, if_still=lambda: self.status == Status.RUNNING)
        self._steps = 0
        self._drop_redo()
        await self._ghost.close()
        await self._cut(State.INTERRUPTED, 'Chimera was stopped in mid-sentence.')
        if self._task:
            self._task.cancel()  # it only rests between two turns by now
            await asyncio.wait({self._task})

    # How it runs

    async def _run(self) -> None:
        try:
            if self._turn:
                await self._finish_turn(self._turn)
            while self._goes_on:
                if self._redo:
                    await self._tell_anew(self._redo)
                    continue
                if self.status != Status.RUNNING and not self._steps:
                    await self._give_up_unused()
                    continue
                if because := await proceedings.go_on(self.record) or limits.reached(self.conversation):
                    self._steps = 0
                    # Unless somebody just raised the limit.
                    await self._settle(Status.ENDED, because, if_still=self._is_at_its_end)
                    continue
                epoch = self.conversation.epoch
                try:
                    await self._begin_turn()
                except NoRoom as no_room:
                    if self._ahead.is_unused or self._world.budget.bill:
                        await self._give_up_unused()  # what it holds may be all that is missing
                        continue
                    self._steps = 0
                    still = partial(self._is_of, epoch)
                    await self._settle(no_room.status, str(no_room), if_still=still)
                    continue
                except NobodyMaySpeak as silence:
                    self._steps = 0
                    await self._settle(Status.PAUSED, str(silence), if_still=lambda: self.status != Status.ENDED)
                    self._floor_taken = True  # whoever speaks then, or votes, lets the room go on
                    continue
                if self._turn:
                    await self._finish_turn(self._turn)
                if self.status == Status.RUNNING and self.conversation.pace and not self._redo:
                    await self._clock.sleep(BETWEEN / self.conversation.pace)
        except Fenced:
            log.warning('lost the conversation to a newer command', conversation=self.conversation.id)
            self._turn = None
            self._world.budget.abandon()
            self._stand_still('It goes on elsewhere: load this page again.')
        except Exception as error:
            # The top of a task: whoever watches must hear of it, and nothing may stay running that does not run.
            log.exception('the conversation broke down', conversation=self.conversation.id)
            self._stand_still(f'Something broke: {_plain(error)} Resume to try again.')
        finally:
            self._redo = self._looked = None
            self._task = None

    def _is_of(self, epoch: int) -> bool:
        """No command has come since."""
        return self.conversation.epoch == epoch

    @property
    def _goes_on(self) -> bool:
        """There is a turn to be taken, or something to be paid for."""
        is_wanted = self.status == Status.RUNNING or self._steps or self._redo
        return bool(is_wanted or self._ahead.is_unused or self._world.budget.bill)

    def _is_at_its_end(self) -> bool:
        progress = self.record.programme.progress
        return bool(limits.reached(self.conversation) or (progress and progress.ended))

    def _stand_still(self, because: str) -> None:
        """In memory only: the database could not be told."""
        self._steps = 0
        self.conversation.status = Status.PAUSED
        self.conversation.stop_reason = because
        self.changed.emit()

    async def _begin_turn(self) -> None:
        choice, at = await self._moderated()
        async with self.record.writing:
            # A command or a human's line may have been written just before.
            if self.status != Status.RUNNING and not self._steps:
                return
            looked, self._looked = self._looked, None
            turn = None if looked else self._ahead.take()
            if not turn:
                is_decided = choice and at == self.conversation.event_number
                message = self._new_message(choice if choice and is_decided else floor.next_speaker(self.record))
                if not looked:
                    turn = plan(self.record, self._world, message, self.transcript)
                elif not (turn := as_looked_at(self.record, self._world, message, looked)):
                    raise NobodyMaySpeak(CHANGED)
            try:
                await self._start(turn, looked.trace if looked else {})
            except NotWritten:
                await self._drop(turn)
                raise
        self.changed.emit()
        await self._give_up_unused()

    async def _moderated(self) -> tuple[Choice | None, int]:
        """Whom a moderator chooses, should one be needed, and at which event. Nobody's command waits meanwhile."""
        await self._ahead.decided()
        at = self.conversation.event_number
        is_wanted = self.conversation.speaker_order == 'moderator' and not self._ahead.is_unused and not self._looked
        if is_wanted and (self.status == Status.RUNNING or self._steps):
            return await self._moderator.choose(), at
        return None, at

    async def _start(self, turn: Turn, trace: dict[str, Any]) -> None:
        message, speaker = turn.message, self.record.participant(turn.message.participant_id)
        payload = {'message_id': message.id, 'participant_id': speaker.id, **trace}
        values: dict[str, Any] = {}
        owed = self._world.budget.bill.so_far()
        if cost := owed.cost:
            payload |= {'moderator_tokens': cost.tokens, **paid(cost)}
            values = self._used(cost)
        # Who was called on has been heard.
        settings = {name: value for name, value in speaker.settings.items() if name != floor.CALLED}
        changes = ((speaker, {'settings': settings}),) if settings != speaker.settings else ()
        await self.record.write('turn_started', payload, values, adds=(message,), changes=changes, turn=True)
        self._world.budget.bill.settle(owed)
        self.record.remember(message)
        self._hear(turn)

    async def _drop(self, turn: Turn) -> None:
        """Of a turn that could not begin: what it has asked of the model in advance is paid for all the same."""
        await turn.give_up()
        if turn.allowance:
            turn.allowance.settle(turn.usage)

    def _hear(self, turn: Turn) -> None:
        turn.on_first_words = self.changed.emit
        turn.on_heard = lambda: self._think_ahead(turn)
        self._turn = turn

    async def _tell_anew(self, redo: Redo) -> None:
        """A line is taken back into its variants, and its speaker has the floor for it once more."""
        message = redo.message
        try:
            async with self.record.writing:
                if message.deleted_at:
                    return  # while it waited for its turn
                turn = self._plan_anew(redo)
                old, blank = taken_back(message, redo, self._world.voices.default_model)
                payload = {name: blank[name] for name in ('variant', 'participant_id', 'model')}
                payload['message_id'] = message.id
                try:
                    await self.record.write('retold', payload, adds=(old,), changes=((message, blank),), turn=True)
                except NotWritten:
                    await self._drop(turn)
                    raise
                self.record.revisions += 1
                turn.message = message
                self._hear(turn)
            self.changed.emit()
            await self._finish_turn(turn)
        except NoRoom as no_room:  # there was some when it was asked for
            await self._settle(Status(self.status), str(no_room))
        finally:
            self._redo = None
            self.changed.emit()

    def _plan_anew(self, redo: Redo) -> Turn:
        """Before the line is taken back: it stays as it is where there is no room for another."""
        blank = blanked(redo, self._world.voices.default_model)
        draft = Message(**(redo.message.model_dump() | blank))
        return plan(self.record, self._world, draft, self.record.before(redo.message))

    def _no_room_for(self, redo: Redo) -> str | None:
        try:
            turn = self._plan_anew(redo)
        except NoRoom as no_room:
            return str(no_room)
        assert turn.allowance
        turn.allowance.drop()
        return None

    def _is_told_anew(self, turn: Turn) -> bool:
        """Not so the turn after which a line will be."""
        return turn.message.variant > 1

    def _drop_redo(self) -> None:
        """One that has not begun: it would begin when the line that is cut now has ended."""
        if not (self._turn and self._is_told_anew(self._turn)):
            self._redo = None

    def _think_ahead(self, turn: Turn) -> None:
        """Only where there is time to: while the turn that is heard is still being typed, and another will follow."""
        conversation = self.conversation
        follows = conversation.max_turns is None or conversation.turns + 2 <= conversation.max_turns
        is_running = self.status == Status.RUNNING and not self._redo and turn is self._turn
        if is_running and follows and conversation.pace and not limits.used_up(conversation):
            self._ahead.think(turn, self._new_message)

    async def _give_up_unused(self) -> None:
        """What was thought of in advance and not said has been paid for all the same."""
        unused = await self._ahead.forget()
        bill = self._world.budget.bill
        if unused:
            await unused.give_up()
            assert unused.allowance
            bill.add(unused.allowance, unused.usage)
        owed = bill.so_far()
        if cost := owed.cost:
            async with self.record.writing:
                values = self._used(cost)
                payload = {'participant_id': unused.message.participant_id if unused else None, 'tokens': cost.tokens}
                await self.record.write('thought_in_vain', payload | paid(cost), values)
        bill.settle(owed)
        if owed:
            self.changed.emit()

    async def _finish_turn(self, turn: Turn) -> None:
        """Also of a turn whose end could not be written when it came: `resume` tries that again."""
        await turn.take()
        assert turn.ending
        try:
            await self._end_turn(turn, turn.ending)
        finally:
            turn.over.set()

    def _checked_redo(self, message_id: str, participant_id: str | None, model: str | None) -> Redo:
        message = self.record.message(message_id)
        if message.state == State.SPEAKING:
            raise Refused(f'{message.speaker} is still speaking: wait, or interrupt first.')
        if message.turn is None or message.deleted_at:
            raise Refused('Only what a persona said can be told anew.')
        if fault := limits.model_fault(model):
            raise Refused(fault)
        participant = self.record.participant(participant_id or message.participant_id)
        if participant.id not in self.personas:
            raise Refused(f'{participant.name} is no persona: nobody can speak for them.')
        if participant.left_at:
            raise Refused(f'{participant.name} has left the room: let somebody who is here tell it.')
        if not may_know(message, participant.id):
            raise Refused(f'{participant.name} was not to hear this: let somebody tell it who was.')
        return Redo(message, participant, model)

    def _new_message(self, choice: Choice) -> Message:
        participant = choice.seat.participant
        laid_down = self.record.programme.floor()
        return self.record.new_message(
            participant,
            turn=self.conversation.turns + 1,
            model=participant.model or self._world.voices.default_model,
            because=choice.because,
            state=State.SPEAKING,
            phase=self.record.programme.ordinal,
            audience=list(laid_down.audience) if laid_down and laid_down.audience is not None else None,
        )

    async def _end_turn(self, turn: Turn, ending: Ending) -> None:
        message, conversation, anew = turn.message, self.conversation, self._is_told_anew(turn)
        assert turn.allowance
        cost = turn.allowance.cost(turn.usage)
        kept: dict[str, Any] = {
            'state': ending.state,
            'note': ending.note,
            'text': turn.speech,
            'reasoning': turn.reasoning,
            'prompt_tokens': turn.usage.prompt_tokens,
            'completion_tokens': turn.usage.completion_tokens,
            'money': cost.money,
            'first_delta_ms': turn.first_delta_ms,
            'duration_ms': turn.duration_ms,
            'ended_at': now(),
        }
        async with self.record.writing:
            values = {
                # A line that is told anew takes no turn of its own.
                'turns': conversation.turns + (not anew),
                **self._used(cost),
                'seconds': conversation.seconds + self._seconds_since_counted(),
            }
            payload = {'message_id': message.id, 'state': ending.state, **paid(cost)}
            changes = ((message, kept),)
            await self.record.write('turn_ended', payload, values, changes=changes, folds=message, turn=True)
            turn.allowance.settle(turn.usage)
            self._turn = None
            self.record.revisions += anew
            if not anew:
                self._steps = 0  # here and not later: the next one may be asked for at once
        self.changed.emit()
        if ending.fault and not anew:
            because = f'{message.speaker} could not speak. {ending.fault}'
            await self._settle(Status.PAUSED, because, if_still=lambda: self.status != Status.ENDED)
        elif self.status == Status.RUNNING:
            await self._look_after()
        if not anew and (because := await after_turn(self.record, message)):
            await self._settle(Status.PAUSED, because, if_still=lambda: self.status == Status.RUNNING)

    async def _look_after(self) -> None:
        """Is the talk still well?"""
        done = await self._watch.look()
        if self.conversation.settings.get(limits.UNTIL_DONE) and (because := topic_done(self._watch.history)):
            await self._settle(Status.ENDED, because, if_still=lambda: self.status == Status.RUNNING)
            return
        if not done:
            return
        self.changed.emit()
        if done.grade == Grade.PAUSE:
            await self._settle(Status.PAUSED, done.text, if_still=lambda: self.status == Status.RUNNING)

    async def _cut(self, state: State, note: str) -> None:
        """Cut the turn in flight and wait until its end is written."""
        if turn := self._turn:
            turn.cut(state, note)
            if self._task:
                await turn.over.wait()
            else:
                await self._finish_turn(turn)

    async def _run_as(self, status: Status, because: str | None = None) -> None:
        await self._settle(status, because)
        self._go()

    def _go(self) -> None:
        self._floor_taken = False
        if self._turn:
            self._turn.flow()
        if not self._task:
            self._task = asyncio.create_task(self._run(), name=f'conversation {self.conversation.id}')

    async def _settle(
        self, status: Status, because: str | None, *, if_still: Callable[[], object] = lambda: True
    ) -> None:
        values = {'status': status, 'stop_reason': because}
        async with self.record.writing:
            if not if_still():
                return
            values['seconds'] = self.conversation.seconds + self._seconds_since_counted()
            payload: dict[str, Any] = {'status': status, 'because': because}
            if status == Status.ENDED:
                payload |= proceedings.opening(self.record)
            await self.record.write('status', payload, values | self.record.next_epoch())
            self._counted_from = self._clock.monotonic() if status == Status.RUNNING else None
        self.changed.emit()

    def _used(self, cost: Cost) -> dict[str, int]:
        return {'tokens': self.conversation.tokens + cost.tokens, 'money': self.conversation.money + cost.money}

    def _seconds_since_counted(self) -> float:
        if self._counted_from is None:
            return 0.0
        counted_from, self._counted_from = self._counted_from, self._clock.monotonic()
        return self._counted_from - counted_from


def _plain(error: Exception) -> str:
    return str(error) if isinstance(error, NotWritten | Refused) else f'{type(error).__name__}, see the log.'
