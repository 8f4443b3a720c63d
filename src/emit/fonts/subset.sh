#!/usr/bin/env bash
# Writes the subsets of Inter beside this file. Usage: subset.sh FOLDER, where FOLDER holds Inter-Regular.otf,
# Inter-Medium.otf and Inter-SemiBold.otf (Debian package `fonts-inter`). Needs the Python packages fonttools and brotli.
set -eu
here=$(dirname "$0")
codes="U+0020-007E,U+00A0-017F,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2039-203A,U+20AC,U+2190-2195,U+2212,U+2248,U+2260,U+2264-2265,U+FFFD"
for weight in Regular Medium SemiBold; do
  for flavor in otf woff2; do
    more=(); [ "$flavor" = otf ] || more=(--flavor=woff2)
    python3 -m fontTools.subset "$1/Inter-$weight.otf" --unicodes="$codes" --layout-features='' --no-hinting --desubroutinize \
      --name-IDs=1,2,6,13,14,16,17 "${more[@]}" --output-file="$here/Inter-$weight.$flavor"
  done
done
