"""`make knowledge`: probe what is installed and write its facts; families whose library is missing keep their file.

`python -m knowledge pandas=pandas-2` writes one family under another name: facts of an older release, which the analysis reads as well.
"""

from __future__ import annotations

import sys

from knowledge import families, write


def main(arguments: list[str]) -> None:
    """Write the families that are named, or all."""
    for argument in arguments or families.NAMES:
        name, _, target = argument.partition("=")
        family = families.load(name)
        if write.is_installed(family):
            write.write(family, target or name)
            print(f"{target or name}: written from {write.release(family)}")
        else:
            print(f"{name}: {family.library} is not installed, its facts stay")


if __name__ == "__main__":
    main(sys.argv[1:])
