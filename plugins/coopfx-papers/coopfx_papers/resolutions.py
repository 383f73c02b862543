"""The resolutions that the meeting votes, in Markdown, from the outcome of the year."""

import re
from collections.abc import Iterator
from fractions import Fraction

from coopfx.engine import outcome as out
from coopfx.extending import rule_label
from coopfx.ground.report import Said
from coopfx.ground.words import Words
from coopfx_papers.anonymous import is_shown, unseen
from coopfx_papers.said import Speaker

_NAMED = 8


def text(results: out.Results, words: Words, *, anonymous: bool = False) -> str:
    """The draft of the resolutions, each with room for the vote; ``anonymous`` ones show no few people."""
    speaker = Speaker(words, results.outcome.currency)
    outcome, say = results.outcome, speaker.say
    date = words.date(outcome.closing)
    lines = [
        f"# {plain(say('resolutions'))}",
        plain(say("meeting", name=outcome.cooperative, date=date)),
    ]
    for number, (title, body) in enumerate(_resolutions(results, speaker, anonymous), 1):
        named = (
            say(f"resolution_{number}") if number <= _NAMED else say("resolution_n", number=number)
        )
        lines.append(f"## {plain(say('resolution_title', number=named, title=title))}")
        lines += body
        lines.append(f"*{plain(say('vote'))}*")
    return "\n\n".join(lines) + "\n"


def plain(written: str) -> str:
    """A text in which no sign means anything to Markdown or to HTML.

    >>> plain("a *b* <script> [c](d)")
    'a \\\\*b\\\\* &lt;script&gt; \\\\[c\\\\](d)'
    """
    escaped = re.sub(r"([\\`*_\[\]#|~])", r"\\\1", " ".join(written.split(" ")).replace("\n", " "))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _resolutions(
    results: out.Results, speaker: Speaker, anonymous: bool
) -> Iterator[tuple[str, list[str]]]:
    outcome = results.outcome
    say, money, label = speaker.say, speaker.money, speaker.label
    date = speaker.words.date(outcome.closing)
    held = [item for item in outcome.allocations if item.held]
    first = held[0] if held else None
    amount = first.amount if first else None
    if first is None or not isinstance(amount, Fraction):
        said = say("approve_unknown", date=date)
    elif amount < 0:
        said = say("approve_loss", date=date, amount=money(abs(amount)))
    else:
        key = _of("approve_gain", first.source)
        said = say(key, date=date, source=speaker.given_out(first), amount=money(amount))
    yield say("approve_title"), [plain(said)]
    few = unseen(outcome) if anonymous else frozenset()
    shown = [item for item in held if is_shown(item, few)]
    for item in shown:
        if item.record is None:
            yield _allocation(item, results, speaker)
    for share in outcome.shares:
        if share.parts and isinstance(share.amount, Fraction) and share.amount:
            yield _share(share, speaker, anonymous)
    # What people pass on is voted after what they receive.
    for item in shown:
        if item.record is not None:
            yield _allocation(item, results, speaker)
    for pool in outcome.pools:
        said = say(
            "pool", article=pool.article, amount=money(pool.pooled), account=label(pool.account)
        )
        yield say("pool_title", figure=label(pool.figure)), [plain(said)]
    broken = [item for item in outcome.verdicts if item.binding and item.status == out.VIOLATED]
    if broken:
        body = "\n".join(f"- {plain(_cited(item, speaker))}" for item in broken)
        yield say("violated_title"), [plain(say("violated_note")), body]
    yield say("powers_title"), [plain(say("powers"))]


def _laws_behind(step: out.Explanation | None) -> Iterator[str]:
    """The rules of laws that speak of an account, by what explains it."""
    if step is None:
        return
    rule = step.arguments.get("rule")
    if step.law and step.how.startswith("explain.rule") and isinstance(rule, Said):
        yield rule.key.removeprefix("rule.")
    for inner in step.steps:
        yield from _laws_behind(inner)


def _of(key: str, source: str | None) -> str:
    """A sentence about what is shared out: a year's surplus has its own, as people say it."""
    return f"{key}_surplus" if source == "surplus" else key


def _allocation(
    item: out.Allocation, results: out.Results, speaker: Speaker
) -> tuple[str, list[str]]:
    say, money, label = speaker.say, speaker.money, speaker.label
    source = speaker.given_out(item)
    loss = item.record is None and isinstance(item.amount, Fraction) and item.amount < 0
    key = ("allocate_loss" if loss else "allocate") + ("" if item.article else "_bare")
    amount = abs(item.amount) if loss and isinstance(item.amount, Fraction) else item.amount
    said = say(key, article=item.article, amount=money(amount), source=source)
    sums = {name: value for name, value in item.by_account.items() if value != 0}
    colon = " :" if speaker.words.language == "fr" else ":"
    lines = [
        f"- {plain(speaker.begin(label(name)))}{colon} **{plain(shown)}**"
        for name, value in sums.items()
        for shown in [money(-value if loss else value) if isinstance(value, Fraction) else "–"]
    ]
    body = [plain(said), "\n".join(lines)]
    spoken = {
        rule
        for name, value in sums.items()
        if isinstance(value, Fraction)
        for rule in _laws_behind(results.explain(name, ""))
    }
    kept = [one for one in results.outcome.verdicts if one.law and one.kept and one.rule in spoken]
    if kept:
        body += [
            plain(say("laws_kept")),
            "\n".join(f"- {plain(_cited(one, speaker))}" for one in kept),
        ]
    title = (
        say("allocate_loss_title")
        if loss
        else say(_of("allocate_title", item.source), source=source)
    )
    return title, body


def _share(share: out.Share, speaker: Speaker, anonymous: bool) -> tuple[str, list[str]]:
    say, money, label = speaker.say, speaker.money, speaker.label
    source = speaker.given_out(share)
    said = say(
        "share_anonymous" if anonymous else "share",
        article=share.article,
        amount=money(share.amount),
        source=source,
        count=len(share.parts or ()),
        group=label(share.group),
    )
    body = [plain(said)]
    if isinstance(share.undistributed, Fraction) and share.undistributed:
        body.append(plain(say("share_left", amount=money(share.undistributed))))
    if isinstance(share.excess, Fraction) and share.excess and not anonymous:
        account = label(share.excess_account or "")
        body.append(plain(say("share_excess", amount=money(share.excess), account=account)))
    return say("share_title", source=source), body


def _cited(item: out.Verdict, speaker: Speaker) -> str:
    """A rule with where it is written."""
    words = speaker.words
    title = speaker.begin(rule_label(item, words))
    where = item.reference or (speaker.say("article", article=item.article) if item.article else "")
    return f"{title} ({where})" if where else title
