"""What a statute and its laws say that each fact is, in their own words."""

from coopfx.desk.versions import Statute
from coopfx.ground.report import Report
from coopfx.laws.book import open_law
from coopfx.plugged.world import World


def said_of_facts(statute: Statute, world: World) -> dict[str, str]:
    """What is said of each fact, by its name; the statute's own words go before a law's."""
    books = [open_law(name, world, Report()) for name in statute.program.laws]
    laws = [fact for book in books if book for article in book.articles for fact in article.facts]
    said = {fact.name: fact.label for fact in laws} | statute.facts_said()
    return {name: text for name, text in said.items() if text}
