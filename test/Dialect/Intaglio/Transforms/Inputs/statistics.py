"""Writes a statistics file: statistics.py OUT ID=MINIMUM,MAXIMUM[,CHANNELS] ...

The extremes are given, the histogram is flat between them. OUT may be - for standard output. CHANNELS: that many channels, each with
those extremes.
"""
import json
import struct
import sys


def edge(text):
    id, _, numbers = text.rpartition("=")
    low, high, *rest = (float(number) for number in numbers.split(","))
    low, high = (struct.unpack("f", struct.pack("f", value))[0] for value in (low, high))
    exponent = -149
    while not max(-low, high) < 2048 * 2.0**exponent:
        exponent += 1
    bins = lambda extreme: [1] * (int(extreme / 2.0**exponent) + 1) if extreme > 0 else []
    channels = int(rest[0]) if rest else 1
    units = lambda value: str(int(value * 2.0**20) * 2**129)
    return {"id": id, "samples": 1, "minimum": low, "maximum": high, "exponent": exponent, "negative": bins(-low),
            "positive": bins(high), "sum_of_minima": units(low), "sum_of_maxima": units(high),
            "channel_minima": [low] * channels, "channel_maxima": [high] * channels}


out = sys.stdout if sys.argv[1] == "-" else open(sys.argv[1], "w")
edges = ",\n".join(json.dumps(edge(text)) for text in sys.argv[2:])
out.write('{"format":"intaglio-calibration","version":1,"model":"test","samples":1,"edges":[\n' + edges + "\n]}\n")
