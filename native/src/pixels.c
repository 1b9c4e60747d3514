/*
 * Pixel loops over 32-bit pixels (XRGB8888, ARGB8888 premultiplied, little endian). Every rectangle is clipped to the
 * memory it is given, whatever its numbers are. Plain C: the compiler makes the vector code.
 */
#include "blend.h"

#include <string.h>

#define TILE 64 /* pixels a side; 256 bytes a row: small enough for a cursor, large enough for memcmp and LZ4 */

/* Within one image rows may overlap (scrolling), so they are moved from the side on which they are not yet overwritten. */
void copy_pixels(const struct transfer *t) {
  bool upwards = pixel_at(&t->to, t->dx, t->dy) > pixel_at(&t->from, t->sx, t->sy);
  for (int64_t i = 0; i < t->h; i++) {
    int64_t row = upwards ? t->h - 1 - i : i;
    memmove(pixel_at(&t->to, t->dx, t->dy + row), pixel_at(&t->from, t->sx, t->sy + row), (size_t)t->w * 4);
  }
}

void fill_pixels(const struct image *image, const struct rectangle *r, uint32_t colour) {
  for (int64_t y = r->y; y < r->y + r->h; y++) {
    pixel *row = pixel_at(image, r->x, y);
    for (int64_t i = 0; i < r->w; i++) row[i] = colour;
  }
}

void blend_pixels(const struct transfer *t, bool opaque, int64_t alpha) {
  for (int64_t row = 0; row < t->h; row++) {
    pixel *to = pixel_at(&t->to, t->dx, t->dy + row);
    const pixel *from = pixel_at(&t->from, t->sx, t->sy + row);
    if (alpha < 255) blend_row_faded(to, from, t->w, opaque ? 0xff000000 : 0, (uint32_t)alpha);
    else if (opaque) opaque_row(to, from, t->w);
    else blend_row(to, from, t->w);
  }
}

static napi_value copy_rectangle(napi_env env, napi_callback_info info) {
  napi_value v[10];
  struct transfer t;
  bool empty;
  get_arguments(env, info, 10, v);
  if (!argument_transfer(env, v, &t, &empty) || empty) return NULL;
  copy_pixels(&t);
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
  if (clip_to_image(&r, &image)) fill_pixels(&image, &r, colour);
  return NULL;
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
  blend_pixels(&t, opaque, maximum(0, minimum(255, alpha)));
  return NULL;
}

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
      {"copyRectangle", copy_rectangle},
      {"fillRectangle", fill_rectangle},
      {"blendRectangle", blend_rectangle},
      {"tileDiff", tile_diff},
      {NULL, NULL},
  };
  define_functions(env, exports, table);
  guard_init(env, exports);
  scale_init(env, exports);
  cells_init(env, exports);
  draw_init(env, exports);
}
