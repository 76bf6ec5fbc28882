"""A limit is kept as it was set, none is none, and going on makes room where the limit was in the way."""

from app.chimera import Chimera
from app.conversation import limits
from app.store import conversations
from app.store.tables import Conversation
from tests.fixtures_conversation import begin


def used(**columns: object) -> Conversation:
    return Conversation.model_validate(
        {
            'workspace_id': 'w',
            'created_by': 'p',
            'title': 't',
            'topic': 't',
            'turns': 10,
            'tokens': 5_000,
            'seconds': 300.0,
        }
        | columns
    )


async def test_no_limit_of_turns_is_kept_as_none(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=None, max_minutes=3)
    await stage.orchestrator.stop()
    kept = await conversations.conversation(chimera.store, chimera.scope, stage.id)
    assert kept is not None
    assert (kept.max_turns, kept.max_minutes) == (None, 3)


def test_going_on_sets_no_limit_that_nobody_asked_for() -> None:
    assert limits.more(used(), 10) == {}


def test_going_on_lifts_the_limit_that_was_reached_and_no_other() -> None:
    assert limits.more(used(max_turns=10, max_tokens=9_000), 10) == {'max_turns': 20}
    assert limits.more(used(max_tokens=5_000), 10) == {'max_tokens': 10_000}
    assert limits.more(used(max_minutes=5), 10) == {'max_minutes': 10}


async def test_going_on_after_a_stop_uses_the_turns_that_are_left(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=500)
    await stage.orchestrator.stop()
    await stage.orchestrator.go_on()
    await stage.orchestrator.stop()
    assert stage.orchestrator.conversation.max_turns == 500


async def test_going_on_after_the_last_turn_makes_room_for_ten(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=2)
    await stage.ended()
    await stage.orchestrator.go_on()
    await stage.ended()
    assert stage.orchestrator.conversation.turns == 12
