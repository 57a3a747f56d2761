"""A small picture made here: a PNG with some colours, so that nothing has to be kept in the repository."""
import struct
import zlib


def png(path, width=120, height=90):
    rows = b"".join(
        b"\0" + b"".join(bytes((x * 2 % 256, y * 2 % 256, 140)) for x in range(width))
        for y in range(height))

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return path
