"""The next prompt, to be read and edited before it is sent. For the director."""

from __future__ import annotations

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.conversation.stepping import NextPrompt, tokens_of
from components.model_choice import model_label
from components.plain import Button, box, words
from components.prose import Prose
from components.sheet import sheet

ROLES = {'system': 'The rules of the room', 'user': 'What is said to the model', 'assistant': 'What the persona said'}
NOT_READ = 'The demo voice reads no prompt: it speaks from its script, whatever you write here.'


def prompt_sheet(chimera: Chimera, orchestrator: Orchestrator) -> None:
    """What was typed stays until it is sent or the sheet is closed."""
    try:
        prompt = orchestrator.next_prompt()
    except Refused as refusal:
        say_why_not(str(refusal))
        return
    texts = [message.content for message in prompt.sent]

    def take(at: int, text: str) -> None:
        texts[at] = text
        count.text = counted(prompt, tokens_of(texts))

    async def step() -> None:
        try:
            await orchestrator.step(prompt.edited(texts))
        except Refused as refusal:
            fault.text = str(refusal)
        else:
            dialog.close()

    def look_again() -> None:
        try:
            orchestrator.next_prompt()
        except Refused as refusal:
            fault.text = str(refusal)
            return
        dialog.close()
        prompt_sheet(chimera, orchestrator)

    with sheet('The next prompt') as dialog:
        with box('div', 'prompt'):
            words(f'{prompt.speaker} speaks next, with {model_name(chimera, prompt.model)}.', 'lead')
            words(f'Why {prompt.speaker}? {prompt.because}', 'quiet')
            if chimera.providers.mode == 'demo':
                words(NOT_READ, 'quiet')
            for at, message in enumerate(prompt.sent):
                with box('div', 'field', data_role=message.role):
                    label = f'{at + 1}. {ROLES[message.role]}'
                    words(label, 'label')
                    Prose(label, message.content, lambda text, at=at: take(at, text))
        count = words(counted(prompt, prompt.tokens), 'quiet count')
        fault = words('', 'fault', role='alert')
        with box('div', 'sheet-acts'):
            Button('Close', dialog.close)
            Button('Look again', look_again)
            Button('Send and step', step, kind='primary', icon='step')


def say_why_not(sentence: str) -> None:
    with sheet('The next prompt') as dialog:
        words(sentence, role='alert')
        Button('Close', dialog.close)


def model_name(chimera: Chimera, model: str) -> str:
    providers = chimera.providers
    return model_label(providers, None if model == providers.default_model else model)


def counted(prompt: NextPrompt, tokens: int) -> str:
    return f'About {tokens:,} of {prompt.most:,} tokens.'
