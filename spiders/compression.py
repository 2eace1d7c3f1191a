"""Decompression that is bounded and that notices a missing end."""

from __future__ import annotations

import zlib

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

from spiders.outcomes import OutcomeError

MAX_BYTES = 8 * 1024 * 1024

_GZIP, _DEFLATE, _RAW_DEFLATE = 31, 15, -15
_CHUNK = 256 * 1024


class StrictCompression(HttpCompressionMiddleware):
    """Scrapy's middleware with decoders that check the end of the stream: its own accept a cut one."""

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        if encoding == b"deflate":
            zlib_header = body[:1] == b"\x78"
            return _inflate(body, _DEFLATE if zlib_header else _RAW_DEFLATE, max_size)
        if encoding in (b"gzip", b"x-gzip"):
            return _inflate(body, _GZIP, max_size)
        raise OutcomeError(
            "protocol_error", f"content encoding {encoding.decode('latin-1')} was not asked for"
        )


def gunzipped(body: bytes) -> bytes:
    """A gzip file's content. Raises OutcomeError: ``truncated``, ``too_large``."""
    return _inflate(body, _GZIP, MAX_BYTES)


def _inflate(body: bytes, window: int, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while body:
        stream = zlib.decompressobj(window)
        while not stream.eof:
            try:
                part = stream.decompress(body, _CHUNK)
            except zlib.error as error:
                raise OutcomeError("truncated", f"damaged compressed body: {error}") from error
            body = stream.unconsumed_tail
            parts.append(part)
            size += len(part)
            _limit(size, limit)
            if not part and not body and not stream.eof:
                raise OutcomeError("truncated", "the compressed body has no end")
        # A gzip file may have several members; what else follows is padding.
        body = stream.unused_data if stream.unused_data.startswith(b"\x1f\x8b") else b""
    return b"".join(parts)


def _limit(size: int, limit: int) -> None:
    if size > limit:
        raise OutcomeError("too_large", f"larger than {limit:,} bytes when decompressed")
