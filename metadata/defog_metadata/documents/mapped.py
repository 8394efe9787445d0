"""Text as it is meant, and where its characters stand in a file that has to write it otherwise."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from defog_metadata.documents.notation import VERBATIM, Notation
from defog_metadata.text import Edit, Span

__all__ = ["MappedText"]


@dataclass(frozen=True, slots=True)
class MappedText:
    """Offsets without further word are those of ``text``; those of the file are called so."""

    text: str
    place: Span
    """Where the whole text stands in the file, inside its quotes."""
    notation: Notation = VERBATIM
    _texts: Sequence[int] = (0,)
    """Where runs of characters start that stand one by one in the file ..."""
    _files: Sequence[int] = ()
    """... and where these runs start there; empty where the text is one run."""

    @classmethod
    def of_pieces(
        cls, pieces: Iterable[tuple[str, int]], place: Span, notation: Notation = VERBATIM
    ) -> "MappedText":
        """The text of *pieces*: each with its start in the file, where the one before it ends.

        A piece of several characters is in the file as it is; one of one character may be
        written in any number.
        """
        written: list[str] = []
        texts, files = [0], [place.start]
        length = 0
        expected = place.start
        for text, start in pieces:
            if not text:
                continue
            if start != expected:
                if texts[-1] == length:
                    files[-1] = start
                else:
                    texts.append(length)
                    files.append(start)
            written.append(text)
            length += len(text)
            expected = start + len(text)
        if expected != place.end and length:
            # The last character is longer there than here: the end is not where it would seem.
            texts.append(length)
            files.append(place.end)
        return cls("".join(written), place, notation, tuple(texts), tuple(files))

    def followed_by(self, pieces: Iterable[tuple[str, int]], end: int) -> "MappedText":
        """The text with *pieces* behind it, which end at *end* of the file."""
        ends = (*self._texts[1:], len(self.text))
        starts = self._files or (self.place.start,)
        own = (
            (self.text[begin:stop], start)
            for begin, stop, start in zip(self._texts, ends, starts, strict=True)
        )
        return MappedText.of_pieces((*own, *pieces), Span(self.place.start, end), self.notation)

    def span(self, span: Span) -> Span:
        """Where the characters of *span* stand in the file."""
        return Span(self._in_file(span.start), self._in_file(span.end))

    def offset(self, file_offset: int) -> int | None:
        """The offset of a place in the file; that of the character which it is inside of.

        ``None`` outside of ``place``.
        """
        if not self.place.touches(file_offset):
            return None
        if not self._files:
            return file_offset - self.place.start
        run = max(0, bisect_right(self._files, file_offset) - 1)
        offset = self._texts[run] + max(0, file_offset - self._files[run])
        if run + 1 < len(self._texts):
            return min(offset, self._texts[run + 1] - 1)
        return min(offset, len(self.text))

    def written(self, text: str) -> str:
        """*text* as it has to be written in this place."""
        return self.notation.written(text)

    def edits(self, edits: Iterable[Edit]) -> tuple[Edit, ...]:
        """*edits* of the text, as edits of the file.

        In the order that they are given in, and behind them what else has to change: a place
        without quotes gets them where what is put in needs them.
        """
        edits = tuple(edits)
        changed = [Edit(self.span(it.span), it.text) for it in edits]
        quote = self.notation.missing_quote(it.text for it in edits)
        if not quote:
            return tuple(Edit(it.span, self.written(it.text)) for it in changed)
        changed = [Edit(it.span, it.text.replace(quote, quote * 2)) for it in changed]
        kept = (
            index
            for index, character in enumerate(self.text)
            if character == quote and not any(it.span.start <= index < it.span.end for it in edits)
        )
        doubled = [Edit(self.span(Span(it, it)), quote) for it in kept]
        # Of an empty place, both are at the same offset.
        for is_end, edge in enumerate((self.place.start, self.place.end)):
            at = Span(edge, edge)
            touching = next((i for i, it in enumerate(changed) if it.span.touches(edge)), None)
            if touching is None:
                doubled.append(Edit(at, quote))
            elif not is_end:
                changed[touching] = Edit(changed[touching].span, quote + changed[touching].text)
            else:
                changed[touching] = Edit(changed[touching].span, changed[touching].text + quote)
        return (*changed, *doubled)

    def _in_file(self, offset: int) -> int:
        offset = max(0, min(offset, len(self.text)))
        if not self._files:
            return self.place.start + offset
        run = bisect_right(self._texts, offset) - 1
        return self._files[run] + offset - self._texts[run]
