/*
 * Pixel loops over 32-bit pixels (XRGB8888, ARGB8888 premultiplied, little endian). Every rectangle is clipped to the
 * memory it is given, whatever its numbers are. Plain C: the compiler makes the vector code.
 */
#include "image.h"

#include <setjmp.h>
#include <signal.h>
#include <string.h>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

#define TILE 64 /* pixels a side; 256 bytes a row: small enough for a cursor, large enough for memcmp and LZ4 */

/* ---- arguments ---- */

bool argument_integer(napi_env env, napi_value value, int64_t *out) {
  int64_t number;
  if (napi_get_value_int64(env, value, &number) != napi_ok) {
    napi_throw_type_error(env, NULL, "a coordinate, stride or count must be a number");
    return false;
  }
  *out = maximum(-COORDINATE_MAX, minimum(COORDINATE_MAX, number));
  return true;
}

static bool typed_array(napi_env env, napi_value value, napi_typedarray_type wanted, void **data, size_t *length) {
  napi_typedarray_type type;
  return napi_get_typedarray_info(env, value, &type, length, data, NULL, NULL) == napi_ok && type == wanted;
}

bool argument_bytes(napi_env env, napi_value value, uint8_t **data, size_t *length) {
  if (typed_array(env, value, napi_uint8_array, (void **)data, length)) return true;
  napi_throw_type_error(env, NULL, "pixels and other bytes must be a Uint8Array");
  return false;
}

bool argument_int32s(napi_env env, napi_value value, int32_t **data, size_t *count) {
  if (typed_array(env, value, napi_int32_array, (void **)data, count)) return true;
  napi_throw_type_error(env, NULL, "rectangles must be an Int32Array of x, y, width, height");
  return false;
}

bool argument_boolean(napi_env env, napi_value value, bool *out) {
  if (napi_get_value_bool(env, value, out) == napi_ok) return true;
  napi_throw_type_error(env, NULL, "a flag must be true or false");
  return false;
}

bool argument_image(napi_env env, const napi_value *values, struct image *out) {
  return argument_bytes(env, values[0], &out->data, &out->length) &&
         argument_integer(env, values[1], &out->stride);
}

bool argument_rectangle(napi_env env, const napi_value *values, struct rectangle *out) {
  return argument_integer(env, values[0], &out->x) && argument_integer(env, values[1], &out->y) &&
         argument_integer(env, values[2], &out->w) && argument_integer(env, values[3], &out->h);
}

napi_value result_boolean(napi_env env, bool value) {
  napi_value result;
  return napi_get_boolean(env, value, &result) == napi_ok ? result : NULL;
}

/* ---- copy, fill, blend ---- */

/* A rectangle of `from` and the place in `to` where it goes. */
struct transfer {
  struct image to, from;
  int64_t dx, dy, sx, sy, w, h;
};

/* Arguments: to, toStride, dx, dy, from, fromStride, sx, sy, width, height. Clips to both; `empty` when nothing is left. */
static bool argument_transfer(napi_env env, const napi_value *v, struct transfer *t, bool *empty) {
  if (!argument_image(env, v, &t->to) || !argument_integer(env, v[2], &t->dx) || !argument_integer(env, v[3], &t->dy) ||
      !argument_image(env, v + 4, &t->from) || !argument_integer(env, v[6], &t->sx) ||
      !argument_integer(env, v[7], &t->sy) || !argument_integer(env, v[8], &t->w) || !argument_integer(env, v[9], &t->h))
    return false;
  int64_t x = t->sx - t->dx, y = t->sy - t->dy;
  struct rectangle r = {t->sx, t->sy, t->w, t->h};
  *empty = !clip_to_image(&r, &t->from);
  r.x -= x, r.y -= y;
  *empty = *empty || !clip_to_image(&r, &t->to);
  t->dx = r.x, t->dy = r.y, t->w = r.w, t->h = r.h;
  t->sx = r.x + x, t->sy = r.y + y;
  return true;
}

/* Within one image rows may overlap (scrolling), so they are moved from the side on which they are not yet overwritten. */
static napi_value copy_rectangle(napi_env env, napi_callback_info info) {
  napi_value v[10];
  struct transfer t;
  bool empty;
  get_arguments(env, info, 10, v);
  if (!argument_transfer(env, v, &t, &empty) || empty) return NULL;
  bool upwards = pixel_at(&t.to, t.dx, t.dy) > pixel_at(&t.from, t.sx, t.sy);
  for (int64_t i = 0; i < t.h; i++) {
    int64_t row = upwards ? t.h - 1 - i : i;
    memmove(pixel_at(&t.to, t.dx, t.dy + row), pixel_at(&t.from, t.sx, t.sy + row), (size_t)t.w * 4);
  }
  return NULL;
}

static napi_value fill_rectangle(napi_env env, napi_callback_info info) {
  napi_value v[7];
  struct image image;
  struct rectangle r;
  uint32_t colour;
  get_arguments(env, info, 7, v);
  if (!argument_image(env, v, &image) || !argument_rectangle(env, v + 2, &r)) return NULL;
  if (napi_get_value_uint32(env, v[6], &colour) != napi_ok) {
    napi_throw_type_error(env, NULL, "a colour must be a number, 0xAARRGGBB");
    return NULL;
  }
  if (!clip_to_image(&r, &image)) return NULL;
  for (int64_t y = r.y; y < r.y + r.h; y++) {
    pixel *row = pixel_at(&image, r.x, y);
    for (int64_t i = 0; i < r.w; i++) row[i] = colour;
  }
  return NULL;
}

/* All four channels times factor/255, rounded; two channels a 32-bit word. */
static inline uint32_t multiply(uint32_t colour, uint32_t factor) {
  uint32_t rb = (colour & 0xff00ff) * factor + 0x800080, ag = (colour >> 8 & 0xff00ff) * factor + 0x800080;
  rb = (rb + (rb >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
  ag = (ag + (ag >> 8 & 0xff00ff)) & 0xff00ff00;
  return rb | ag;
}

/* Channelwise sum, cut at 255: colours of a client that is wrong about premultiplying do not spill into their neighbours. */
static inline uint32_t add(uint32_t a, uint32_t b) {
  uint32_t rb = (a & 0xff00ff) + (b & 0xff00ff), ag = (a >> 8 & 0xff00ff) + (b >> 8 & 0xff00ff);
  uint32_t over_rb = rb >> 8 & 0x010001, over_ag = ag >> 8 & 0x010001;
  rb = (rb | ((over_rb << 8) - over_rb)) & 0xff00ff;
  ag = (ag | ((over_ag << 8) - over_ag)) & 0xff00ff;
  return rb | ag << 8;
}

static inline uint32_t over(uint32_t above, uint32_t below) { return add(above, multiply(below, 255 - (above >> 24))); }

static void blend_row(pixel *restrict to, const pixel *restrict from, int64_t count) {
  for (int64_t i = 0; i < count; i++) to[i] = over(from[i], to[i]);
}

static void blend_row_faded(pixel *restrict to, const pixel *restrict from, int64_t count, uint32_t force, uint32_t alpha) {
  for (int64_t i = 0; i < count; i++) to[i] = over(multiply(from[i] | force, alpha), to[i]);
}

static void opaque_row(pixel *restrict to, const pixel *restrict from, int64_t count) {
  for (int64_t i = 0; i < count; i++) to[i] = from[i] | 0xff000000;
}

static napi_value blend_rectangle(napi_env env, napi_callback_info info) {
  napi_value v[12];
  struct transfer t;
  bool empty, opaque;
  int64_t alpha;
  get_arguments(env, info, 12, v);
  if (!argument_transfer(env, v, &t, &empty) || !argument_boolean(env, v[10], &opaque) ||
      !argument_integer(env, v[11], &alpha) || empty)
    return NULL;
  alpha = maximum(0, minimum(255, alpha));
  for (int64_t row = 0; row < t.h; row++) {
    pixel *to = pixel_at(&t.to, t.dx, t.dy + row);
    const pixel *from = pixel_at(&t.from, t.sx, t.sy + row);
    if (alpha < 255) blend_row_faded(to, from, t.w, opaque ? 0xff000000 : 0, (uint32_t)alpha);
    else if (opaque) opaque_row(to, from, t.w);
    else blend_row(to, from, t.w);
  }
  return NULL;
}

/* ---- copying what may vanish ---- */

/*
 * Memory that a client may truncate under us raises SIGBUS when it is read. The handler is installed at the first
 * guarded copy and acts only on a fault inside the source of a copy that this very thread is doing; everything else goes to
 * whoever handled SIGBUS before.
 */
struct guard {
  sigjmp_buf jump;
  const uint8_t *begin, *end;
};

static __thread __attribute__((tls_model("initial-exec"))) struct guard *volatile guard;
static struct sigaction previous_handler;

static void on_sigbus(int number, siginfo_t *info, void *context) {
  struct guard *active = guard;
  const uint8_t *address = info->si_addr;
  if (active && info->si_code > 0 && address >= active->begin && address < active->end) {
    guard = NULL;
    siglongjmp(active->jump, 1);
  }
  if (previous_handler.sa_flags & SA_SIGINFO) previous_handler.sa_sigaction(number, info, context);
  else if (previous_handler.sa_handler != SIG_DFL && previous_handler.sa_handler != SIG_IGN)
    previous_handler.sa_handler(number);
  else {
    signal(SIGBUS, previous_handler.sa_handler); /* the access is repeated and ends as it would have without us */
    if (info->si_code <= 0) raise(SIGBUS);       /* sent by kill(2): nothing would repeat it */
  }
}

static bool install_guard(void) {
  static bool installed;
  if (installed) return true;
  struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  installed = sigaction(SIGBUS, &action, &previous_handler) == 0;
  return installed;
}

static napi_value guarded_copy(napi_env env, napi_callback_info info) {
  napi_value v[10];
  struct transfer t;
  bool empty;
  get_arguments(env, info, 10, v);
  if (!argument_transfer(env, v, &t, &empty)) return NULL;
  if (empty) return result_boolean(env, true);
  if (!install_guard()) {
    napi_throw_error(env, NULL, "sigaction(SIGBUS) failed: client memory cannot be read safely");
    return NULL;
  }
  struct guard here;
  here.begin = (const uint8_t *)pixel_at(&t.from, t.sx, t.sy);
  here.end = (const uint8_t *)pixel_at(&t.from, t.sx + t.w, t.sy + t.h - 1);
  /* A page fault is reported at the page's or the access's address: the first may lie below the first byte we read. */
  here.begin = (const uint8_t *)((uintptr_t)here.begin & ~(uintptr_t)0xfff);
  volatile int64_t row = 0;
  if (sigsetjmp(here.jump, 0)) {
    for (int64_t i = row; i < t.h; i++) memset(pixel_at(&t.to, t.dx, t.dy + i), 0, (size_t)t.w * 4);
    return result_boolean(env, false);
  }
  guard = &here;
  for (; row < t.h; row++)
    memmove(pixel_at(&t.to, t.dx, t.dy + row), pixel_at(&t.from, t.sx, t.sy + row), (size_t)t.w * 4);
  guard = NULL;
  return result_boolean(env, true);
}

/* ---- scaling ---- */

/* Four channels as four 16-bit lanes, so that one multiplication weighs all of them. */
static inline uint64_t spread(uint32_t colour) { return (colour & 0xff00ff) | (uint64_t)(colour >> 8 & 0xff00ff) << 32; }
static inline uint32_t gather(uint64_t lanes) { return (uint32_t)lanes | (uint32_t)(lanes >> 32) << 8; }
static inline uint64_t mix(uint64_t a, uint64_t b, uint32_t weight) {
  return ((a << 8) + (b - a) * weight) >> 8 & UINT64_C(0x00ff00ff00ff00ff);
}

static inline int64_t within(int64_t value, int64_t low, int64_t high) { return maximum(low, minimum(high, value)); }

/* The source position of a destination pixel is an affine function of it; positions are fixed point with 32 fraction bits. */
struct sampler {
  struct image from;
  int64_t left, top, right, bottom; /* pixels that may be read: left <= x <= right */
  int64_t step_x, step_y;           /* along a destination row */
};

static inline uint32_t sample(const struct sampler *s, int64_t fx, int64_t fy) {
  int64_t x = fx >> 32, y = fy >> 32;
  uint32_t wx = fx >> 24 & 0xff, wy = fy >> 24 & 0xff;
  int64_t x0 = within(x, s->left, s->right), x1 = within(x + 1, s->left, s->right);
  const pixel *upper = pixel_at(&s->from, 0, within(y, s->top, s->bottom));
  const pixel *lower = pixel_at(&s->from, 0, within(y + 1, s->top, s->bottom));
  if (!(wx | wy)) return upper[x0];
  uint64_t a = mix(spread(upper[x0]), spread(upper[x1]), wx), b = mix(spread(lower[x0]), spread(lower[x1]), wx);
  return gather(mix(a, b, wy));
}

/*
 * wl_output.transform: how the surface was turned (counter-clockwise) to become the buffer; 4 … 7 are mirrored first.
 * For a surface of w × h, the buffer position of (x, y) is:
 *   0 (x, y)   1 (y, w-x)   2 (w-x, h-y)   3 (h-y, x)   4 (w-x, y)   5 (y, x)   6 (x, h-y)   7 (h-y, w-x)
 * `swaps`: the buffer's x comes from the surface's y; `turns_x`, `turns_y`: the buffer's coordinate runs backwards.
 */
static const struct {
  bool swaps, turns_x, turns_y;
} transforms[8] = {{0, 0, 0}, {1, 0, 1}, {0, 1, 1}, {1, 1, 0}, {0, 1, 0}, {1, 0, 0}, {0, 0, 1}, {1, 1, 1}};

static inline void put(pixel *to, uint32_t colour, bool opaque) { *to = opaque ? colour | 0xff000000 : over(colour, *to); }

/* A destination row that runs down the source (quarter turns): every pixel from four. */
static void scale_across(const struct sampler *s, pixel *to, int64_t count, int64_t fx, int64_t fy, bool opaque) {
  for (int64_t i = 0; i < count; i++, fy += s->step_y) put(to + i, sample(s, fx, fy), opaque);
}

/* The pixels first … last of a line that lies between two source lines; beyond the source's edge its last pixel goes on. */
static void mix_lines(uint64_t *restrict to, const struct sampler *s, int64_t fy, int64_t first, int64_t last) {
  int64_t y = fy >> 32, low = within(first, s->left, s->right), high = within(last, s->left, s->right);
  uint32_t weight = fy >> 24 & 0xff;
  const pixel *a = pixel_at(&s->from, low, within(y, s->top, s->bottom));
  const pixel *b = pixel_at(&s->from, low, within(y + 1, s->top, s->bottom));
  uint64_t *inner = to + maximum(0, minimum(low, last) - first);
  for (int64_t i = 0; i <= high - low; i++) {
    uint32_t rb = ((a[i] & 0xff00ff) * (256 - weight) + (b[i] & 0xff00ff) * weight) >> 8 & 0xff00ff;
    uint32_t ag = ((a[i] >> 8 & 0xff00ff) * (256 - weight) + (b[i] >> 8 & 0xff00ff) * weight) >> 8 & 0xff00ff;
    inner[i] = rb | (uint64_t)ag << 32;
  }
  uint64_t before = inner[0], after = inner[high - low];
  for (uint64_t *at = to; at < inner; at++) *at = before;
  for (uint64_t *at = inner + (high - low) + 1; at <= to + (last - first); at++) *at = after;
}

/* A destination row that runs along the source: the two source lines are mixed first, all at once, then its pixels. */
static void scale_along(const struct sampler *s, pixel *to, int64_t count, int64_t fx, int64_t fy, bool opaque) {
  enum { LINE = 2048 };
  uint64_t line[LINE];
  uint32_t scaled[LINE];
  int64_t step = s->step_x < 0 ? -s->step_x : s->step_x;
  for (int64_t part; count > 0; count -= part, to += part, fx += part * s->step_x) {
    part = minimum(count, LINE);
    if (step) part = minimum(part, ((int64_t)(LINE - 3) << 32) / step + 1);
    int64_t begin = fx >> 32, end = (fx + (part - 1) * s->step_x) >> 32, first = minimum(begin, end);
    mix_lines(line, s, fy, first, maximum(begin, end) + 1);
    int64_t at = fx - (first << 32);
    for (int64_t i = 0; i < part; i++, at += s->step_x) {
      const uint64_t *pair = line + (at >> 32);
      scaled[i] = gather(mix(pair[0], pair[1], at >> 24 & 0xff));
    }
    if (opaque) opaque_row(to, scaled, part);
    else blend_row(to, scaled, part);
  }
}

/* Position (32 fraction bits) of the centre of destination pixel `index` of `count` along a source run, less half a pixel. */
static inline int64_t position(int64_t start, int64_t length, int64_t index, int64_t count, bool backwards) {
  if (backwards) index = count - 1 - index;
  __int128 centre = (__int128)length * (2 * index + 1) * (INT64_C(1) << 23) / count;
  return (int64_t)((__int128)start * (INT64_C(1) << 24) + centre - (INT64_C(1) << 31));
}

static napi_value scale_blend(napi_env env, napi_callback_info info) {
  napi_value v[16];
  struct image to;
  struct sampler s;
  struct rectangle target, source;
  int32_t *clips;
  size_t clips_length;
  int64_t clip_count, transform;
  bool opaque;
  get_arguments(env, info, 16, v);
  if (!argument_image(env, v, &to) || !argument_rectangle(env, v + 2, &target) ||
      !argument_int32s(env, v[6], &clips, &clips_length) || !argument_integer(env, v[7], &clip_count) ||
      !argument_image(env, v + 8, &s.from) || !argument_rectangle(env, v + 10, &source) ||
      !argument_integer(env, v[14], &transform) || !argument_boolean(env, v[15], &opaque))
    return NULL;
  if (transform < 0 || transform > 7) {
    napi_throw_range_error(env, NULL, "a wl_output transform is 0 … 7");
    return NULL;
  }
  if (target.w <= 0 || target.h <= 0 || source.w <= 0 || source.h <= 0) return NULL;
  int64_t left = source.x >> 8, top = source.y >> 8;
  struct rectangle readable = {left, top, ((source.x + source.w + 255) >> 8) - left, ((source.y + source.h + 255) >> 8) - top};
  if (!clip_to_image(&readable, &s.from)) return NULL;
  s.left = readable.x, s.right = readable.x + readable.w - 1;
  s.top = readable.y, s.bottom = readable.y + readable.h - 1;

  bool swaps = transforms[transform].swaps, turns_x = transforms[transform].turns_x, turns_y = transforms[transform].turns_y;
  int64_t across = swaps ? target.h : target.w, down = swaps ? target.w : target.h; /* destination pixels along the buffer's x, y */
  int64_t step_x = (int64_t)((__int128)source.w * (INT64_C(1) << 24) / across) * (turns_x ? -1 : 1);
  int64_t step_y = (int64_t)((__int128)source.h * (INT64_C(1) << 24) / down) * (turns_y ? -1 : 1);
  s.step_x = swaps ? 0 : step_x;
  s.step_y = swaps ? step_y : 0;
  bool exact = !transform && source.w == target.w << 8 && source.h == target.h << 8 && !((source.x | source.y) & 0xff);

  clip_count = minimum(clip_count, (int64_t)(clips_length / 4));
  for (int64_t n = 0; n < clip_count; n++) {
    struct rectangle r = {clips[n * 4], clips[n * 4 + 1], clips[n * 4 + 2], clips[n * 4 + 3]};
    if (!intersect(&r, &target) || !clip_to_image(&r, &to)) continue;
    for (int64_t row = r.y; row < r.y + r.h; row++) {
      int64_t i = r.x - target.x, j = row - target.y, count = r.w;
      pixel *out = pixel_at(&to, r.x, row);
      if (exact) {
        int64_t sx = (source.x >> 8) + i, sy = (source.y >> 8) + j;
        if (sy < s.top || sy > s.bottom) continue;
        if (sx < s.left) out += s.left - sx, count -= s.left - sx, sx = s.left;
        count = minimum(count, s.right + 1 - sx);
        if (opaque) opaque_row(out, pixel_at(&s.from, sx, sy), count);
        else blend_row(out, pixel_at(&s.from, sx, sy), count);
        continue;
      }
      int64_t fx = position(source.x, source.w, swaps ? j : i, across, turns_x);
      int64_t fy = position(source.y, source.h, swaps ? i : j, down, turns_y);
      if (swaps) scale_across(&s, out, count, fx, fy, opaque);
      else scale_along(&s, out, count, fx, fy, opaque);
    }
  }
  return NULL;
}

/* ---- what changed ---- */

/* Bit 0 of a tile's byte: dirty, kept for the caller. Bit 1: changed in this call, gone when it returns. */
static napi_value tile_diff(napi_env env, napi_callback_info info) {
  napi_value v[9];
  struct image shadow, frame;
  int64_t width, height, count;
  int32_t *damage;
  uint8_t *dirty;
  size_t damage_length, dirty_length;
  get_arguments(env, info, 9, v);
  if (!argument_image(env, v, &shadow) || !argument_image(env, v + 2, &frame) ||
      !argument_integer(env, v[4], &width) || !argument_integer(env, v[5], &height) ||
      !argument_int32s(env, v[6], &damage, &damage_length) || !argument_integer(env, v[7], &count) ||
      !argument_bytes(env, v[8], &dirty, &dirty_length))
    return NULL;
  int64_t columns = (width + TILE - 1) / TILE, rows = (height + TILE - 1) / TILE, changed = 0;
  if (width <= 0 || height <= 0) return int_result(env, 0);
  if ((int64_t)dirty_length < columns * rows) {
    napi_throw_range_error(env, NULL, "dirty must have a byte for each 64 × 64 tile");
    return NULL;
  }
  count = minimum(count, (int64_t)(damage_length / 4));
  for (int64_t n = 0; n < count; n++) {
    struct rectangle r = {damage[n * 4], damage[n * 4 + 1], damage[n * 4 + 2], damage[n * 4 + 3]};
    struct rectangle all = {0, 0, width, height};
    if (!intersect(&r, &all) || !clip_to_image(&r, &frame) || !clip_to_image(&r, &shadow)) continue;
    int64_t right = r.x + r.w;
    for (int64_t y = r.y; y < r.y + r.h; y++) {
      if (!memcmp(pixel_at(&shadow, r.x, y), pixel_at(&frame, r.x, y), (size_t)r.w * 4)) continue;
      uint8_t *tile = dirty + y / TILE * columns + r.x / TILE;
      for (int64_t x = r.x, end; x < right; x = end, tile++) {
        end = minimum(right, (x / TILE + 1) * TILE);
        pixel *old = pixel_at(&shadow, x, y);
        const pixel *new = pixel_at(&frame, x, y);
        if (!memcmp(old, new, (size_t)(end - x) * 4)) continue;
        memcpy(old, new, (size_t)(end - x) * 4);
        *tile |= 3;
      }
    }
  }
  for (int64_t i = 0; i < columns * rows; i++) changed += dirty[i] >> 1 & 1, dirty[i] &= 1;
  return int_result(env, changed);
}

void pixels_init(napi_env env, napi_value exports) {
  static const struct function_entry table[] = {
      {"copyRectangle", copy_rectangle}, {"fillRectangle", fill_rectangle}, {"blendRectangle", blend_rectangle},
      {"guardedCopy", guarded_copy},     {"scaleBlend", scale_blend},       {"tileDiff", tile_diff},
      {NULL, NULL},
  };
  define_functions(env, exports, table);
}
