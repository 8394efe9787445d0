"""Passwords that show themselves to the database only."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from defog_metadata.errors import ConfigurationError

__all__ = ["Secret"]


@dataclass(frozen=True, slots=True)
class Secret:
    """A value read when connecting, from where ``source`` says; never shown by ``repr``.

    ``reference`` is the variable's or the service's name, or, for ``"text"``, the value itself.
    For ``"ask"`` it is empty: whoever uses the secret is asked for it. The ``answer`` is no part of
    what a configuration says, so that it makes no other secret of it.
    """

    source: Literal["text", "env", "keyring", "ask"]
    reference: str = field(repr=False)
    answer: str | None = field(default=None, repr=False, compare=False)

    def answered(self, value: str) -> "Secret":
        """The same with what a person has said."""
        return replace(self, answer=value)

    def resolve(self, user: str, *, environ: Mapping[str, str] = os.environ) -> str:
        """The value; *user* is whose password the keyring is asked for.

        Raises ``ConfigurationError`` when it is not there.
        """
        match self.source:
            case "text":
                return self.reference
            case "env":
                if self.reference not in environ:
                    raise ConfigurationError(
                        f"the environment variable {self.reference} is not set: set it where the "
                        "editor or the command is started"
                    )
                return environ[self.reference]
            case "keyring":
                return _from_keyring(self.reference, user)
            case "ask":
                if self.answer is None:
                    raise ConfigurationError(
                        "a secret has to be asked for, and there is nobody to ask: use "
                        '{ env = "VARIABLE" } in its place'
                    )
                return self.answer


def _from_keyring(service: str, user: str) -> str:
    try:
        import keyring  # noqa: PLC0415 - an optional extra
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "reading a password from the keyring needs the package keyring: "
            'pip install "defog-lsp[keyring]"'
        ) from error
    try:
        password: str | None = keyring.get_password(service, user)
    except KeyringError as error:
        raise ConfigurationError(f"the keyring cannot be read: {error}") from error
    if password is None:
        raise ConfigurationError(
            f"the keyring has no password for the service {service} and the user {user}: "
            f"keyring set {service} {user}"
        )
    return password
