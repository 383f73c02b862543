"""Writes the synthetic years of the worked policies, in which no real person stands.

Every row is drawn by a seeded generator from whole cents, so that running it again gives the same
bytes on any machine. Without names, all of them are written but the federation and the five years of
Alma's indicators, which are asked for by their names:

    python tests/synthetic [--to FOLDER] [NAME ...]
"""

from argparse import ArgumentParser
from pathlib import Path

import alma
import alma_years
import federation
import il_filo
import la_halle
import le_rabot
import txirbil

POLICIES = Path(__file__).parent.parent.parent / "policies"
WRITERS = {
    "alma": alma.write,
    "il-filo": il_filo.write,
    "la-halle": la_halle.write,
    "le-rabot": le_rabot.write,
    "txirbil": txirbil.write,
}


def main() -> None:
    """Writes the years of the policies that are named, in ``policies/`` or where ``--to`` says."""
    parser = ArgumentParser(prog="python tests/synthetic")
    parser.add_argument("--to", type=Path, default=POLICIES, metavar="FOLDER")
    parser.add_argument("--cooperatives", type=int, default=40, help="how many a federation has")
    parser.add_argument("--seed", type=int, default=1, help="what a federation is drawn from")
    parser.add_argument("names", nargs="*", metavar="NAME")
    asked = parser.parse_args()
    known = (*WRITERS, "federation", "alma-years")
    if unknown := set(asked.names) - set(known):
        parser.error(f"no writer for {', '.join(sorted(unknown))}: there are {', '.join(known)}")
    for name in asked.names or WRITERS:
        if name == "federation":
            federation.write(asked.to / name, asked.cooperatives, asked.seed)
        elif name == "alma-years":
            alma_years.write(asked.to / name)
        else:
            WRITERS[name](asked.to / name)


if __name__ == "__main__":
    main()
