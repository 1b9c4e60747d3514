/* Scaled and turned surfaces. */
#include "blend.h"

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
    int64_t at = fx - first * (INT64_C(1) << 32);
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

void scale_pixels(const struct image *to, struct rectangle target, const int32_t *clips, int64_t clip_count,
                  const struct image *from, struct rectangle source, int64_t transform, bool opaque) {
  struct sampler s = {.from = *from};
  if (target.w <= 0 || target.h <= 0 || source.w <= 0 || source.h <= 0) return;
  int64_t left = source.x >> 8, top = source.y >> 8;
  struct rectangle readable = {left, top, ((source.x + source.w + 255) >> 8) - left, ((source.y + source.h + 255) >> 8) - top};
  if (!clip_to_image(&readable, &s.from)) return;
  s.left = readable.x, s.right = readable.x + readable.w - 1;
  s.top = readable.y, s.bottom = readable.y + readable.h - 1;

  bool swaps = transforms[transform].swaps, turns_x = transforms[transform].turns_x, turns_y = transforms[transform].turns_y;
  int64_t across = swaps ? target.h : target.w, down = swaps ? target.w : target.h; /* destination pixels along the buffer's x, y */
  int64_t step_x = (int64_t)((__int128)source.w * (INT64_C(1) << 24) / across) * (turns_x ? -1 : 1);
  int64_t step_y = (int64_t)((__int128)source.h * (INT64_C(1) << 24) / down) * (turns_y ? -1 : 1);
  s.step_x = swaps ? 0 : step_x;
  s.step_y = swaps ? step_y : 0;
  bool exact = !transform && source.w == target.w << 8 && source.h == target.h << 8 && !((source.x | source.y) & 0xff);

  for (int64_t n = 0; n < clip_count; n++) {
    struct rectangle r = {clips[n * 4], clips[n * 4 + 1], clips[n * 4 + 2], clips[n * 4 + 3]};
    if (!intersect(&r, &target) || !clip_to_image(&r, to)) continue;
    for (int64_t row = r.y; row < r.y + r.h; row++) {
      int64_t i = r.x - target.x, j = row - target.y, count = r.w;
      pixel *out = pixel_at(to, r.x, row);
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
}

static napi_value scale_blend(napi_env env, napi_callback_info info) {
  napi_value v[16];
  struct image to;
  struct image from;
  struct rectangle target, source;
  int32_t *clips;
  size_t clips_length;
  int64_t clip_count, transform;
  bool opaque;
  get_arguments(env, info, 16, v);
  if (!argument_image(env, v, &to) || !argument_rectangle(env, v + 2, &target) ||
      !argument_int32s(env, v[6], &clips, &clips_length) || !argument_integer(env, v[7], &clip_count) ||
      !argument_image(env, v + 8, &from) || !argument_rectangle(env, v + 10, &source) ||
      !argument_integer(env, v[14], &transform) || !argument_boolean(env, v[15], &opaque))
    return NULL;
  if (transform < 0 || transform > 7) {
    napi_throw_range_error(env, NULL, "a wl_output transform is 0 … 7");
    return NULL;
  }
  clip_count = minimum(clip_count, (int64_t)(clips_length / 4));
  scale_pixels(&to, target, clips, clip_count, &from, source, transform, opaque);
  return NULL;
}

void scale_init(napi_env env, napi_value exports) {
  static const struct function_entry table[] = {{"scaleBlend", scale_blend}, {NULL, NULL}};
  define_functions(env, exports, table);
}
