/*
 * RGB to what video encoders take: planes of luma, and of both chromas at half the size each way, by BT.709 in video's range (16 … 235,
 * 16 … 240), in fixed point of 14 bits.
 */
#include "image.h"

#define ONE 14
#define HALF (1 << (ONE - 1))

/* Of 0x..RRGGBB. The loops are simple, so that the compiler makes vectors of them. */
static inline int red(uint32_t p) { return (p >> 16) & 0xff; }
static inline int green(uint32_t p) { return (p >> 8) & 0xff; }
static inline int blue(uint32_t p) { return p & 0xff; }

__attribute__((optimize("O3"))) static void luma_row(const pixel *from, uint8_t *to, int64_t width) {
  for (int64_t x = 0; x < width; x++) {
    uint32_t p = from[x];
    to[x] = (uint8_t)(16 + ((2992 * red(p) + 10063 * green(p) + 1016 * blue(p) + HALF) >> ONE));
  }
}

/* Each from the mean of 2 × 2 pixels. */
__attribute__((optimize("O3"))) static void chroma_row(const pixel *upper, const pixel *lower, uint8_t *u, uint8_t *v,
                                                       int64_t width) {
  for (int64_t x = 0; x < width; x++) {
    uint32_t a = upper[2 * x], b = upper[2 * x + 1], c = lower[2 * x], d = lower[2 * x + 1];
    int r = red(a) + red(b) + red(c) + red(d);
    int g = green(a) + green(b) + green(c) + green(d);
    int l = blue(a) + blue(b) + blue(c) + blue(d);
    u[x] = (uint8_t)(128 + ((-1648 * r - 5548 * g + 7196 * l + 4 * HALF) >> (ONE + 2)));
    v[x] = (uint8_t)(128 + ((7196 * r - 6536 * g - 660 * l + 4 * HALF) >> (ONE + 2)));
  }
}

/* from, stride, x, y, width, height, out: bytes written; sides must be even, and the rectangle wholly inside the image. */
static napi_value i420_rectangle(napi_env env, napi_callback_info info) {
  napi_value v[7];
  struct image from;
  struct rectangle r;
  uint8_t *out;
  size_t length;
  get_arguments(env, info, 7, v);
  if (!argument_image(env, v, &from) || !argument_rectangle(env, v + 2, &r) || !argument_bytes(env, v[6], &out, &length))
    return NULL;
  struct rectangle clipped = r;
  bool inside = clip_to_image(&clipped, &from) && clipped.x == r.x && clipped.y == r.y && clipped.w == r.w && clipped.h == r.h;
  if (!inside || r.w % 2 || r.h % 2 || (size_t)(r.w * r.h * 3 / 2) > length) {
    napi_throw_range_error(env, NULL, "the rectangle has odd sides, is not wholly inside the image, or finds no room");
    return NULL;
  }
  uint8_t *u = out + r.w * r.h, *w = u + r.w * r.h / 4;
  for (int64_t y = 0; y < r.h; y += 2) {
    const pixel *upper = pixel_at(&from, r.x, r.y + y), *lower = pixel_at(&from, r.x, r.y + y + 1);
    luma_row(upper, out + y * r.w, r.w);
    luma_row(lower, out + (y + 1) * r.w, r.w);
    chroma_row(upper, lower, u + y / 2 * (r.w / 2), w + y / 2 * (r.w / 2), r.w / 2);
  }
  return int_result(env, r.w * r.h * 3 / 2);
}

void i420_init(napi_env env, napi_value exports) {
  static const struct function_entry functions[] = {{"i420Rectangle", i420_rectangle}, {0}};
  define_functions(env, exports, functions);
}
