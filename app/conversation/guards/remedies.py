"""What the room is told for each disease, grade by grade. `{found}` is what was found, with its evidence."""

from __future__ import annotations

from app.conversation.guards.finding import Disease

NUDGES = {
    Disease.LOOP: (
        'The talk goes round in circles. {found} Do not say it again in any form. Bring one thing that nobody has '
        'named yet (a fact, a memory, a person, a price), or do something that changes the situation.'
    ),
    Disease.THANKS: (
        'The talk has turned into manners. {found} Do not thank, praise or take leave now. Go back to the matter: ask '
        'one of the others what is still open, or answer it.'
    ),
    Disease.CONVERGENCE: (
        'The talk has melted into agreement. {found} Do not agree once more. Say, out of what you value, where you '
        'differ: what it would cost, whom it would hurt, or when it would not be true.'
    ),
    Disease.SATURATION: (
        'Nothing new comes any more. {found} Leave the words that were used so far. Bring one concrete thing out of '
        'your own life or knowledge that nobody here has named, and a question that follows from it.'
    ),
}
"""For the next speaker's ears only."""

ASKED = {
    Disease.LOOP: 'not to say it again',
    Disease.THANKS: 'to come back to the matter',
    Disease.CONVERGENCE: 'to say where they differ',
    Disease.SATURATION: 'to bring something nobody has named',
}
"""What the next speaker was asked, as people read it."""

MODERATIONS = {
    Disease.LOOP: 'Say in one sentence what has been said often enough, and what it leaves open.',
    Disease.THANKS: 'Accept the thanks for everybody in one sentence, and say that nobody is leaving yet.',
    Disease.CONVERGENCE: 'Say in one sentence what all agree on, and give the strongest case against it.',
    Disease.SATURATION: 'Say in one sentence what is settled, so that nobody has to say it again.',
}
MODERATOR = (
    'You moderate this conversation for one turn. {found} {task} Then ask one person, by name, a question that cannot '
    'be answered with what was said so far.'
)

NEW_ANGLE = 'The talk turns to something else: {starter}'
NO_STARTER = 'what has nobody here said yet, and why not?'
