"""The kinds of rush as sub-commands; each adds its own options and answers whether all was well."""

import argparse
import sys

from rushes import check_in, counter

RUSHES = (check_in, counter)


def main() -> int:
    """Run the rush that was asked for; 1 when the books do not agree with what was promised."""
    parser = argparse.ArgumentParser(prog="scripts/rush.py", description=__doc__)
    kinds = parser.add_subparsers(required=True, metavar="kind")
    for each in RUSHES:
        name = each.__name__.rpartition(".")[2].replace("_", "-")
        kind = kinds.add_parser(
            name, help=each.__doc__.partition("\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
        )
        each.add_options(kind)
        kind.set_defaults(run=each.run)
    options = parser.parse_args()
    return 0 if options.run(options) else 1


if __name__ == "__main__":
    sys.exit(main())
