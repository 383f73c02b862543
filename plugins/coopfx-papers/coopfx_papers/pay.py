"""The pay scale: how many people are paid how much, and how far apart the ends are."""

from collections.abc import Iterator
from fractions import Fraction
from statistics import median

from coopfx.engine.outcome import Results
from coopfx.extending import LEAST
from coopfx.ground.exact import round_to
from coopfx_papers import charts
from coopfx_papers.anonymous import bands, rounded
from coopfx_papers.paper import Block, Column, Heading, Paragraph, Table
from coopfx_papers.said import Speaker

_STEPS = (50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10000, 20000, 50000, 100000)


def pay_scale(results: Results, speaker: Speaker, anonymous: bool) -> Iterator[Block]:
    """The pay of those who work, in bands; nothing where the data give none."""
    works = results.of("person", "worker")
    paid = sorted(
        value
        for identifier, value in results.of("person", "full_time_pay").items()
        if isinstance(value, Fraction) and works.get(identifier) is True
    )
    if not paid:
        return
    say = speaker.say
    yield Heading(say("pay"))
    if anonymous and len(paid) < LEAST:
        yield Paragraph(say("pay_few"))
        return
    low, high = paid[0], paid[-1]
    if low == high and not anonymous:
        yield Paragraph(say("pay_alike", pay=speaker.money(low)))
        return
    if low > 0 and not anonymous:
        ratio = speaker.words.number(high / low, 2)
        middle = speaker.money(round_to(median(paid), Fraction(1, 100)))
        ends = {"low": speaker.money(low), "high": speaker.money(high)}
        yield Paragraph(say("pay_said", ratio=ratio, middle=middle, **ends))
    names, counts = _banded(paid, speaker, anonymous)
    everyone = len(paid)
    shown = [str(count) for count in (*counts, everyone)]
    if anonymous:
        counts, everyone = [rounded(count) for count in counts], rounded(everyone)
        shown = [say("about", count=count) for count in (*counts, everyone)]
    rows = list(zip((*names, say("total")), shown, strict=True))
    columns = (Column(say("pay_range"), width=2), Column(say("people"), True, 4, bars=True))
    bars = charts.bars([(Fraction(count), charts.WORK) for count in counts])
    marks = {len(counts): "total"}
    yield Table(say("pay_caption"), columns, tuple(rows), marks, dict(enumerate(bars)))


def _banded(paid: list[Fraction], speaker: Speaker, anonymous: bool) -> tuple[list[str], list[int]]:
    """The bands' names and how many people each has; ``anonymous`` ones are open at both ends."""
    low, high = paid[0], paid[-1]
    # One band more each time the people double: few people leave no row empty, many show the shape.
    most = len(paid).bit_length() + 1
    step = next((one for one in _STEPS if (high - low) / one < most), None)
    wide = Fraction(step) if step else (high - low) / most
    start = low // wide * wide
    number = int((high - start) // wide) + 1
    counts = [0] * number
    for value in paid:
        counts[int((value - start) // wide)] += 1
    edges = [(place, place) for place in range(number)]
    if anonymous:
        edges = bands(counts)
    names, sizes = [], []
    for first, last in edges:
        below, above = (speaker.whole_money(start + at * wide) for at in (first, last + 1))
        key = "pay_band"
        if anonymous and len(edges) == 1:
            names.append(speaker.say("every_pay"))
        else:
            if anonymous and first == 0:
                key = "pay_band_under"
            elif anonymous and last == number - 1:
                key = "pay_band_over"
            names.append(speaker.say(key, low=below, high=above))
        sizes.append(sum(counts[first : last + 1]))
    return names, sizes
