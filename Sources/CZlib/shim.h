#include <zlib.h>

// zlib's own are macros, which Swift does not see.
static inline int unknot_deflate_init(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
}

static inline int unknot_inflate_init(z_stream *stream) { return inflateInit2(stream, -15); }
