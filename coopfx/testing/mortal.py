"""Work that a worker does not survive. It needs nothing else, so that a worker is there at once."""

import os
import signal
from collections.abc import Callable

from attrs import frozen


@frozen
class Mortal:
    """Work whose first call on one task kills its own process, as a power cut would.

    ``killed`` is the path of a file that is there once it has.
    """

    work: Callable[[str], object]
    task: str
    killed: str

    def __call__(self, task: str) -> None:
        if task == self.task:
            try:
                os.close(os.open(self.killed, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid(), signal.SIGKILL)
        self.work(task)
