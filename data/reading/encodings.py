"""Encodings: which letters a text's bytes stand for; asked wherever two readings make sense."""

# ruff: noqa: RUF001  # letters that look like others are the point

import codecs
import re
from dataclasses import dataclass

import chardet

from data.errors import DataError
from data.question import Question
from data.reading.layout import sheet_lines

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"
_RIVALS = {
    "western": ("cp1252", "cp1250", "mac-roman", "cp1251"),
    "cyrillic": ("cp1251", "koi8-r", "mac-cyrillic", "cp1252"),
    "asian": ("gb18030", "big5", "cp932", "euc-jp", "cp949"),
}
_ASIAN = ("gb", "big5", "cp9", "shift", "euc", "iso2022", "johab")
_CYRILLIC = ("koi8", "cp1251", "mac-cyrillic", "iso8859-5", "cp866")
_OLD_WESTERN = (
    "mac-roman",
    "mac-iceland",
    "mac-turkish",
    "cp437",
    "cp850",
    "iso8859-1",
    "iso8859-15",
)
_MOST_CHOICES = 4
_SAMPLE = 60_000
_LETTERS = "A-Za-zÀ-ÖØ-öø-ÿŠšŽžŒœŸ"
_OTHER_SIGNS = " ¡£§©ª«®°±²³´µ¶·¹º»¼½¾¿×‘’‚“”„–—…€™•†‡‰"
_ODD = re.compile(f"[^\\x00-\\x7f{_LETTERS}{_OTHER_SIGNS}]")
_SIGN_IN_WORD = re.compile(
    f"[{_LETTERS}][{_OTHER_SIGNS.replace('’', '').replace('·', '')[1:]}][{_LETTERS}]"
)
_WORD = re.compile(f"[{_LETTERS}]+")
_FOREIGN_WORD = re.compile(r"[^\W\d_]*[^\x00-\x7f][^\W\d_]*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
_MOST_FOREIGN = 0.6


@dataclass(frozen=True)
class Decoded:
    """A text, the encoding that gave it, what to say of it and what to ask."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


def decode(content: bytes, name: str, encoding: str = "") -> Decoded:
    """Turn bytes into text; by the given encoding, by what is certain, or by the best guess.

    Returns
    -------
    Decoded
        With a question if other encodings give another text that makes sense.

    Raises
    ------
    DataError
        If the bytes are no text, or not in the given encoding.
    """
    if encoding:
        return Decoded(_decoded_as(content, name, encoding), encoding)
    for mark, marked in _MARKS:
        if content.startswith(mark):
            return Decoded(_decoded_as(content, name, marked), marked)
    unmarked = _utf16_without_mark(content)
    if unmarked:
        return Decoded(_decoded_as(content, name, unmarked), unmarked)
    try:
        # ISO-2022 writes other scripts in ASCII's bytes, behind an escape that no text has.
        if b"\x1b$" not in content:
            return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    return _detected(content, name)


def _decoded_as(content: bytes, name: str, encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding)
        if not codec._is_text_encoding:  # noqa: SLF001  # "hex" and "zip" are codecs too
            raise LookupError(encoding)
        return codec.decode(content)[0].removeprefix("\ufeff")
    except LookupError as error:
        msg = f"There is no encoding called '{encoding}'. Write 'utf-8' or 'cp1252', for example."
        raise DataError(msg) from error
    except (UnicodeError, ValueError) as error:
        msg = (
            f"'{name}' is not a text table in {encoding}: some bytes stand for no letter. Name "
            "another encoding, or export it as CSV in UTF-8."
        )
        raise DataError(msg) from error


def _utf16_without_mark(content: bytes) -> str:
    """Tell UTF-16 by its zero bytes: in a table every digit and separator brings one."""
    sample = content[: _SAMPLE & ~1]
    half = len(sample) // 2
    if half and len(content) % 2 == 0:
        for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            zeros, others = sample[first::2].count(0), sample[1 - first :: 2].count(0)
            if not others and zeros > half / 4:
                return encoding
    return ""


def _detected(content: bytes, name: str) -> Decoded:
    if b"\x00" in content:
        msg = f"'{name}' is not a text table: it holds bytes that no text has. Export it as CSV."
        raise DataError(msg)
    sample = _foreign_lines(content)
    found = chardet.detect(sample)["encoding"]
    if not found:
        msg = f"'{name}' is not a text table in an encoding that is known. Export it as CSV."
        raise DataError(msg)
    best = codecs.lookup(found).name
    western = _read(sample, _WESTERN)
    if western is not None and _is_western(western) and _is_no_better(sample, best, western):
        note = "The file is not in UTF-8; it is read as Windows-1252. Check accents."
        return Decoded(_decoded_as(content, name, _WESTERN), _WESTERN, (note,))
    readings = _readings(content, sample, best)
    if not readings:
        msg = f"'{name}' is not a text table: it holds bytes that no text has. Export it as CSV."
        raise DataError(msg)
    first = next(iter(readings))
    return Decoded(content.decode(first), first, (), (_question(name, readings),))


def _foreign_lines(content: bytes) -> bytes:
    """Return the lines that tell an encoding, as many as a detector needs."""
    lines, size = [], 0
    for line in content.splitlines(keepends=True):
        if not line.isascii() or b"\x1b" in line:
            lines.append(line[:_SAMPLE])
            size += len(line)
            if size > _SAMPLE:
                break
    return b"".join(lines)


def _read(sample: bytes, encoding: str) -> str | None:
    """Return the text, or nothing if it cannot be: bytes for no letter, or control characters."""
    try:
        text = sample.decode(encoding)
    except (UnicodeError, LookupError):
        return None
    return None if _CONTROL.search(text) else text


def _is_western(text: str) -> bool:
    """Tell whether text looks as words of western Europe do: accents among plain letters."""
    if _ODD.search(text) or _SIGN_IN_WORD.search(text):
        return False
    words = "".join(word for word in _WORD.findall(text) if not word.isascii())
    foreign = sum(not letter.isascii() for letter in words)
    return foreign <= _MOST_FOREIGN * len(words)


def _is_no_better(sample: bytes, best: str, western: str) -> bool:
    """Tell whether the detector's reading is the same, or of the same letters and no words.

    Of a few accents it takes Windows-1252 for an old encoding of Apple's or DOS's.
    """
    text = _read(sample, best)
    return text is None or text == western or (best in _OLD_WESTERN and not _is_western(text))


def _readings(content: bytes, sample: bytes, best: str) -> dict[str, str]:
    """Return what the likeliest encodings make of the file, the detector's first."""
    kind = "asian" if best.startswith(_ASIAN) else "western"
    kind = "cyrillic" if best.startswith(_CYRILLIC) else kind
    readings: dict[str, str] = {}
    for encoding in (best, *_RIVALS[kind], _WESTERN):
        text = _read(sample, encoding)
        if text is None or text in readings.values() or len(readings) == _MOST_CHOICES:
            continue
        try:
            content.decode(encoding)
        except UnicodeError:
            continue
        readings[encoding] = text
    return readings


def _question(name: str, readings: dict[str, str]) -> Question:
    seen = {encoding: _words_of(text) for encoding, text in readings.items()}
    listed = "; ".join(f"{encoding}: {words}" for encoding, words in seen.items())
    first = next(iter(readings))
    return Question(
        kind="encoding",
        column="",
        seen=tuple(seen.values()),
        choices=tuple(readings),
        text=f"'{name}' is not in UTF-8. In which encoding are its words right? {listed}.",
        answer=sheet_lines("encoding", first),
    )


def _words_of(text: str, most: int = 4, longest: int = 20) -> str:
    words = dict.fromkeys(word[:longest] for word in _FOREIGN_WORD.findall(text))
    return ", ".join(f"'{word}'" for word in list(words)[:most])
