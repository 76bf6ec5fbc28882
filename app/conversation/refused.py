"""How a command is turned down."""


class Refused(Exception):
    """A command that cannot be obeyed now; the sentence tells the person why and what to do."""
