"""Takes one turn after the other, until a command, a limit or a fault ends it.

Every turn's beginning and end is one event, written before it takes effect and fenced by the conversation's epoch: who
does not know the newest command cannot speak any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import structlog

from app.conversation import limits, proceedings, retelling
from app.conversation.budget import Cost, NoRoom, paid
from app.conversation.cue import Cue
from app.conversation.floor import CALLED
from app.conversation.hindsight import Hindsight
from app.conversation.listening import Ending
from app.conversation.pacing import BETWEEN
from app.conversation.plan import World
from app.conversation.record import Record
from app.conversation.redo import Redo
from app.conversation.refused import Refused
from app.conversation.speaker_order import NobodyMaySpeak
from app.conversation.standing import Standing
from app.conversation.stepping import NextPrompt
from app.conversation.turn import Turn
from app.conversation.watch import Watch
from app.store.entry import Fenced, NotWritten
from app.store.tables import State, Status

log = structlog.get_logger()


class Running:
    """`turn` is the one in flight. `steps` are turns to be taken although the room is paused, `looked` the prompt that
    was looked at for one. `redo` is a line that is told anew, or will be. While `floor_taken`, whoever cut in, or is
    waited for, lets the room go on by speaking."""

    def __init__(self, record: Record, world: World, standing: Standing, starters: Sequence[str]) -> None:
        self.turn: Turn | None = None
        self.steps = 0
        self.looked: NextPrompt | None = None
        self.redo: Redo | None = None
        self.floor_taken = False
        self.task: asyncio.Task[None] | None = None
        self.watch = Watch(record, starters)
        self._hindsight = Hindsight(record, standing, self.watch)
        self._record = record
        self._conversation = record.conversation
        self._world = world
        self._standing = standing
        self._cue = Cue(record, world)

    def go(self) -> None:
        self.floor_taken = False
        if self.turn:
            self.turn.flow()
        self.keep_going()

    def keep_going(self) -> None:
        """Also while the room is paused: there may be a step to take, or a line to tell anew."""
        if not self.task:
            self.task = asyncio.create_task(self._run(), name=f'conversation {self._conversation.id}')

    async def run_as(self, status: Status, because: str | None = None) -> None:
        await self._standing.settle(status, because)
        self.go()

    async def cut(self, state: State, note: str) -> None:
        """Cut the turn in flight and wait until its end is written."""
        if turn := self.turn:
            turn.cut(state, note)
            if self.task:
                await turn.over.wait()
            else:
                await self._finish(turn)

    def drop_redo(self) -> None:
        """One that has not begun: it would begin when the line that is cut now has ended."""
        if not (self.turn and self.turn.is_told_anew):
            self.redo = None

    async def close(self, note: str) -> None:
        """The turn in flight is cut, and all that was used has been paid for."""
        async with self._record.writing:
            pass  # a turn whose beginning is being written has begun by then, and no other will
        await self.cut(State.INTERRUPTED, note)
        if task := self.task:
            async with self._record.writing:  # what it writes just now is written whole
                task.cancel()  # else it only rests between two turns
            await asyncio.wait({task})
        await self._pay_unused()

    # From turn to turn

    async def _run(self) -> None:
        try:
            if self.turn:
                await self._finish(self.turn)
            while self._goes_on:
                await self._go_on()
                if self.turn:
                    await self._finish(self.turn)
                    await self._rest()
        except Fenced:
            log.warning('lost the conversation to a newer command', conversation=self._conversation.id)
            self.turn = None
            self._world.budget.abandon()
            self._stand_still('It goes on elsewhere: load this page again.')
        except Exception as error:
            # The top of a task: whoever watches must hear of it, and nothing may stay running that does not run.
            log.exception('the conversation broke down', conversation=self._conversation.id)
            self._stand_still(f'Something broke: {_plain(error)} Resume to try again.')
        finally:
            self.redo = self.looked = None
            self.task = None

    @property
    def _goes_on(self) -> bool:
        """There is a turn to be taken, or something to be paid for."""
        is_wanted = self._conversation.status == Status.RUNNING or self.steps or self.redo
        return bool(is_wanted or self._cue.is_unused or self._world.budget.bill)

    async def _go_on(self) -> None:
        """One thing after the other."""
        if self.redo:
            await self._tell_anew(self.redo)
        elif not self._may_begin:
            await self._pay_unused()
        elif because := await proceedings.go_on(self._record) or limits.reached(self._conversation):
            self.steps = 0
            # Unless somebody just raised the limit.
            await self._standing.settle(Status.ENDED, because, if_still=self._is_at_its_end)
        else:
            await self._try_to_begin()

    @property
    def _may_begin(self) -> bool:
        return self._conversation.status == Status.RUNNING or self.steps > 0

    def _is_at_its_end(self) -> bool:
        progress = self._record.programme.progress
        return bool(limits.reached(self._conversation) or (progress and progress.ended))

    async def _rest(self) -> None:
        pace = self._conversation.pace
        if self._conversation.status == Status.RUNNING and pace and not self.redo:
            await self._world.clock.sleep(BETWEEN / pace)

    def _stand_still(self, because: str) -> None:
        self.steps = 0
        self._standing.stand_still(because)

    # How a turn begins

    async def _try_to_begin(self) -> None:
        epoch = self._conversation.epoch
        try:
            await self._begin()
        except NoRoom as no_room:
            if self._cue.is_unused or self._world.budget.bill:
                await self._pay_unused()  # what it holds may be all that is missing
                return
            self.steps = 0
            await self._standing.settle(no_room.status, str(no_room), if_still=partial(self._is_of, epoch))
        except NobodyMaySpeak as silence:
            self.steps = 0
            await self._standing.settle(
                Status.PAUSED, str(silence), if_still=lambda: self._conversation.status != Status.ENDED
            )
            self.floor_taken = True  # whoever speaks then, or votes, lets the room go on

    def _is_of(self, epoch: int) -> bool:
        """No command has come since."""
        return self._conversation.epoch == epoch

    async def _begin(self) -> None:
        await self._cue.decided()
        if self._may_begin and not self.looked:
            await self._cue.ask_moderator()
        async with self._record.writing:
            # A command or a human's line may have been written just before.
            if not self._may_begin:
                return
            looked, self.looked = self.looked, None
            turn = self._cue.next_turn(looked)
            try:
                await self._start(turn, looked.trace if looked else {})
            except NotWritten:
                await self._drop(turn)
                raise
        self._record.changed.emit()
        await self._pay_unused()

    async def _start(self, turn: Turn, trace: dict[str, Any]) -> None:
        message, speaker = turn.message, self._record.participant(turn.message.participant_id)
        payload = {'message_id': message.id, 'participant_id': speaker.id, **trace}
        values: dict[str, Any] = {}
        owed = self._world.budget.bill.so_far()
        if cost := owed.cost:
            payload |= {'moderator_tokens': cost.tokens, **paid(cost)}
            values = self._used(cost)
        # Who was called on has been heard.
        settings = {name: value for name, value in speaker.settings.items() if name != CALLED}
        changes = ((speaker, {'settings': settings}),) if settings != speaker.settings else ()
        await self._record.write('turn_started', payload, values, adds=(message,), changes=changes, turn=True)
        self._world.budget.bill.settle(owed)
        self._record.remember(message)
        self._hear(turn)

    def _hear(self, turn: Turn) -> None:
        turn.on_first_words = self._record.changed.emit
        turn.on_heard = lambda: self._think_ahead(turn)
        self.turn = turn

    async def _drop(self, turn: Turn) -> None:
        """Of a turn that could not begin: what it has asked of the model in advance is paid for all the same."""
        await turn.give_up()
        if turn.allowance:
            turn.allowance.settle(turn.usage)

    def _think_ahead(self, turn: Turn) -> None:
        """Only where there is time to: while the turn that is heard is still being typed, and another will follow."""
        conversation = self._conversation
        follows = conversation.max_turns is None or conversation.turns + 2 <= conversation.max_turns
        is_running = conversation.status == Status.RUNNING and not self.redo and turn is self.turn
        if is_running and follows and conversation.pace and not limits.used_up(conversation):
            self._cue.think_ahead(turn)

    async def _pay_unused(self) -> None:
        """What was thought of in advance and not said has been paid for all the same."""
        unused = await self._cue.forget()
        bill = self._world.budget.bill
        owed = bill.so_far()
        if cost := owed.cost:
            async with self._record.writing:
                payload = {'participant_id': unused and unused.message.participant_id, 'tokens': cost.tokens}
                await self._record.write('thought_in_vain', payload | paid(cost), self._used(cost))
        bill.settle(owed)
        if owed:
            self._record.changed.emit()

    async def _tell_anew(self, redo: Redo) -> None:
        """A line is taken back into its variants, and its speaker has the floor for it once more."""
        try:
            async with self._record.writing:
                if redo.message.deleted_at:
                    return  # while it waited for its turn
                turn = retelling.plan_anew(self._record, self._world, redo)
                try:
                    await retelling.take_back(self._record, self._world, redo, turn)
                except NotWritten:
                    await self._drop(turn)
                    raise
                self._hear(turn)
            self._record.changed.emit()
            await self._finish(turn)
        except NoRoom as no_room:  # there was some when it was asked for
            await self._standing.settle(Status(self._conversation.status), str(no_room))
        finally:
            self.redo = None
            self._record.changed.emit()

    # How a turn ends

    async def _finish(self, turn: Turn) -> None:
        """Also of a turn whose end could not be written when it came: `resume` tries that again."""
        await turn.take()
        assert turn.ending
        try:
            await self._end(turn, turn.ending)
            await self._hindsight.look_back(turn.message, turn.ending, is_told_anew=turn.is_told_anew)
        finally:
            turn.over.set()

    async def _end(self, turn: Turn, ending: Ending) -> None:
        message, conversation, anew = turn.message, self._conversation, turn.is_told_anew
        assert turn.allowance
        cost = turn.allowance.cost(turn.usage)
        async with self._record.writing:
            values = {
                # A line that is told anew takes no turn of its own.
                'turns': conversation.turns + (not anew),
                **self._used(cost),
                'seconds': conversation.seconds + self._standing.seconds_since(),
            }
            payload = {'message_id': message.id, 'state': ending.state, **paid(cost)}
            changes = ((message, turn.left_behind(ending, cost.money)),)
            await self._record.write('turn_ended', payload, values, changes=changes, folds=message, turn=True)
            turn.allowance.settle(turn.usage)
            self.turn = None
            self._record.revisions += anew
            if not anew:
                self.steps = 0  # here and not later: the next one may be asked for at once
        self._record.changed.emit()

    def _used(self, cost: Cost) -> dict[str, int]:
        return {'tokens': self._conversation.tokens + cost.tokens, 'money': self._conversation.money + cost.money}


def _plain(error: Exception) -> str:
    return str(error) if isinstance(error, NotWritten | Refused) else f'{type(error).__name__}, see the log.'
