"""The page in a browser: a whole visit, the same bytes as native, and nothing that leaves it."""

import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from coopfx_page import files
from coopfx_page.server import bound, serving

pytest.importorskip("playwright", reason="playwright is not installed")

from axe_playwright_python.sync_playwright import Axe
from chromium import chromium
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("page")]

REPOSITORY = Path(__file__).parents[3]
POLICIES = REPOSITORY / "policies"
FOLDER = re.compile(r'(?<="file": ")/[^"]*/(?=[^/"]+")')
"""The folder of a file that is named in JSON."""
PATIENT = 120_000
"""Milliseconds: a busy machine loads the interpreter in a quarter of that."""

expect.set_options(timeout=PATIENT)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, built from the locks."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: the page was not built")
    output = tmp_path_factory.mktemp("page") / "page"
    script = REPOSITORY / "plugins" / "coopfx-page" / "build.py"
    subprocess.run([sys.executable, script, output], check=True)
    return output


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    with serving(bound(built, None)) as found:
        yield found


class Seen:
    """A page, with all that it has asked for and complained of."""

    def __init__(self, browser: Browser, address: str, language: str = "fr-FR"):
        self.context = browser.new_context(locale=language, accept_downloads=True)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENT)
        self.asked: list[str] = []
        self.there: list[str] = []
        self.amiss: list[str] = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("requestfinished", lambda request: self.there.append(request.url))
        self.page.on("pageerror", lambda error: self.amiss.append(str(error)))
        self.page.goto(address)

    def ready(self) -> "Seen":
        """Wait until coopfx can be asked."""
        expect(self.page.locator("header + p progress")).to_have_count(0)
        return self

    def example(self, name: str) -> None:
        self.go(OPEN)
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_selector("iframe")
        expect(self.page.locator(".busy")).to_have_count(0)

    def go(self, place: int) -> None:
        self.page.locator("nav button").nth(place).click()

    def downloaded(self, button: str) -> bytes:
        with self.page.expect_download(timeout=PATIENT) as found:
            self.page.get_by_role("button", name=button, exact=True).click()
        return Path(found.value.path()).read_bytes()


OPEN, STATUTE, FIGURES, YEAR, MEETING, PAPERS = range(6)


@pytest.fixture(scope="module")
def seen(browser: Browser, address: str) -> Iterator[Seen]:
    """One visit for most tests: without a network, once everything has come in."""
    found = Seen(browser, address).ready()
    before = len(found.asked)
    assert before and all(url.startswith((address, "blob:", "data:")) for url in found.asked)
    while sum(url.endswith(".whl") for url in found.there) < 2:
        found.page.wait_for_timeout(50)
    found.context.set_offline(True)
    yield found
    # Of all that the tests did, nothing went anywhere, and nothing failed.
    further = [url for url in found.asked[before:] if not url.startswith(("blob:", "data:"))]
    assert further == ["about:srcdoc"] * len(further) and found.amiss == []
    found.context.close()


def test_a_whole_visit_without_a_network(seen: Seen, tmp_path: Path) -> None:
    page = seen.page
    page.set_input_files("input[webkitdirectory]", POLICIES / "alma")
    page.wait_for_selector("iframe")
    report = page.frame_locator("iframe")
    expect(report.get_by_text("7 506 914,95").first).to_be_visible()
    page.fill("input[name=figure]", "part travail")
    page.fill("input[name=record]", "p042")
    page.get_by_role("button", name="Expliquer").click()
    expect(page.locator(".prose").first).to_contain_text("p042 reçoit 22 929,12 €")
    seen.go(STATUTE)
    page.wait_for_selector(".t-clause")
    place = page.locator(".cm-line", has_text="60 % à la part_travail")
    place.click()
    page.keyboard.press("End")
    page.keyboard.type("x")
    page.wait_for_selector(".cm-lint-marker-error")
    expect(page.locator(".told")).to_contain_text("part_travail")
    page.keyboard.press("Backspace")
    expect(page.locator(".cm-lint-marker-error")).to_have_count(0)
    seen.go(MEETING)
    field = page.locator(".number input[size]").first
    field.fill("45")
    expect(page.locator(".sentence")).to_contain_text("180 personnes reçoivent moins")
    page.get_by_role("button", name="Garder ce scénario").click()
    field.fill("50")
    expect(page.locator(".sentence")).to_contain_text("750 691")
    page.get_by_role("button", name="Garder ce scénario").click()
    expect(page.locator(".cards li")).to_have_count(2)
    page.get_by_label("Personnes par").select_option("équipe")
    expect(page.get_by_role("row", name="t08 (10)")).to_be_visible()
    page.get_by_role("button", name="Voir la suite").click()
    # As it is, and the two scenarios: five years each.
    expect(page.get_by_role("columnheader", name="2029")).to_have_count(3)
    seen.go(PAPERS)
    pdf = seen.downloaded("Rapport (PDF)")
    for name in ("report.pdf", "resolutions.docx"):
        native = tmp_path / name
        run = ["--lang", "fr", "run", str(POLICIES / "alma"), "2024", "--format", name]
        assert CliRunner().invoke(cli, [*run, "--output", str(native)]).exit_code == 0
    assert pdf == (tmp_path / "report.pdf").read_bytes()
    assert seen.downloaded("Résolutions (DOCX)") == (tmp_path / "resolutions.docx").read_bytes()
    saved = seen.downloaded("Enregistrer dans un fichier")
    assert saved == files.zipped(POLICIES / "alma", "alma")


def test_a_proof_is_stopped_and_asked_again(seen: Seen) -> None:
    page = seen.page
    seen.example("alma")
    seen.go(PAPERS)
    page.get_by_role("button", name="Prouver").click()
    page.get_by_role("button", name="Arrêter").click()
    expect(page.locator(".busy")).to_have_count(0)
    assert page.locator("pre").count() == 0 and page.locator("[role=alert]").count() == 0
    page.get_by_role("button", name="Prouver").click()
    expect(page.locator("pre")).to_contain_text("quels que soient les chiffres")


def test_a_cooperative_is_begun_from_its_workbook(seen: Seen, tmp_path: Path) -> None:
    page = seen.page
    book = tmp_path / "paie.xlsx"
    _payroll(book)
    seen.go(OPEN)
    page.get_by_role("button", name="Une nouvelle coopérative").click()
    page.get_by_label("Scop, SARL").check()
    page.get_by_label("Comment s'appelle la coopérative").fill("Les Tilleuls")
    page.get_by_label("Depuis quel jour").fill("2025-01-01")
    page.get_by_role("button", name="Écrire les statuts").click()
    expect(page.locator(".cm-line").first).to_contain_text("Les Tilleuls")
    seen.go(FIGURES)
    page.set_input_files("input[name=figures]", book)
    page.get_by_label("Ce qu’est Parts sociales").select_option("parts_détenues")
    page.get_by_role("group", name="contrat de travail").get_by_label("oui").check()
    for label, typed in (
        ("Excédent", "120 000"),
        ("Capital le plus haut", "30 000"),
        ("Ouverture de réserve légale", "12 000,50"),
    ):
        page.get_by_label(label, exact=False).first.fill(typed)
        page.keyboard.press("Tab")
        expect(page.locator(".busy")).to_have_count(0)
    page.get_by_role("button", name="Garder cela").click()
    page.wait_for_selector("iframe")
    expect(page.frame_locator("iframe").get_by_text("30 000,00").first).to_be_visible()
    seen.go(PAPERS)
    assert seen.downloaded("Résolutions (DOCX)").startswith(b"PK")


def _payroll(path: Path) -> None:
    import xlsxwriter  # type: ignore[import-untyped]

    rows = [
        ["Matricule", "Date d'entrée", "Salaire brut annuel", "Sociétaire", "Parts sociales"],
        *([f"S{one:02}", "2015-03-01", 20_000 + 500 * one, "oui", one] for one in range(1, 24)),
    ]
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Salariés 2025")
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    book.close()


def test_six_policies_have_the_same_bytes_as_natively(seen: Seen) -> None:
    for policy in sorted(path for path in POLICIES.iterdir() if path.is_dir()):
        seen.example(policy.name)
        seen.go(PAPERS)
        made = seen.downloaded("Chiffres pour d’autres logiciels (JSON)")
        run = ["--lang", "fr", "run", str(policy), "--format", "json"]
        native = CliRunner().invoke(cli, run).stdout
        # What is told of a text names its file, which lies in another folder here.
        assert re.sub(FOLDER, "", made.decode()) == re.sub(FOLDER, "", native), policy.name


def test_every_part_passes_axe_and_fits(seen: Seen) -> None:
    seen.example("txirbil")
    for width in (1280, 390):
        seen.page.set_viewport_size({"width": width, "height": 900})
        for place in (OPEN, STATUTE, FIGURES, YEAR, MEETING, PAPERS):
            seen.go(place)
            expect(seen.page.locator(".busy")).to_have_count(0)
            wide = seen.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, place
            found = Axe().run(seen.page, options={"iframes": False})
            assert not found.response["violations"], (place, found.generate_report())
    seen.page.set_viewport_size({"width": 1280, "height": 900})


def test_four_languages_and_a_keyboard_alone(seen: Seen) -> None:
    page = seen.page
    seen.go(OPEN)
    while page.evaluate("document.activeElement?.textContent.trim()") != "alma":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("iframe")
    said = set()
    for code in ("es", "it", "en", "fr"):
        page.select_option("header select", code)
        expect(page.locator("html")).to_have_attribute("lang", code)
        expect(page.locator(".busy")).to_have_count(0)
        said.add(page.locator("h2").first.inner_text())
    assert len(said) == 4, said


def test_work_is_restored_where_it_is_asked_for(browser: Browser, address: str) -> None:
    seen = Seen(browser, address, "de-DE").ready()
    # A language that the page does not have is answered in English.
    expect(seen.page.locator("html")).to_have_attribute("lang", "en")
    seen.example("quartet")
    seen.page.wait_for_timeout(500)
    seen.page.reload()
    seen.ready()
    assert seen.page.locator("iframe").count() == 0
    seen.page.get_by_role("button", name="Take it up again").click()
    seen.page.wait_for_selector("iframe")
    expect(seen.page.locator("h2").first).to_contain_text("Quartet")
    seen.context.close()


ESCAPES = {
    "fetch": "() => fetch(URL)",
    "request": "() => new Promise((done, fail) => { const x = new XMLHttpRequest();"
    " x.onload = done; x.onerror = () => fail(Error('refused')); x.open('GET', URL); x.send(); })",
    "socket": "() => new Promise((done, fail) => { const x = new WebSocket(URL.replace('http', 'ws'));"
    " x.onopen = done; x.onerror = () => fail(Error('refused')); })",
    "events": "() => new Promise((done, fail) => { const x = new EventSource(URL);"
    " x.onopen = done; x.onerror = () => fail(Error('refused')); })",
    "module": "() => import(URL)",
    "beacon": "() => navigator.sendBeacon(URL, 'x')",
    "image": "() => new Promise((done, fail) => { const x = new Image();"
    " x.onload = done; x.onerror = () => fail(Error('refused')); x.src = URL; })",
    "form": "() => { const x = document.createElement('form'); x.action = URL; x.method = 'POST';"
    " document.body.append(x); x.submit(); throw Error('asked'); }",
    "worker": "() => new Promise((done, fail) => { const x = new Worker(URL);"
    " x.onmessage = done; x.onerror = () => fail(Error('refused')); })",
    "calls": "() => new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:9'}]})",
}
INSIDE = ("fetch", "request", "socket", "events", "module")


@pytest.fixture
def outside() -> Iterator[tuple[str, list[str]]]:
    """A server that no page should reach, and what reached it."""
    reached: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Type", "text/javascript")
            self.end_headers()

        do_POST = do_GET  # noqa: N815, the name is given

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is written."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}/out", reached
        made.shutdown()


def test_nothing_gets_out(browser: Browser, address: str, outside: tuple[str, list[str]]) -> None:
    url, reached = outside
    seen = Seen(browser, address).ready()
    with closing(seen.context):
        seen.example("quartet")
        tried = {name: code.replace("URL", json.dumps(url)) for name, code in ESCAPES.items()}
        tried |= {f"{name}, inside": _in_a_worker(tried[name]) for name in INSIDE}
        own = ESCAPES["fetch"].replace("URL", json.dumps(f"{address}index.html"))
        tried |= {"own server": own, "own server, inside": _in_a_worker(own)}
        for name, code in tried.items():
            answered = False
            # What the page's own script could do, were it made to.
            with suppress(Exception):
                seen.page.evaluate(code)
                answered = True
            assert not answered or name == "beacon", name
        # A beacon says that it is queued before it is refused.
        seen.page.wait_for_timeout(500)
    assert reached == []
    # What is asked of a page without a policy of its own does get out: the ways are real ones.
    plain = browser.new_page()
    plain.goto(url)
    for name in ("fetch", "request", "beacon", "image", "fetch, inside", "request, inside"):
        before = len(reached)
        with suppress(Exception):
            plain.evaluate(tried[name])
        plain.wait_for_timeout(200)
        assert len(reached) > before, name
    plain.close()


def _in_a_worker(code: str) -> str:
    """The same from a worker that is made as the page makes its own."""
    told = f"({code})().then(() => postMessage('out'), (why) => postMessage(String(why)))"
    return (
        f"() => new Promise((done, fail) => {{ const code = new Blob([{json.dumps(told)}],"
        " {type: 'text/javascript'});"
        " const made = new Worker(URL.createObjectURL(code), {type: 'module'});"
        " made.onmessage = ({data}) => data === 'out' ? done() : fail(Error(data));"
        " made.onerror = () => fail(Error('no worker')); })"
    )


def test_markup_in_a_policy_stays_text(seen: Seen, tmp_path: Path) -> None:
    policy = tmp_path / "alma"
    shutil.copytree(POLICIES / "alma", policy)
    evil = "<img src=x onerror=document.title=1><script>document.title=2</script>"
    for path in policy.glob("statute.*.coop"):
        path.write_text(path.read_text("utf-8").replace("Alma", evil), "utf-8")
    data = policy / "2024" / "cooperative.toml"
    data.write_text(data.read_text("utf-8").replace('"Alma"', f"'{evil}'"), "utf-8")
    seen.go(OPEN)
    seen.page.set_input_files("input[webkitdirectory]", policy)
    seen.page.wait_for_selector("iframe")
    for place in (YEAR, STATUTE, FIGURES, MEETING, PAPERS):
        seen.go(place)
        expect(seen.page.locator(".busy")).to_have_count(0)
    assert seen.page.title() == "coopfx" and seen.amiss == []


def test_a_broken_file_is_told_and_the_page_lives(seen: Seen, tmp_path: Path) -> None:
    for name, data in (("x.zip", b"PK nothing"), ("y.zip", _bomb())):
        (tmp_path / name).write_bytes(data)
        seen.go(OPEN)
        seen.page.set_input_files("input[name=files]", tmp_path / name)
        expect(seen.page.locator(".told")).to_contain_text(re.compile(r"page\.E0[23]"))
    law = REPOSITORY / "plugins" / "example" / "coopfx_example" / "law" / "bakers.en.coop"
    seen.go(OPEN)
    seen.page.set_input_files("input[name=files]", law)
    expect(seen.page.locator("main")).to_contain_text("Rien à signaler dans cette loi")
    seen.example("quartet")


def _bomb() -> bytes:
    import io
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("statute.en.coop", bytes(files.MOST_BYTES + 1))
    return made.getvalue()
