#!/usr/bin/env python3
"""Cut a small two-class subset out of the full MNIST files.

    tools/make_mnist_subset.py FULL_DIR OUT_DIR [--classes 4,9] [--train 4200] [--test 400]

Takes the first images with these labels, in the order of the original files, and writes the same
four IDX files, gzip-compressed. The same arguments give the same bytes with the same zlib.
"""
import argparse
import gzip
import struct
import zlib
from pathlib import Path

import numpy as np

UNSIGNED_BYTE = 0x08


def read_idx(path):
    data = gzip.decompress(path.read_bytes())
    zero, element, rank = struct.unpack(">HBB", data[:4])
    if zero != 0 or element != UNSIGNED_BYTE:
        raise SystemExit(f"{path}: not an IDX file of unsigned bytes")
    shape = struct.unpack(f">{rank}I", data[4:4 + 4 * rank])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def write_idx(path, array):
    header = struct.pack(f">HBB{array.ndim}I", 0, UNSIGNED_BYTE, array.ndim, *array.shape)
    # wbits 31 writes a gzip header without name and with time 0.
    packer = zlib.compressobj(level=9, wbits=31, memLevel=9)
    path.write_bytes(packer.compress(header + array.tobytes()) + packer.flush())


def cut(full, out, prefix, classes, count):
    images = read_idx(full / f"{prefix}-images-idx3-ubyte.gz")
    labels = read_idx(full / f"{prefix}-labels-idx1-ubyte.gz")
    chosen = np.flatnonzero(np.isin(labels, classes))[:count]
    if len(chosen) < count:
        raise SystemExit(f"{full}: only {len(chosen)} {prefix} images of {classes}, need {count}")
    write_idx(out / f"{prefix}-images-idx3-ubyte.gz", images[chosen])
    write_idx(out / f"{prefix}-labels-idx1-ubyte.gz", labels[chosen])
    return {c: int((labels[chosen] == c).sum()) for c in classes}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("full", type=Path, help="folder of the four original .gz files")
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--classes", default="4,9", help="labels to keep (default 4,9)")
    parser.add_argument("--train", type=int, default=4200, help="training images (default 4200)")
    parser.add_argument("--test", type=int, default=400, help="test images (default 400)")
    args = parser.parse_args()
    classes = [int(c) for c in args.classes.split(",")]
    args.out.mkdir(parents=True, exist_ok=True)
    for prefix, count in (("train", args.train), ("t10k", args.test)):
        print(prefix, cut(args.full, args.out, prefix, classes, count))
    total = sum(p.stat().st_size for p in args.out.glob("*-ubyte.gz"))
    print(f"{total} bytes in all")


if __name__ == "__main__":
    main()
