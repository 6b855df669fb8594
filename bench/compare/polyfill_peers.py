"""polyfill_peers.py PEER FILE RESOLUTION EVERY RUNS ANSWERS: PyPI's `quadbin` and `h3`, as polyfill_peers.cpp has it.

PEER: quadbin (its only predicate: the cell meets the polygon), h3 (the cell's centre is in the polygon), h3-overlap.
"""
import array
import json
import sys
import time

LONG_RUN_SECONDS = 2


def quadbin_peer(lines, resolution):
    import quadbin

    # It takes GeoJSON as text.
    return lines, lambda line: quadbin.geometry_to_cells(line, resolution)


def h3_peer(lines, resolution, contain=None):
    # Integer ids in a buffer: the fastest of h3's Python interfaces.
    import h3.api.memview_int as h3

    if contain is None:
        return [json.loads(line) for line in lines], lambda shape: h3.geo_to_cells(shape, resolution)
    return [json.loads(line) for line in lines], lambda shape: h3.h3shape_to_cells_experimental(
        h3.geo_to_h3shape(shape), resolution, contain=contain)


def main():
    peer, path, resolution, every, runs, answers = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()[:: int(every)]
    if peer == "quadbin":
        shapes, fill = quadbin_peer(lines, int(resolution))
    else:
        shapes, fill = h3_peer(lines, int(resolution), {"h3": None, "h3-overlap": "overlap"}[peer])

    out = None if answers == "-" else open(answers, "wb")
    cells = failed = 0
    first_seconds = 0.0
    good = []
    for shape in shapes:
        began = time.process_time()
        try:
            answer = fill(shape)
            good.append(shape)
        except Exception:  # whatever a peer throws for a polygon: it has no answer
            answer = []
            failed += 1
        first_seconds += time.process_time() - began
        cells += len(answer)
        if out:
            array.array("q", [len(answer), *answer]).tofile(out)
    if out:
        out.close()

    seconds = [first_seconds] if first_seconds > LONG_RUN_SECONDS else []
    while first_seconds <= LONG_RUN_SECONDS and len(seconds) < int(runs):
        began = time.process_time()
        for shape in good:
            fill(shape)
        seconds.append(time.process_time() - began)
    print(json.dumps({"polygons": len(shapes), "cells": cells, "failed": failed, "seconds": seconds}))


main()
