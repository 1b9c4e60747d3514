/*
 * Whether a part of a picture is as before, but higher or lower: rows that are unique in both are found by their hashes, and the distance
 * that most of those went that did not stay is the answer. That it is right for every pixel is not promised; whoever moves the picture compares afterwards.
 */
#include "image.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 16384
/* So many rows, and this share of all, must have gone the same way. */
#define VOTES_MIN 16
#define VOTES_SHARE 8

#define NOBODY (-1)
#define SEVERAL (-2)

struct entry {
  uint64_t hash;
  int32_t before, after; /* the row, or NOBODY, or SEVERAL */
};

/* Four sums that do not wait for each other. */
static uint64_t row_hash(const pixel *row, int64_t width) {
  const uint64_t prime = UINT64_C(0x9e3779b97f4a7c15);
  uint64_t lanes[4] = {1, 2, 3, 4};
  int64_t x = 0;
  for (; x + 4 <= width; x += 4)
    for (int lane = 0; lane < 4; lane++) lanes[lane] = (lanes[lane] ^ (row[x + lane] & 0xffffff)) * prime;
  for (; x < width; x++) lanes[0] = (lanes[0] ^ (row[x] & 0xffffff)) * prime;
  uint64_t hash = 0;
  for (int lane = 0; lane < 4; lane++) hash = (hash ^ lanes[lane] ^ (lanes[lane] >> 29)) * prime;
  return hash;
}

static struct entry *entry_of(struct entry *table, size_t size, uint64_t hash) {
  for (size_t at = hash >> 20 & (size - 1);; at = (at + 1) & (size - 1))
    if (table[at].hash == hash || (table[at].before == NOBODY && table[at].after == NOBODY)) {
      table[at].hash = hash;
      return &table[at];
    }
}

/* Where it stands now, rows of the rectangle: `first` inclusive, `last` exclusive. */
struct scroll {
  int32_t down, first, last;
};

static struct scroll find(const struct image *before, const struct image *after, const struct rectangle *r) {
  size_t size = 1;
  while (size < (size_t)r->h * 4) size *= 2;
  struct entry *table = malloc(size * sizeof *table);
  int32_t *votes = calloc((size_t)r->h * 2, sizeof *votes);
  struct scroll scroll = {0, 0, 0};
  if (table && votes) {
    for (size_t i = 0; i < size; i++) table[i].before = table[i].after = NOBODY;
    for (int64_t y = 0; y < r->h; y++) {
      struct entry *old = entry_of(table, size, row_hash(pixel_at(before, r->x, r->y + y), r->w));
      old->before = old->before == NOBODY ? (int32_t)y : SEVERAL;
      struct entry *new = entry_of(table, size, row_hash(pixel_at(after, r->x, r->y + y), r->w));
      new->after = new->after == NOBODY ? (int32_t)y : SEVERAL;
    }
    int32_t most = 0;
    for (size_t i = 0; i < size; i++) {
      if (table[i].before < 0 || table[i].after < 0) continue;
      int32_t down = table[i].after - table[i].before;
      int32_t count = ++votes[down + r->h - 1];
      if (down != 0 && count > most) most = count, scroll.down = down;
    }
    if (most < VOTES_MIN || most < r->h / VOTES_SHARE) scroll.down = 0;
    scroll.first = (int32_t)r->h;
    for (size_t i = 0; i < size && scroll.down != 0; i++) {
      if (table[i].before < 0 || table[i].after < 0 || table[i].after - table[i].before != scroll.down) continue;
      if (table[i].after < scroll.first) scroll.first = table[i].after;
      if (table[i].after >= scroll.last) scroll.last = table[i].after + 1;
    }
  }
  free(table);
  free(votes);
  return scroll;
}

/* before, stride, after, stride, x, y, width, height, out: whether rows of the rectangle moved; then `out` is a struct scroll. */
static napi_value find_scroll(napi_env env, napi_callback_info info) {
  napi_value v[9];
  int32_t *out;
  size_t count;
  struct image before, after;
  struct rectangle r;
  get_arguments(env, info, 9, v);
  if (!argument_image(env, v, &before) || !argument_image(env, v + 2, &after) || !argument_rectangle(env, v + 4, &r) ||
      !argument_int32s(env, v[8], &out, &count))
    return NULL;
  if (!clip_to_image(&r, &before) || !clip_to_image(&r, &after) || r.h > ROWS_MAX || count < 3)
    return result_boolean(env, false);
  struct scroll scroll = find(&before, &after, &r);
  out[0] = scroll.down;
  out[1] = scroll.first;
  out[2] = scroll.last;
  return result_boolean(env, scroll.down != 0);
}

void scroll_init(napi_env env, napi_value exports) {
  static const struct function_entry functions[] = {{"findScroll", find_scroll}, {0}};
  define_functions(env, exports, functions);
}
