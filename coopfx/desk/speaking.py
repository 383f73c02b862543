"""The words to speak of a statute: those of its language, of its laws and of the policy."""

from collections.abc import Iterable, Mapping

from coopfx.desk.law_words import speaking_of
from coopfx.desk.policy import Policy
from coopfx.ground.kept import remember
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.plugged.hookspecs import Law
from coopfx.plugged.world import World


def words_for(world: World, language: str, laws: tuple[str, ...], policy: Policy) -> Words:
    """A language with the names of the laws and of the policy: to read a statute, and to speak of it."""
    return words_of_laws(world, language, laws).with_names(policy.words(language))


def words_of_laws(world: World, language: str, laws: Iterable[str]) -> Words:
    """A language with the names and the sentences of laws, and what they call their accounts.

    A law that is not installed has none.
    """
    return speaking_of_laws(world.words(language), world, laws)


def names_of_all(policies: Iterable[Policy]) -> dict[str, dict[str, str]]:
    """What policies call their own names in each language; where they differ, all that they say."""
    found: dict[str, dict[str, dict[str, None]]] = {}
    for policy in policies:
        for name, forms in policy.names.items():
            own = found.setdefault(name, {})
            for language, form in forms.items():
                own.setdefault(language, {})[form] = None
    return {
        name: {language: " / ".join(sorted(said)) for language, said in sorted(own.items())}
        for name, own in sorted(found.items())
    }


def words_of_all(world: World, language: str, names: Mapping[str, Mapping[str, str]]) -> Words:
    """A language with all laws' words, and with names of policies where no law and no language has them."""
    words = words_of_laws(world, language, sorted(world.laws))
    known = words.names.keys() | words.labels.keys()
    own = {name: said[language] for name, said in names.items() if language in said}
    return words.with_names({name: (said,) for name, said in own.items() if name not in known})


def speaking_of_laws(words: Words, world: World, laws: Iterable[str]) -> Words:
    """Words that speak of laws too; one that is not installed has none."""
    for name in laws:
        if name in world.laws:
            law = world.laws[name].law
            words = speaking_of(words, law)
            if law.language == words.language:
                words = words.with_names({}, _account_labels(law, world))
    return words


def _account_labels(law: Law, world: World) -> dict[str, str]:
    """What a law's own text calls the accounts that it declares, kept."""
    own = speaking_of(world.words(law.language), law)

    def make() -> dict[str, str]:
        from coopfx.desk.texts import labels_of, read_document  # slow to load, and kept
        from coopfx.language.scope import Text

        document = read_document(Source(law.file, law.text, law.language), own, Report())
        return {} if document is None else labels_of(Text(document, own, law.name))

    return remember(make, "account-labels", law.text, repr(own.keywords), repr(own.names))
