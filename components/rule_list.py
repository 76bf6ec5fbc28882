"""The rules of the room as sentences, and when each last acted."""

from __future__ import annotations

from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.conversation.rule_words import in_words
from app.conversation.rules import Rules, fired_of, rules_of
from components.plain import Button, box, words


class RuleList:
    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator
        self._shown: object = None
        self._none = words('No rules yet. A rule watches the room and does something by itself.', 'quiet')
        self._list = box('ul', 'notes', aria_label='Rules')
        self._fault = words('', 'fault', role='alert')
        self.show()

    def show(self) -> None:
        record = self._orchestrator.record
        rules, fired = rules_of(record), fired_of(record)
        if self._shown == (rules, fired):
            return
        self._shown = (rules, dict(fired))
        self._none.set_visibility(not rules)
        self._list.clear()
        with self._list:
            for rule in rules:
                sentence = in_words(record, rule)
                with box('li', 'note-card', data_rule=rule.id):
                    with box('div', 'note-head'):
                        words(sentence, 'rule-sentence')
                        remove = Button('Remove', lambda id=rule.id: self._remove(id), label=f'Remove: {sentence}')
                        remove.props['title'] = 'Remove'
                    last = fired.get(rule.id)
                    words(f'Acted after turn {last}.' if last is not None else 'Has not acted yet.', 'note-effect')

    async def _remove(self, rule_id: str) -> None:
        try:
            await Rules(self._orchestrator.record).remove(rule_id)
        except Refused as refusal:
            self._fault.text = str(refusal)
        else:
            self._fault.text = ''
