"""Forty plugins that are not as they should be: what each does, and the one diagnostic that tells of it.

Each is a module as somebody might publish it. ``AMISS`` maps what it does to its text, and to what is
told: a code, and words of the message. Where nothing is told, what it does harms nobody.
"""

from textwrap import dedent

HEAD = """
from coopfx.plugged.hookspecs import *

TEXT = 'law {name} "B"\\ncurrency EUR\\nin force from 2020-01-01\\narticle 1 "A"\\n'


def law(name="bad.{name}", **more):
    return Law(**{"name": name, "file": "x.en.coop", "language": "en",
                  "text": TEXT.replace("{name}", str(name)), "contract": 1} | more)
"""


def laws(returned: str) -> str:
    """A plugin whose hook of laws returns this."""
    return f"@hookimpl\ndef coopfx_laws():\n    return {returned}\n"


def hook(name: str, returned: str) -> str:
    """A plugin with one hook, which returns this."""
    return f"@hookimpl\ndef coopfx_{name}():\n    return {returned}\n"


AMISS: dict[str, tuple[str, str, str]] = {
    # It cannot be loaded.
    "raises at import": ("raise RuntimeError('out of flour')", "P903", "out of flour"),
    "exits at import": ("import sys; sys.exit(0)", "P903", "sys.exit(0)"),
    "exits with a text": ("raise SystemExit('no oven')", "P903", "no oven"),
    "has a syntax error": ("def", "P903", "SyntaxError"),
    "needs a module that is not there": ("import no_such_oven", "P903", "no_such_oven"),
    "needs a name that is none": (
        "from coopfx.plugged.hookspecs import Bakery",
        "P903",
        "Bakery",
    ),
    "recurses for ever": ("def f(): return f()\nf()", "P903", "RecursionError"),
    # Its hooks are none.
    "raises in a hook": (
        "@hookimpl\ndef coopfx_laws():\n    raise KeyError('x')",
        "P903",
        "KeyError",
    ),
    "exits in a hook": (
        "import sys\n@hookimpl\ndef coopfx_laws():\n    sys.exit(3)",
        "P903",
        "SystemExit: 3",
    ),
    "raises after its first law": (
        "@hookimpl\ndef coopfx_laws():\n    yield law()\n    raise OSError('cut')",
        "P903",
        "cut",
    ),
    "has a misspelt hook": ("@hookimpl\ndef coopfx_law():\n    return []", "P903", "coopfx_laws"),
    "has a hook of another program": (
        "@hookimpl\ndef coopfx_bakeries():\n    return []",
        "P903",
        "coopfx_bakeries",
    ),
    "lacks the mark": ("def coopfx_laws():\n    return [law()]", "P903", "hookimpl"),
    "has a hook that asks for something": (
        "@hookimpl\ndef coopfx_laws(oven):\n    return []",
        "P903",
        "coopfx_laws",
    ),
    "has a hook that is no function": ("coopfx_laws = 3", "P903", "hookimpl"),
    "has a member that bites": (
        "class Bites:\n    def __getattr__(self, name):\n        raise RuntimeError('bite')\n"
        "bites = Bites()",
        "P903",
        "bite",
    ),
    # What it declares is none.
    "returns nothing": (laws("None"), "P903", "TypeError"),
    "returns one and no list": (laws("law()"), "P903", "TypeError"),
    "returns a number": (laws("3"), "P903", "TypeError"),
    "returns a text": (laws("'law'"), "P903", "str"),
    "brings nothing": (laws("[]"), "P903", "nothing"),
    "has no hook": ("", "P903", "nothing"),
    "returns junk": (laws("[object()]"), "P903", "object"),
    "returns a model for a law": (
        laws("[Model('bad.model', 'x', 'en', TEXT)]"),
        "P903",
        "Model",
    ),
    "names a law with a space": (laws("[law('bad law')]"), "P903", "bad law"),
    "names a law by a number": (laws("[law(name=3)]"), "P903", "`name`"),
    "has a law without a text": (laws("[law(text=None)]"), "P903", "`text`"),
    "has words that are a list": (laws("[law(words=[])]"), "P903", "`words`"),
    "has a contract that is a text": (laws("[law(contract='1')]"), "P903", "`contract`"),
    "was made for a contract to come": (laws("[law(contract=9)]"), "P909", "9"),
    "was made for a contract that is gone": (laws("[law(contract=0)]"), "P930", "0"),
    "has a reader of no suffix": (
        hook("readers", "[Reader('bad', ('bad',), print)]"),
        "P903",
        "`bad`",
    ),
    "has a reader that cannot be called": (
        hook("readers", "[Reader('bad', ('.bad',), 3)]"),
        "P903",
        "`read`",
    ),
    "has a command that is nowhere": (
        hook("commands", "[Command('bad', 'Bad.', 'bad')]"),
        "P903",
        "`bad`",
    ),
    "has a broken language": (hook("languages", "[Language('xx', 'no toml')]"), "P903", "`xx`"),
    "has sentences without English": (
        hook("sentences", "[Sentences('bad', {'fr': ''})]"),
        "P903",
        "`bad`",
    ),
    # A name is taken.
    "takes a law's name": (laws("[law('fr.scop'), law()]"), "P910", "`fr.scop`"),
    "takes a model's name": (
        hook("models", "[Model('fr.scop.sarl', 'x.en.coop', 'en', TEXT)]"),
        "P910",
        "`fr.scop.sarl`",
    ),
    "takes a command's name": (
        hook("commands", "[Command('run', 'Bad.', 'bad:x')]"),
        "P910",
        "`run`",
    ),
    "takes a plugin's command": (
        hook("commands", "[Command('papers', 'Bad.', 'bad:x')]"),
        "P910",
        "`papers`",
    ),
    "takes a reader's suffix": (
        hook("readers", "[Reader('bad', ('.CSV',), print)]"),
        "P910",
        "`.csv`",
    ),
    "takes a writer's name": (hook("writers", "[Writer('text', print)]"), "P910", "`text`"),
    "takes a language": (
        "from coopfx.ground.code import grammar_folder\n"
        + hook("languages", "[Language('fr', (grammar_folder() / 'fr.toml').read_text())]"),
        "P910",
        "`fr`",
    ),
    "takes an engine's name": (
        hook("engines", "[Engine('processes', print)]"),
        "P910",
        "`processes`",
    ),
    "takes a format of tables": (
        hook("tables", "[TableFormat('csv', '.bad', print, print)]"),
        "P910",
        "`csv`",
    ),
    # It speaks where nobody asked it.
    "prints at import": (
        "import sys\nprint('hello')\nprint('oh', file=sys.stderr)\n" + laws("[law()]"),
        "P903",
        "prints",
    ),
    "prints in a hook": (
        "@hookimpl\ndef coopfx_laws():\n    print('hello')\n    return [law()]",
        "P903",
        "prints",
    ),
    "prints past Python": (
        "import os\nos.write(1, b'hello')\n" + laws("[law()]"),
        "P903",
        "prints",
    ),
    "keeps a stream and prints": (
        "import sys\nold = sys.__stdout__\n@hookimpl\ndef coopfx_laws():\n"
        "    print('hello', file=old)\n    return [law()]",
        "P903",
        "prints",
    ),
    "warns": ("import warnings\nwarnings.warn('old thing')\n" + laws("[law()]"), "P903", ""),
    "goes to another folder": ("import os\nos.chdir('/')\n" + laws("[law()]"), "", ""),
    "changes how warnings are shown": (
        "import warnings\nwarnings.simplefilter('ignore')\n" + laws("[law()]"),
        "",
        "",
    ),
    # What pluggy allows is no mistake.
    "calls its hook otherwise": (
        "@hookimpl(specname='coopfx_laws')\ndef my_laws():\n    return [law()]",
        "",
        "",
    ),
    "has a hook of a coopfx to come": (
        "@hookimpl(optionalhook=True)\ndef coopfx_bakeries():\n    return []\n" + laws("[law()]"),
        "",
        "",
    ),
}


def module_text(number: int, text: str) -> str:
    """The text of the plugin of a number, whose laws have names of their own."""
    return HEAD.replace("bad.{name}", f"bad.law{number}") + dedent(text) + "\n"
