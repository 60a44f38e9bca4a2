#!/usr/bin/env python3
"""Does what the README's section 'An activation' says: writes its two pieces of code into a copy of
src/network/activation.cpp.

    apply_readme.py README.md activation.cpp COPY
"""

import re
import sys
from pathlib import Path

HEADING, ENTRY = "### An activation", '{"gaussian"'


def code_blocks(text):
    """Indented blocks, without their indent."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", text, re.M)
    return ["\n".join(line[4:] for line in block.strip("\n").splitlines()) for block in blocks]


def insert_before(text, place, addition):
    if text.count(place) != 1:
        sys.exit(f"apply_readme.py: need '{place}' once in the source, found {text.count(place)}")
    return text.replace(place, addition + "\n" + place)


def main():
    readme, source, copy = (Path(argument) for argument in sys.argv[1:])
    section = re.split(r"^#+ ", readme.read_text().split(HEADING)[1], maxsplit=1, flags=re.M)[0]
    formula, entry = code_blocks(section)
    text = insert_before(source.read_text(), "// The loops of every activation.", formula + "\n")
    text = insert_before(text, '      {"identity"', entry)
    copy.write_text(text)


if __name__ == "__main__":
    main()
