/* Images in caller-owned memory, and the clipping that keeps every access inside it. */
#ifndef SWITCHYARD_IMAGE_H
#define SWITCHYARD_IMAGE_H

#include "addon.h"

/* Clients choose strides and offsets freely, so a pixel may stand at any address. */
typedef uint32_t __attribute__((aligned(1), may_alias)) pixel;

/* Coordinates are cut to ±2^30, so that sums of a few of them, and their products with 4, never overflow an int64. */
#define COORDINATE_MAX (INT64_C(1) << 30)

struct image {
  uint8_t *data;
  size_t length;
  int64_t stride; /* bytes; 1 … COORDINATE_MAX, or the image is empty */
};

struct rectangle {
  int64_t x, y, w, h;
};

static inline int64_t minimum(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t maximum(int64_t a, int64_t b) { return a > b ? a : b; }

static inline pixel *pixel_at(const struct image *image, int64_t x, int64_t y) {
  return (pixel *)(image->data + y * image->stride + x * 4);
}

/* Cuts the rectangle to what lies inside the image's memory whatever its numbers are; false when nothing is left. */
static inline bool clip_to_image(struct rectangle *r, const struct image *image) {
  if (r->x < 0) r->w += r->x, r->x = 0;
  if (r->y < 0) r->h += r->y, r->y = 0;
  if (image->stride < 4) return false;
  r->w = minimum(r->w, image->stride / 4 - r->x);
  if (r->w <= 0) return false;
  int64_t last_row = (int64_t)image->length - (r->x + r->w) * 4; /* latest byte at which a row may begin */
  if (last_row < 0) return false;
  r->h = minimum(r->h, last_row / image->stride + 1 - r->y);
  return r->h > 0;
}

static inline bool intersect(struct rectangle *r, const struct rectangle *with) {
  int64_t right = minimum(r->x + r->w, with->x + with->w), bottom = minimum(r->y + r->h, with->y + with->h);
  r->x = maximum(r->x, with->x);
  r->y = maximum(r->y, with->y);
  r->w = right - r->x;
  r->h = bottom - r->y;
  return r->w > 0 && r->h > 0;
}

/* Argument readers: each returns false with a pending TypeError when the value has another type. */
bool argument_integer(napi_env env, napi_value value, int64_t *out);
bool argument_bytes(napi_env env, napi_value value, uint8_t **data, size_t *length);
bool argument_int32s(napi_env env, napi_value value, int32_t **data, size_t *count);
bool argument_boolean(napi_env env, napi_value value, bool *out);
/* Reads a Uint8Array and its stride. */
bool argument_image(napi_env env, const napi_value *values, struct image *out);
/* Reads x, y, width, height. */
bool argument_rectangle(napi_env env, const napi_value *values, struct rectangle *out);

/* A rectangle of `from` and the place in `to` where it goes. */
struct transfer {
  struct image to, from;
  int64_t dx, dy, sx, sy, w, h;
};

/* Reads to, toStride, dx, dy, from, fromStride, sx, sy, width, height, and clips to both; `empty` when nothing is left. */
bool argument_transfer(napi_env env, const napi_value *values, struct transfer *out, bool *empty);

/* Cuts the rectangle to what lies inside both images; false when nothing is left. */
bool clip_transfer(struct transfer *t);

/* The loops: everything is clipped already, but for scale_pixels, which does it itself. */
void fill_pixels(const struct image *image, const struct rectangle *r, uint32_t colour);
void copy_pixels(const struct transfer *t);
void blend_pixels(const struct transfer *t, bool opaque, int64_t alpha);
void scale_pixels(const struct image *to, struct rectangle target, const int32_t *clips, int64_t clip_count,
                  const struct image *from, struct rectangle source, int64_t transform, bool opaque);

napi_value result_boolean(napi_env env, bool value);

/* The parts of pixels.c's exports that have a file of their own. */
void guard_init(napi_env env, napi_value exports);
void scale_init(napi_env env, napi_value exports);
void cells_init(napi_env env, napi_value exports);
void draw_init(napi_env env, napi_value exports);

#endif
