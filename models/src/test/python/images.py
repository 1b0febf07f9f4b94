"""Writes small image files of every kind, with the pixels that Pillow finds in them; see README.md."""

import base64
import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

OUT = Path(__file__).parent.parent / "resources/io/hypertape/data/images.json"
RANDOM = np.random.default_rng(1)


def photo(height, width):
    y, x = np.mgrid[0:height, 0:width]
    waves = [128 + 90 * np.sin(x / 7 + y / 9), 128 + 80 * np.cos(x / 5 - y / 11), 128 + 70 * np.sin((x + y) / 13)]
    return (np.stack(waves, -1) + RANDOM.normal(0, 10, (height, width, 3))).clip(0, 255).astype("u1")


def jpeg(image, **options):
    out = io.BytesIO()
    image.save(out, "jpeg", **{"quality": 70, **options})
    return out.getvalue()


def segments(file):
    """The segments before the first scan's data, and the rest."""
    found, at = [], 2
    while not found or found[-1][1] != 0xDA:
        length = struct.unpack(">H", file[at + 2 : at + 4])[0]
        found.append(file[at : at + 2 + length])
        at += 2 + length
    return found, file[at:]


def joined(found, rest):
    return b"\xff\xd8" + b"".join(found) + rest


def renamed(file, ids):
    """Without application segments, and with other numbers of the components."""
    found, rest = segments(file)
    kept = []
    for segment in found:
        segment = bytearray(segment)
        if segment[1] == 0xC0:
            segment[10:19:3] = bytes(ids)
        if segment[1] == 0xDA:
            segment[5:11:2] = bytes(ids)
        if segment[1] < 0xE0:
            kept.append(bytes(segment))
    return joined(kept, rest)


def with_transform(file, transform):
    found, rest = segments(file)
    return joined([s[:15] + bytes([transform]) if s[1] == 0xEE else s for s in found], rest)


def jpegs():
    image = Image.fromarray(photo(45, 61))
    grey = image.convert("L")
    yield "4:2:0", jpeg(image)
    yield "4:2:2", jpeg(image, subsampling=1)
    yield "4:4:4", jpeg(image, subsampling=0, quality=92)
    yield "optimized", jpeg(image, optimize=True, quality=40)
    yield "progressive", jpeg(image, progressive=True)
    yield "progressive 4:4:4", jpeg(image, progressive=True, subsampling=0)
    yield "restarts", jpeg(image, restart_marker_blocks=3)
    yield "progressive restarts", jpeg(image, restart_marker_rows=1, progressive=True)
    yield "grey", jpeg(grey)
    yield "progressive grey", jpeg(grey, progressive=True)
    yield "RGB", jpeg(image, keep_rgb=True)
    yield "CMYK", jpeg(image.convert("CMYK"))
    yield "progressive CMYK", jpeg(image.convert("CMYK"), progressive=True)
    yield "YCCK", with_transform(jpeg(image.convert("CMYK")), 2)
    yield "numbered 1, 2, 3", renamed(jpeg(image), [1, 2, 3])
    yield "numbered 5, 6, 7", renamed(jpeg(image, subsampling=0), [5, 6, 7])
    yield "numbered R, G, B", renamed(jpeg(image, subsampling=0), b"RGB")
    yield "one pixel", jpeg(image.crop((0, 0, 1, 1)))
    yield "large 4:2:0", jpeg(Image.fromarray(photo(160, 200)), quality=75)
    yield "large progressive", jpeg(Image.fromarray(photo(160, 200)), quality=75, progressive=True)


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def filtered(rows, step):
    """Bytes of rows, each behind its filter; all five take turns."""
    out, before = b"", np.zeros(rows.shape[1], int)
    for number, row in enumerate(rows.astype(int)):
        left = np.concatenate([np.zeros(step, int), row])[: len(row)]
        corner = np.concatenate([np.zeros(step, int), before])[: len(row)]
        p = left + before - corner
        distances = np.stack([abs(p - left), abs(p - before), abs(p - corner)])
        paeth = np.choose(distances.argmin(0), [left, before, corner])
        guess = [0 * row, left, before, (left + before) // 2, paeth][number % 5]
        out += bytes([number % 5]) + ((row - guess) % 256).astype("u1").tobytes()
        before = row
    return out


def packed(samples, depth):
    """Samples [rows, values] as rows of bytes."""
    if depth == 16:
        return samples.astype(">u2").view("u1").reshape(len(samples), -1)
    bits = np.unpackbits(samples.astype("u1")[..., None], axis=-1)[..., 8 - depth :]
    return np.packbits(bits.reshape(len(samples), -1), axis=-1)


def png(color, depth, interlaced, further=b"", height=11, width=13):
    bands = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    samples = RANDOM.integers(0, 1 << depth, (height, width, bands))
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    data = b""
    for x, y, dx, dy in passes:
        part = samples[y::dy, x::dx]
        if part.size:
            rows = packed(part.reshape(len(part), -1), depth)
            data += filtered(rows, max(1, bands * depth // 8))
    data = zlib.compress(data)
    palette = chunk(b"PLTE", RANDOM.integers(0, 256, 3 << depth, "u1").tobytes()) if color == 3 else b""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced))
        + palette
        + further
        + chunk(b"IDAT", data[:50])
        + chunk(b"IDAT", data[50:])
        + chunk(b"IEND", b"")
    )


def pngs():
    names = {0: "grey", 2: "RGB", 3: "palette", 4: "grey and alpha", 6: "RGB and alpha"}
    for color, depths in {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}.items():
        for depth in depths:
            yield f"{names[color]} {depth}", png(color, depth, 0)
            yield f"{names[color]} {depth} interlaced", png(color, depth, 1)
    yield "one column interlaced", png(2, 8, 1, width=1)
    yield "transparent colour", png(2, 8, 0, chunk(b"tRNS", struct.pack(">HHH", 1, 2, 3)))
    yield "transparent grey", png(0, 8, 0, chunk(b"tRNS", struct.pack(">H", 7)))
    yield "transparent palette", png(3, 4, 0, chunk(b"tRNS", bytes(range(16))))
    yield "gamma", png(2, 8, 0, chunk(b"gAMA", struct.pack(">I", 100000)))
    yield "profile", png(2, 8, 0, chunk(b"iCCP", b"x\0\0" + zlib.compress(b"no profile")))


def pixels(file):
    image = Image.open(io.BytesIO(file))
    if image.mode.startswith("I"):
        # Pillow clips what it should scale.
        image = Image.fromarray((np.asarray(image) >> 8).astype("u1"))
    return np.asarray(image.convert("RGB"))


def main():
    files = {}
    for kind, made in {"jpg": jpegs(), "png": pngs()}.items():
        for name, file in made:
            rgb = pixels(file)
            files[f"{name}.{kind}"] = {
                "file": base64.b64encode(file).decode(),
                "height": rgb.shape[0],
                "width": rgb.shape[1],
                "crc32": zlib.crc32(rgb.transpose(2, 0, 1).tobytes()),
            }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(files, indent=1) + "\n")


main()
