#include "image.h"

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

bool clip_transfer(struct transfer *t) {
  int64_t x = t->sx - t->dx, y = t->sy - t->dy;
  struct rectangle r = {t->sx, t->sy, t->w, t->h};
  bool some = clip_to_image(&r, &t->from);
  r.x -= x, r.y -= y;
  some = some && clip_to_image(&r, &t->to);
  t->dx = r.x, t->dy = r.y, t->w = r.w, t->h = r.h;
  t->sx = r.x + x, t->sy = r.y + y;
  return some;
}

bool argument_transfer(napi_env env, const napi_value *v, struct transfer *t, bool *empty) {
  if (!argument_image(env, v, &t->to) || !argument_integer(env, v[2], &t->dx) || !argument_integer(env, v[3], &t->dy) ||
      !argument_image(env, v + 4, &t->from) || !argument_integer(env, v[6], &t->sx) ||
      !argument_integer(env, v[7], &t->sy) || !argument_integer(env, v[8], &t->w) || !argument_integer(env, v[9], &t->h))
    return false;
  *empty = !clip_transfer(t);
  return true;
}
