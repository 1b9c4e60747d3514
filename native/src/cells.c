/* A terminal's cells: shapes that say how much of each pixel is ink, in the two colours of a cell. */
#include "image.h"

#include <string.h>

struct cell {
  int32_t x, y;  /* pixels */
  int32_t shape; /* where its bytes begin, row by row; negative: nothing but the background */
  uint32_t ink, paper;
};

#define CELL_WORDS ((int64_t)(sizeof(struct cell) / sizeof(int32_t)))

/* Pixels that are mixed before they are copied to their rows. A cell may not be wider. */
#define PIECE 4096

/* Many pixels at once, in 16 bits a channel: 255 · 256 still fits. 255 of coverage is all of the ink. */
__attribute__((optimize("O3"))) static void mix(uint32_t *restrict to, const uint8_t *restrict shape, int64_t count,
                                                uint32_t ink, uint32_t paper) {
  const uint16_t ink_red = ink >> 16 & 0xff, ink_green = ink >> 8 & 0xff, ink_blue = ink & 0xff;
  const uint16_t paper_red = paper >> 16 & 0xff, paper_green = paper >> 8 & 0xff, paper_blue = paper & 0xff;
  for (int64_t i = 0; i < count; i++) {
    const uint16_t share = shape[i] + (shape[i] >> 7), rest = 256 - share;
    const uint16_t red = (uint16_t)(ink_red * share + paper_red * rest) >> 8;
    const uint16_t green = (uint16_t)(ink_green * share + paper_green * rest) & 0xff00;
    const uint16_t blue = (uint16_t)(ink_blue * share + paper_blue * rest) >> 8;
    to[i] = (uint32_t)(0xff00 | red) << 16 | (uint16_t)(green | blue);
  }
}

/* A row is 8 to 20 pixels: a call of memcpy for each would cost as much as mixing them. */
static inline void copy_row(pixel *to, const uint32_t *from, int64_t width) {
  for (; width >= 4; width -= 4, to += 4, from += 4) memcpy(to, from, 16);
  for (; width > 0; width--) *to++ = *from++;
}

static void draw_shape(const struct image *to, const struct cell *cell, const uint8_t *shape, int64_t width, int64_t height) {
  uint32_t pixels[PIECE];
  const int64_t rows = PIECE / width;
  for (int64_t top = 0; top < height; top += rows) {
    const int64_t count = minimum(rows, height - top);
    mix(pixels, shape + top * width, count * width, cell->ink, cell->paper);
    for (int64_t y = 0; y < count; y++)
      copy_row(pixel_at(to, cell->x, cell->y + top + y), pixels + y * width, width);
  }
}

static void draw_blank(const struct image *to, const struct cell *cell, int64_t width, int64_t height) {
  for (int64_t y = 0; y < height; y++) {
    pixel *row = pixel_at(to, cell->x, cell->y + y);
    for (int64_t x = 0; x < width; x++) row[x] = 0xff000000 | cell->paper;
  }
}

/* to, stride, shapes, width, height, cells, count. Cells that are not wholly inside the image or the shapes are left out. */
static napi_value draw_cells(napi_env env, napi_callback_info info) {
  napi_value v[7];
  struct image to;
  uint8_t *shapes;
  size_t shapes_length, words;
  int64_t width, height, count;
  int32_t *list;
  get_arguments(env, info, 7, v);
  if (!argument_image(env, v, &to) || !argument_bytes(env, v[2], &shapes, &shapes_length) ||
      !argument_integer(env, v[3], &width) || !argument_integer(env, v[4], &height) ||
      !argument_int32s(env, v[5], &list, &words) || !argument_integer(env, v[6], &count))
    return NULL;
  if (width < 1 || width > PIECE || height < 1 || to.stride < 4) return NULL;
  count = minimum(count, (int64_t)words / CELL_WORDS);
  int64_t columns = to.stride / 4, rows = (int64_t)to.length / to.stride;
  for (int64_t n = 0; n < count; n++) {
    struct cell cell;
    memcpy(&cell, list + n * CELL_WORDS, sizeof cell);
    if (cell.x < 0 || cell.y < 0 || cell.x + width > columns || cell.y + height > rows) continue;
    if (cell.shape >= 0 && cell.shape + width * height > (int64_t)shapes_length) continue;
    if (cell.shape < 0) draw_blank(&to, &cell, width, height);
    else draw_shape(&to, &cell, shapes + cell.shape, width, height);
  }
  return NULL;
}

void cells_init(napi_env env, napi_value exports) {
  static const struct function_entry table[] = {{"drawCells", draw_cells}, {NULL, NULL}};
  define_functions(env, exports, table);
}
