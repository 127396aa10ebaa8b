"""The process that parses one file, with limits: `python -m data.reading.child SECONDS BYTES`."""

import sys
from typing import TYPE_CHECKING

from data.errors import DataError
from data.reading.message import read_request, reply
from data.reading.parse import parse

if TYPE_CHECKING:
    from data.reading.raw_table import RawTable

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.system", "os.posix_spawn", "os.fork")


def _limit(seconds: int, memory: int) -> None:
    """Take time, memory and writing to files from this process, where the system can."""
    try:
        import resource  # noqa: PLC0415  # Windows has none
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _leave_the_network() -> None:
    """Move to a network of this process alone where Linux lets it, and let Python open none."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415

        # Refused in some containers; the hook below then stands alone.
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)
    sys.addaudithook(_forbid)


def _forbid(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN):
        msg = f"A file that is parsed does not need {event}."
        raise PermissionError(msg)


def main() -> None:
    """Parse what standard input holds and write the table, or why it is refused."""
    content, ending, name, layout = read_request(sys.stdin.buffer.read())
    _leave_the_network()
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    try:
        answer: RawTable | DataError = parse(content, ending, name, layout)
    except DataError as error:
        answer = error
    sys.stdout.buffer.write(reply(answer))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
