"""What lies over the files of a policy: texts that are not saved, and the changes of a scenario."""

from collections.abc import Mapping
from pathlib import Path

from attrs import Factory, frozen


@frozen(slots=True)
class Over:
    """What lies over the files of a policy: texts by the path of their file, figures by their names.

    Texts that are ``unsaved`` hold for every year, as if they were saved; the ``texts`` and ``figures``
    of a scenario for the year that is asked: the years before it are what they were.
    """

    unsaved: Mapping[Path, str] = Factory(dict)
    texts: Mapping[Path, str] = Factory(dict)
    figures: Mapping[str, object] = Factory(dict)

    def text(self, path: Path) -> str | None:
        """The text that lies over a file; None where none does."""
        return self.texts.get(path, self.unsaved.get(path))

    def said(self) -> tuple[str, ...]:
        """What lies over the files, for an outcome to say of itself."""
        texts = dict.fromkeys(path.name for path in (*self.unsaved, *self.texts))
        return *texts, *(f"{name} = {value}" for name, value in self.figures.items())
