"""What a contender that runs is asked, with its clock and whether its answer is right."""

import contextlib
import json
import selectors
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from benchmarks.speed.client import Client, Document, NoAnswer
from benchmarks.speed.questions import HOVER, Question, edited, file_text, misspelt
from benchmarks.speed.samples import WrongAnswer

__all__ = ["LIMIT", "CompleterSession", "EditedFile", "Judges", "ServerSession"]

LIMIT = 60.0
"""Seconds after which there is no answer."""


Judges = Literal["names", "style", "nothing"]
"""What a server's diagnostics are about: whether names are there, how SQL is laid out, nothing."""


class ServerSession:
    """A language server. Where it *is_judged*, a wrong answer is an error."""

    def __init__(self, client: Client, *, is_judged: bool = True) -> None:
        self.client, self._is_judged = client, is_judged
        self._documents: dict[str, Document] = {}
        self.counts: dict[str, int] = {}
        """How many items or, for a file, diagnostics the last answer had, by the file's name."""
        self.hover_text = ""

    def can(self, capability: str) -> bool:
        return bool(self.client.capabilities.get(capability))

    def complete(self, question: Question, number: int) -> float:
        """Seconds from an edit to the list. Raises ``NoAnswer`` and ``WrongAnswer``."""
        if not self.can("completionProvider"):
            raise NoAnswer("has no completion")
        answer, seconds = self._asked("textDocument/completion", question, number)
        items = (answer.get("items") if isinstance(answer, dict) else answer) or []
        self.counts[question.file] = len(items)
        if self._is_judged and not question.is_right([it["label"] for it in items]):
            raise WrongAnswer(seconds, "the expected names are missing")
        return seconds

    def hover(self, number: int) -> float:
        if not self.can("hoverProvider"):
            raise NoAnswer("has no hover")
        answer, seconds = self._asked("textDocument/hover", HOVER, number)
        self.hover_text = json.dumps(answer)
        if self._is_judged and not all(it in self.hover_text for it in HOVER.expected):
            raise WrongAnswer(seconds, "the type is missing")
        return seconds

    def close(self) -> None:
        self.client.close()

    def _asked(self, method: str, question: Question, number: int) -> tuple[Any, float]:
        text, caret = question.asked(number)
        document = self._documents.get(question.file)
        if document is None:
            empty = question.asked(0)[0]
            document = self._documents[question.file] = Document(self.client, question.file, empty)
        parameters = {
            "textDocument": {"uri": document.uri},
            "position": {"line": 0, "character": caret},
        }
        return self.client.ask(method, parameters, LIMIT, before=document.becoming(text))


class EditedFile:
    """A file of so many lines, open in a server."""

    def __init__(self, session: ServerSession, lines: int, *, judged_by: Judges) -> None:
        self._session, self._lines, self._judges = session, lines, judged_by
        self.name = f"{lines}.sql"
        self._edits = 0
        self._document = Document(session.client, self.name, file_text(lines))

    def opened(self) -> None:
        """Wait for the diagnostics of the whole file. Raises ``NoAnswer``."""
        with contextlib.suppress(WrongAnswer):  # which is told of its edits
            self._published(time.perf_counter())

    def edit(self, _: int) -> float:
        """Seconds from an edit to its diagnostics. Raises ``NoAnswer`` and ``WrongAnswer``."""
        old = misspelt(self._edits)
        self._edits += 1
        data = self._document.replacing(old, misspelt(self._edits))
        return self._published(self._session.client.send(data))

    def close(self) -> None:
        self._document.close()

    def _published(self, begun: float) -> float:
        for message, at in self._session.client.messages(LIMIT):
            if message.get("method") != "textDocument/publishDiagnostics":
                continue
            parameters = message["params"]
            if parameters["uri"] != self._document.uri:
                continue
            version = parameters.get("version")
            if version is not None and version != self._document.version:
                continue
            self._session.counts[self.name] = len(parameters["diagnostics"])
            self._judge(parameters["diagnostics"], at - begun)
            return at - begun
        raise NoAnswer(f"no answer within {LIMIT:.0f} s")

    def _judge(self, diagnostics: Sequence[Mapping[str, Any]], seconds: float) -> None:
        if self._judges == "nothing":
            return
        if self._judges == "names":
            name = misspelt(self._edits)
            if not any(name in it["message"] for it in diagnostics):
                raise WrongAnswer(seconds, "the misspelt column is not told")
            return
        lines = edited(self._lines)
        if not any(it["range"]["start"]["line"] in lines for it in diagnostics):
            said = {it["message"] for it in diagnostics}
            what = (
                f"says only: {said.pop()}" if len(said) == 1 else "not about the edited statement"
            )
            raise WrongAnswer(seconds, what)


class CompleterSession:
    """A completer that is no server: the time is that of its call alone."""

    def __init__(
        self, command: Sequence[str | Path], *, environment: Mapping[str, str], log: Path
    ) -> None:
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=dict(environment),
            text=True,
        )
        self._read()

    def complete(self, question: Question, number: int) -> float:
        text, caret = question.asked(number)
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps({"text": text, "offset": caret}) + "\n")
            self._process.stdin.flush()
        except OSError:
            raise NoAnswer("the completer has ended") from None
        answer = self._read()
        seconds: float = answer["seconds"]
        if not question.is_right(answer["labels"]):
            raise WrongAnswer(seconds, "the expected names are missing")
        return seconds

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.kill()
        self._process.wait()
        self._log.close()

    def _read(self) -> Any:
        assert self._process.stdout
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._process.stdout, selectors.EVENT_READ)
            if not waiting.select(LIMIT):
                raise NoAnswer(f"no answer within {LIMIT:.0f} s")
        line = self._process.stdout.readline()
        if not line:
            raise NoAnswer("the completer has ended")
        return json.loads(line)
