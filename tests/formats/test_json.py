"""The outcome as JSON keeps to its published schema, whatever the year brings."""

import json as standard_json
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from compiling import Rows, compiled, table
from coopfx import pipeline
from coopfx.desk.policy import open_policy
from coopfx.desk.versions import Statute
from coopfx.formats import json
from coopfx.ground.exact import Known
from coopfx.ground.facts import Facts
from coopfx.ground.report import Report
from coopfx.plugged.world import World

REPOSITORY = Path(__file__).parent.parent.parent
ALMA = REPOSITORY / "policies" / "alma"
SCHEMA = REPOSITORY / "docs" / "schema" / "outcome.schema.json"
CLOSING = date(2024, 12, 31)


STATUTE = """statute "Every case" under fr.scop
currency EUR
in force from 2020-01-01

article 1 "Money"
  input grant : money
  account grants
  define part = turnover / share_capital
  allocate surplus
    60% to work_share
    grant to grants
    15% to reserves.legal until highest_share_capital then to reserves.development
    rest to reserves.development
    losses to losses_brought_forward
  share work_share among workers
    50% by salary
    50% equally
  share turnover / 3 from charges among members
    by shares_held
  pool result of teams
    15% kept by each
    rest to common_investment
  account common_investment

article 2 "Rules"
  require thin: part >= 1 / 3
  recommend paid: salary >= 1 EUR for each worker when hours > 0 hours "pay"
  require divided: salary / hours >= 10 EUR per hour for each worker
  require joined: member for each worker
  require late: full_time_pay >= 2 * minimum_wage for each worker unless seniority < 1 year

article 3 "Indicators"
  indicator "Part" in economy
    = part
    target part
  indicator "Attendance"
    = attendance
    target at most part
  indicator "Members" in democracy
    = rate of member over workers
"""


# ---- years


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = standard_json.loads(SCHEMA.read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def validator(schema: dict[str, Any]) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture(scope="module")
def statute(world: World) -> Statute:
    return compiled(STATUTE, world)


@pytest.fixture(scope="module")
def alma(world: World) -> dict[str, Any]:
    """What Alma's year prints."""
    report = Report()
    policy = open_policy(ALMA, report)
    assert policy is not None
    year = pipeline.evaluate_policy(policy, None, world, report)
    assert year is not None
    return printed(json.outcome(year.outcome, year.statute.words, report))


def printed(data: dict[str, Any]) -> dict[str, Any]:
    """An object as whoever reads the printed text has it."""
    found: dict[str, Any] = standard_json.loads(json.text(data))
    return found


def money(**amounts: str) -> dict[str, Known]:
    return {name: Fraction(amount) for name, amount in amounts.items()}


ANNE: dict[str, Known] = {"worker": True, "member": True} | money(
    salary="30000", hours="1607", shares_held="50", full_time_pay="2500", seniority="30"
)
GAP: dict[str, Known] = {"worker": True, "member": False} | money(hours="0", seniority="3")
FULL = money(
    surplus="1000.01",
    grant="10.005",
    turnover="100",
    share_capital="300",
    highest_share_capital="400",
    attendance="0.9",
)
OPENED = {
    name: Fraction(amount)
    for name, amount in {"reserves.legal": "350", "reserves.development": "0.015"}.items()
}
TEAMS: Rows = {"t1": money(result="10.01"), "t2": money(result="-3")}

YEARS: dict[str, Facts] = {
    "all is given": Facts(
        CLOSING, FULL, {"person": table({"anne": ANNE}), "team": table(TEAMS)}, OPENED
    ),
    "nothing is given": Facts(CLOSING),
    "before the law's first parameter": Facts(date(2010, 12, 31), FULL),
    "a loss": Facts(CLOSING, FULL | money(surplus="-5"), {"person": table({"anne": ANNE})}, OPENED),
    "nothing to share": Facts(CLOSING, FULL | money(surplus="0", turnover="0"), {}, OPENED),
    "a division by zero": Facts(
        CLOSING, FULL | money(share_capital="0"), {"person": table({"anne": ANNE})}, OPENED
    ),
    "a division by zero for one": Facts(
        CLOSING, FULL, {"person": table({"anne": ANNE, "ben": ANNE | money(hours="0")})}, OPENED
    ),
    "nobody": Facts(CLOSING, FULL, {"person": table({}), "team": table({})}, OPENED),
    "gaps": Facts(
        CLOSING,
        {name: known for name, known in FULL.items() if name != "grant"},
        {
            "person": table({"anne": ANNE, "ben": GAP, "cleo": {}}),
            "team": table(TEAMS | {"t3": {}}),
        },
    ),
    "more is asked for than there is": Facts(CLOSING, FULL | money(grant="5000"), {}, OPENED),
}


@pytest.fixture(scope="module")
def outcome(statute: Statute, world: World) -> Callable[[str], dict[str, Any]]:
    """What a year prints, by its name."""

    def found(name: str) -> dict[str, Any]:
        result = pipeline.evaluate(statute, YEARS[name], world)
        report = Report()
        for diagnostic in result.diagnostics:
            report.add(diagnostic)
        return printed(json.outcome(result, statute.words, report))

    return found


Year = Callable[[str], dict[str, Any]]


# ---- the schema


def objects(schema: Any, place: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of an object with named properties, with its place."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            yield place, schema
        for key, inner in schema.items():
            yield from objects(inner, f"{place}/{key}")
    if isinstance(schema, list):
        for index, inner in enumerate(schema):
            yield from objects(inner, f"{place}/{index}")


def test_the_schema_describes_every_property_and_admits_no_other(schema: dict[str, Any]) -> None:
    found = list(objects(schema))
    assert len(found) > 15
    for place, item in found:
        assert item["additionalProperties"] is False, place
        assert item["description"], place
        for name, inner in item["properties"].items():
            assert inner.get("description", "").endswith("."), f"{place}: {name}"
        optional = set(item["properties"]) - set(item["required"])
        told = {"missing", "undefined", "records", "cases", "changes", "set_aside"}
        assert optional <= told, place


def errors(validator: Draft202012Validator, data: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(data)]


def test_alma_keeps_to_the_schema(validator: Draft202012Validator, alma: dict[str, Any]) -> None:
    assert errors(validator, alma) == []


@pytest.mark.parametrize("name", YEARS)
def test_every_year_keeps_to_the_schema(
    validator: Draft202012Validator, outcome: Year, name: str
) -> None:
    assert errors(validator, outcome(name)) == []


def test_the_years_bring_every_status_and_every_sort_of_null(outcome: Year) -> None:
    found = [outcome(name) for name in YEARS]
    statuses = {item["status"] for data in found for item in data["verdicts"]}
    assert statuses == {"satisfied", "violated", "not applicable", "undetermined"}
    reasons = {item["undefined"] for data in found for item in walk(data) if "undefined" in item}
    assert {"division", "rate"} <= reasons
    codes = {item["code"] for data in found for item in data["diagnostics"]}
    assert {"R801", "R803", "R805"} <= codes


# ---- nulls


# A null of these says that there is none: no figure is hidden behind it.
NONE = {"law", "allowance", "record", "source", "reference", "confidence", "relation", "undefined"}
NONE |= {
    "inside_each",
    "excess_to",
    "id",
    "giver",
    "between",
    "unit",
    "by",
    "better",
    "broken",
    "reason",
}
NONE |= {"file", "line", "column", "end_line", "end_column"}


def walk(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from walk(item)


def unexplained(data: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for item in walk(data):
        nulls = {key for key, known in item.items() if known is None} - NONE
        if item.get("status") in ("satisfied", "violated", "not applicable"):
            nulls -= {"left", "right", "margin"}
        if "met" in item and item["relation"] is None:
            nulls -= {"target", "met"}
        if nulls and not item.get("missing") and not item.get("undefined"):
            found.append(item)
    return found


@pytest.mark.parametrize("name", YEARS)
def test_a_null_stands_beside_what_is_missing_or_undefined(outcome: Year, name: str) -> None:
    assert unexplained(outcome(name)) == []


def test_alma_has_no_null_that_is_not_explained(alma: dict[str, Any]) -> None:
    assert unexplained(alma) == []


def test_what_is_missing_is_named_with_its_record(outcome: Year) -> None:
    data = outcome("gaps")
    work = data["shares"][0]
    assert work["parts"] is None
    assert work["missing"] == ["worker of cleo"]
    [third] = [part for part in data["pools"][0]["parts"] if part["id"] == "t3"]
    assert third == {"id": "t3", "figure": None, "kept": None, "missing": ["result of t3"]}
    assert [item["amount"] for item in data["allocations"][0]["items"]] == [
        "600.01", None, None, None, None, "0.00"
    ]  # fmt: skip


# ---- figures


def test_money_has_its_decimals_and_other_figures_are_exact(outcome: Year) -> None:
    data = outcome("all is given")
    assert data["values"]["surplus"]["value"] == "1000.01"
    assert data["values"]["part"]["value"] == "1/3"
    assert data["values"]["grant"]["value"] == "10.005", "no cent is shown that is not there"
    assert data["accounts"]["reserves.development"]["opening"] == "0.015"
    assert data["values"]["minimum_hourly_wage"]["type"] == "EUR per hour"
    assert data["indicators"][1]["value"] == "0.9"
    assert data["allocations"][0]["items"][1]["amount"] == "10.01"


# ---- the books


def rests_on(data: dict[str, Any]) -> None:
    """Each account's closing is its opening with the entries to its branch and without those from it."""
    for name, account in data["accounts"].items():
        if account["closing"] is None:
            continue

        def within(place: dict[str, Any], name: str = name) -> bool:
            return place["kind"] == "account" and f"{place['name']}.".startswith(f"{name}.")

        moved = sum(
            Fraction(entry["amount"]) * sign
            for entry in data["entries"]
            if (sign := within(entry["to"]) - within(entry["from"]))
        )
        assert Fraction(account["closing"]) == Fraction(account["opening"]) + moved, name


def test_the_entries_give_each_accounts_closing(outcome: Year, alma: dict[str, Any]) -> None:
    assert len(alma["entries"]) > 300
    for data in (alma, outcome("all is given"), outcome("a loss")):
        rests_on(data)


def test_an_entry_has_both_its_places_and_whose_it_is(outcome: Year) -> None:
    data = outcome("all is given")
    [paid] = [entry for entry in data["entries"] if entry["from"]["name"] == "work_share"]
    assert paid == {
        "article": "1",
        "line": 15,
        "way": "part",
        "book": "legal",
        "from": {"kind": "account", "name": "work_share", "record": None},
        "to": {"kind": "received", "name": "work_share", "record": "person"},
        "id": "anne",
        "giver": None,
        "amount": "600.01",
    }
    books = {entry["way"]: entry["book"] for entry in data["entries"]}
    assert books["pooled"] == books["kept"] == "management" and books["item"] == "legal"
    charged = [entry for entry in data["entries"] if entry["from"]["kind"] == "charges"]
    assert charged and all(entry["amount"] == "33.33" for entry in charged)


def test_an_entry_that_is_not_known_says_why(outcome: Year) -> None:
    unknown = [entry for entry in outcome("gaps")["entries"] if entry["amount"] is None]
    assert {entry["to"]["name"] for entry in unknown} >= {"grants", "reserves.legal"}
    assert any(entry["missing"] == ["grant"] for entry in unknown)


# ---- strictness


def test_a_year_that_is_altered_does_not_keep_to_the_schema(
    validator: Draft202012Validator, outcome: Year
) -> None:
    """At every sort of object of a year: one property more, and each property less."""
    data = one_of_each(outcome("gaps"))
    assert validator.is_valid(data)
    free = {"values", "accounts", "plugins"}
    optional = {"missing", "undefined", "records", "cases"}
    tried = 0
    seen = set()
    for path, item in list(paths(data)):
        sort = (tuple(str(step) for step in path if not isinstance(step, int)), tuple(item))
        if (path and path[-1] in free) or sort in seen:
            continue
        seen.add(sort)
        for key in [None, *(key for key in item if key not in optional)]:
            whole = dict(item)
            if key is None:
                item["further"] = 1
            else:
                del item[key]
            assert not validator.is_valid(data), (path, key)
            item.clear()
            item.update(whole)
            tried += 1
    assert tried > 200


def one_of_each(data: Any) -> Any:
    """The same with one item in each list of every sort of item: an altered one is sooner held up."""
    if isinstance(data, dict):
        return {key: one_of_each(item) for key, item in data.items()}
    if isinstance(data, list):
        sorts = {
            str([(path, sorted(item)) for path, item in paths(one)]) or type(one): one
            for one in data
        }
        return [one_of_each(one) for one in sorts.values()]
    return data


def paths(
    data: Any, path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    if isinstance(data, dict):
        yield path, data
        for key, item in data.items():
            yield from paths(item, (*path, key))
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from paths(item, (*path, index))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("values", "surplus", "value"), None),
        (("values", "surplus", "value"), 1000.01),
        (("allocations", 0, "amount"), None),
        (("allocations", 0, "items", 0, "amount"), "1/3"),
        (("accounts", "reserves.legal", "closing"), None),
        (("shares", 0, "parts"), None),
        (("pools", 0, "parts", 0, "kept"), None),
        (("verdicts", 0, "status"), "undetermined"),
        (("verdicts", 0, "status"), "unknown"),
        (("indicators", 0, "value"), None),
        (("indicators", 0, "met"), None),
        (("closing",), "31/12/2024"),
        (("schema",), "coopfx.outcome/1"),
        (("entries", 0, "amount"), None),
        (("entries", 0, "from"), "surplus"),
        (("entries", 0, "way"), "given"),
    ],
)
def test_a_value_that_cannot_be_does_not_keep_to_the_schema(
    validator: Draft202012Validator, outcome: Year, path: tuple[Any, ...], value: object
) -> None:
    data = outcome("all is given")
    assert validator.is_valid(data)
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert not validator.is_valid(data)
