"""What people are asked before a connection is made, where ``defog.toml`` leaves it to them."""

from collections.abc import Callable
from dataclasses import dataclass

from defog_metadata.errors import ConfigurationError
from defog_metadata.workspace.configuration import Connection

__all__ = ["Ask", "Question", "answered", "questions"]

_NOUNS = {"access_token": "access token"}
_HOSTS = ("host", "server", "account", "server_hostname")


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a connection that somebody is asked for."""

    connection: str
    field: str
    """``password`` or ``access_token``."""
    user: str
    """Whose it is; empty where nobody is named."""
    host: str
    """Who gets to see it; empty where that is not known."""

    @property
    def noun(self) -> str:
        return _NOUNS.get(self.field, self.field)

    @property
    def title(self) -> str:
        """Such as ``Password of analyst for warehouse on db.internal``."""
        of = f" of {self.user}" if self.user else ""
        on = f" on {self.host}" if self.host else ""
        return f"{self.noun.capitalize()}{of} for {self.connection}{on}"


Ask = Callable[[Question], str | None]
"""The answer; ``None`` from somebody who does not give any."""


def questions(connection: Connection) -> tuple[Question, ...]:
    """What has to be asked before *connection* can be used.

    Raises ``ConfigurationError`` where it cannot be used whatever anybody says.
    """
    asked = connection.asked
    if not asked:
        return ()
    known = connection.cached_creds()
    host = next((str(known[it]) for it in _HOSTS if known.get(it)), "")
    user = str(known.get("user") or "")
    return tuple(Question(connection.name, it, user, host) for it in asked)


def answered(connection: Connection, ask: Ask) -> Connection:
    """*connection* with what *ask* says, which is called for nothing that is known already.

    Raises ``ConfigurationError`` where it says nothing.
    """
    answers: dict[str, str] = {}
    for question in questions(connection):
        answer = ask(question)
        if answer is None:
            raise ConfigurationError(f"connection {connection.name}: no {question.noun} was given")
        answers[question.field] = answer
    return connection.answered(answers)
