#!/usr/bin/env python3
"""Writes `advances.rs`: the advance widths of Inter, in thousandths of an em, for three weights.

Usage: python3 src/text/metrics.py FOLDER > src/text/advances.rs
FOLDER holds Inter-Regular.otf, Inter-Medium.otf and Inter-SemiBold.otf (SIL Open Font License 1.1; Debian package
`fonts-inter`). Needs the package `fonttools`. Widths are facts about the font; no outline is copied.
"""
import sys

from fontTools.ttLib import TTFont

WEIGHTS = ["Regular", "Medium", "SemiBold"]
# Latin to Extended-A, Greek and Cyrillic, general punctuation, currency, letter-like signs, arrows, mathematics.
RANGES = [(0x20, 0x180), (0x370, 0x460), (0x2010, 0x2060), (0x20A0, 0x20C0), (0x2100, 0x2150), (0x2190, 0x2200), (0x2200, 0x2270)]


def advance(font, code):
    name = font.getBestCmap().get(code)
    if name is None:
        return 0
    upem = font["head"].unitsPerEm
    return -(-font["hmtx"][name][0] * 1000 // upem)


def main(folder):
    fonts = [TTFont(f"{folder}/Inter-{weight}.otf") for weight in WEIGHTS]
    print("//! Advance widths of Inter in thousandths of an em, written by `metrics.py`; 0 where the font has no such character.")
    print()
    print("/// A stretch of characters: the first one, and the widths of each weight (regular, medium, semi-bold).")
    print("pub(super) type Stretch = (u32, [&'static [u16]; 3]);")
    print()
    print("/// All stretches, in order.")
    print("pub(super) const STRETCHES: [Stretch; %d] = [" % len(RANGES))
    for start, end in RANGES:
        print("    (0x%04X, [" % start)
        for font in fonts:
            print("&[" + ", ".join(str(advance(font, code)) for code in range(start, end)) + "],")
        print("]),")
    print("];")


if __name__ == "__main__":
    main(sys.argv[1])
