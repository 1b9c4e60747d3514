/* A list of drawing operations on one image (libs/pixels/src/DrawList.ts), done at once or by another thread. */
#include "image.h"

#include <stdlib.h>
#include <string.h>

enum kind { FILL, COPY, BLEND, SCALE };

struct operation {
  int32_t kind, source, stride; /* a place in the list of sources, and its bytes a row */
  int32_t x, y, w, h;           /* in the target */
  int32_t sx, sy, sw, sh;       /* in the source: pixels, for SCALE 1/256 of them */
  int32_t colour, transform, opaque;
  int32_t clip, clips; /* the first of SCALE's clip rectangles, and how many */
};

struct bytes {
  uint8_t *data;
  size_t length;
};

struct drawing {
  struct image to;
  const struct operation *operations;
  size_t count;
  const int32_t *clips;
  size_t clip_count;
  struct bytes *sources;
  size_t source_count;
};

static void draw_one(const struct drawing *d, const struct operation *o) {
  struct rectangle target = {o->x, o->y, o->w, o->h};
  struct image to = d->to;
  if (o->kind == FILL) {
    if (clip_to_image(&target, &to)) fill_pixels(&to, &target, (uint32_t)o->colour);
    return;
  }
  if (o->source < 0 || (size_t)o->source >= d->source_count) return;
  struct image from = {d->sources[o->source].data, d->sources[o->source].length, o->stride};
  if (o->kind == SCALE) {
    if (o->clip < 0 || (size_t)o->clip >= d->clip_count || o->transform < 0 || o->transform > 7) return;
    int64_t clips = minimum(o->clips, (int64_t)d->clip_count - o->clip);
    struct rectangle source = {o->sx, o->sy, o->sw, o->sh};
    scale_pixels(&to, target, d->clips + 4 * (size_t)o->clip, clips, &from, source, o->transform, o->opaque);
    return;
  }
  struct transfer t = {to, from, o->x, o->y, o->sx, o->sy, o->w, o->h};
  if (!clip_transfer(&t)) return;
  if (o->kind == COPY) copy_pixels(&t);
  else if (o->kind == BLEND) blend_pixels(&t, o->opaque, 255);
}

static void draw_all(const struct drawing *d) {
  for (size_t i = 0; i < d->count; i++) draw_one(d, d->operations + i);
}

/* Reads to, toStride, operations, count, clips, sources; `sources` is to be freed. False with a pending exception. */
static bool argument_drawing(napi_env env, const napi_value *v, struct drawing *d) {
  int32_t *operations, *clips;
  size_t operations_length, clips_length;
  int64_t count;
  uint32_t sources;
  *d = (struct drawing){0};
  if (!argument_image(env, v, &d->to) || !argument_int32s(env, v[2], &operations, &operations_length) ||
      !argument_integer(env, v[3], &count) || !argument_int32s(env, v[4], &clips, &clips_length))
    return false;
  if (napi_get_array_length(env, v[5], &sources) != napi_ok) {
    napi_throw_type_error(env, NULL, "the sources must be an array");
    return false;
  }
  const size_t fields = sizeof(struct operation) / sizeof(int32_t);
  d->operations = (const struct operation *)operations;
  d->count = (size_t)maximum(0, minimum(count, (int64_t)(operations_length / fields)));
  d->clips = clips;
  d->clip_count = clips_length / 4;
  d->sources = calloc(sources + 1, sizeof *d->sources);
  if (!d->sources) {
    napi_throw_error(env, NULL, "out of memory");
    return false;
  }
  for (; d->source_count < sources; d->source_count++) {
    napi_value source;
    struct bytes *bytes = d->sources + d->source_count;
    if (napi_get_element(env, v[5], (uint32_t)d->source_count, &source) == napi_ok &&
        argument_bytes(env, source, &bytes->data, &bytes->length))
      continue;
    free(d->sources);
    return false;
  }
  return true;
}

/* draw(to, toStride, operations, count, clips, sources) */
static napi_value draw(napi_env env, napi_callback_info info) {
  napi_value v[6];
  struct drawing d;
  get_arguments(env, info, 6, v);
  if (!argument_drawing(env, v, &d)) return NULL;
  draw_all(&d);
  free(d.sources);
  return NULL;
}

/*
 * A drawing of another thread's. Everything that it reads and writes stays until it is done: arrays of the engine's by the
 * references in `kept`, mappings by their pins, whatever JavaScript forgets or unmaps meanwhile.
 */
struct apart {
  struct drawing drawing;
  napi_async_work work;
  napi_deferred deferred;
  napi_ref kept;
  struct mapping **pins;
};

static void execute(napi_env env, void *data) {
  (void)env;
  draw_all(&((struct apart *)data)->drawing);
}

static void end_apart(napi_env env, struct apart *apart) {
  struct drawing *d = &apart->drawing;
  for (size_t i = 0; apart->pins && i <= d->source_count; i++) memory_unpin(apart->pins[i]);
  if (apart->kept) napi_delete_reference(env, apart->kept);
  if (apart->work) napi_delete_async_work(env, apart->work);
  free(apart->pins);
  free(d->sources);
  free((void *)d->operations);
  free((void *)d->clips);
  free(apart);
}

static void complete(napi_env env, napi_status status, void *data) {
  struct apart *apart = data;
  napi_value nothing;
  (void)status; /* nobody cancels it */
  napi_get_undefined(env, &nothing);
  napi_deferred deferred = apart->deferred;
  end_apart(env, apart);
  napi_resolve_deferred(env, deferred, nothing);
}

static void *copied(const void *data, size_t size) {
  void *copy = malloc(size ? size : 1);
  if (copy && size) memcpy(copy, data, size);
  return copy;
}

/* drawApart(to, toStride, operations, count, clips, sources) → a promise that is resolved when it is drawn */
static napi_value draw_apart(napi_env env, napi_callback_info info) {
  napi_value v[6], kept, name, promise;
  struct drawing d;
  get_arguments(env, info, 6, v);
  if (!argument_drawing(env, v, &d)) return NULL;
  struct apart *apart = calloc(1, sizeof *apart);
  if (!apart) {
    free(d.sources);
    napi_throw_error(env, NULL, "out of memory");
    return NULL;
  }
  d.operations = copied(d.operations, d.count * sizeof *d.operations);
  d.clips = copied(d.clips, d.clip_count * 4 * sizeof *d.clips);
  apart->drawing = d;
  apart->pins = calloc(d.source_count + 1, sizeof *apart->pins);
  bool made = d.operations && d.clips && apart->pins && napi_create_array(env, &kept) == napi_ok;
  for (uint32_t i = 0; made && i <= d.source_count; i++) {
    napi_value array = v[0];
    if (i > 0) napi_get_element(env, v[5], i - 1, &array);
    napi_set_element(env, kept, i, array);
    apart->pins[i] = memory_pin(env, array);
  }
  napi_create_string_utf8(env, "drawing", NAPI_AUTO_LENGTH, &name);
  made = made && napi_create_reference(env, kept, 1, &apart->kept) == napi_ok &&
         napi_create_async_work(env, NULL, name, execute, complete, apart, &apart->work) == napi_ok &&
         napi_create_promise(env, &apart->deferred, &promise) == napi_ok && napi_queue_async_work(env, apart->work) == napi_ok;
  if (made) return promise;
  end_apart(env, apart);
  napi_throw_error(env, NULL, "out of memory");
  return NULL;
}

void draw_init(napi_env env, napi_value exports) {
  static const struct function_entry table[] = {{"draw", draw}, {"drawApart", draw_apart}, {NULL, NULL}};
  define_functions(env, exports, table);
}
