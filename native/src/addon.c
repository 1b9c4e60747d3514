#include "addon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void define_functions(napi_env env, napi_value exports, const struct function_entry *table) {
  for (; table->name; table++) {
    napi_value function;
    napi_create_function(env, table->name, NAPI_AUTO_LENGTH, table->call, NULL, &function);
    napi_set_named_property(env, exports, table->name, function);
  }
}

struct instance *instance_of(napi_env env) {
  void *instance = NULL;
  napi_get_instance_data(env, &instance);
  return instance;
}

void get_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *arguments) {
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
}

int32_t int_argument(napi_env env, napi_value value) {
  int32_t number = 0;
  napi_get_value_int32(env, value, &number);
  return number;
}

int64_t long_argument(napi_env env, napi_value value) {
  int64_t number = 0;
  napi_get_value_int64(env, value, &number);
  return number;
}

bool bytes_argument(napi_env env, napi_value value, uint8_t **data, size_t *length) {
  napi_typedarray_type type;
  size_t elements = 0;
  void *start = NULL;
  if (napi_get_typedarray_info(env, value, &type, &elements, &start, NULL, NULL) != napi_ok) return false;
  static const uint8_t element_size[] = {
      [napi_int8_array] = 1,    [napi_uint8_array] = 1,   [napi_uint8_clamped_array] = 1, [napi_int16_array] = 2,
      [napi_uint16_array] = 2,  [napi_int32_array] = 4,   [napi_uint32_array] = 4,        [napi_float32_array] = 4,
      [napi_float64_array] = 8, [napi_bigint64_array] = 8, [napi_biguint64_array] = 8,
  };
  if ((size_t)type >= sizeof element_size) return false;
  *data = start;
  *length = elements * element_size[type];
  return true;
}

int text_argument(napi_env env, napi_value value, char *text, size_t size) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok || length >= size) return -1;
  napi_get_value_string_utf8(env, value, text, size, &length);
  return memchr(text, 0, length) ? -1 : (int)length;
}

napi_value int_result(napi_env env, int64_t value) {
  napi_value result;
  napi_create_int64(env, value, &result);
  return result;
}

napi_value syscall_result(napi_env env, int64_t value) {
  return int_result(env, value == -1 ? -errno : value);
}

static void free_instance(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free(data);
}

static bool create_instance(napi_env env, napi_value exports) {
  struct instance *instance = calloc(1, sizeof *instance);
  napi_value buffer, results;
  void *data;
  if (!instance) return false;
  napi_set_instance_data(env, instance, free_instance, NULL);
  if (napi_create_arraybuffer(env, RESULT_SLOTS * sizeof(int32_t), &data, &buffer) != napi_ok) return false;
  napi_create_typedarray(env, napi_int32_array, RESULT_SLOTS, buffer, 0, &results);
  napi_create_reference(env, results, 1, &instance->results_reference);
  napi_set_named_property(env, exports, "results", results);
  instance->results = data;
  return true;
}

NAPI_MODULE_INIT() {
  if (!create_instance(env, exports)) {
    napi_throw_error(env, NULL, "switchyard: out of memory");
    return NULL;
  }
  sys_init(env, exports);
  socket_init(env, exports);
  memory_init(env, exports);
  process_init(env, exports);
  poll_init(env, exports);
  uevent_init(env, exports);
  xattr_init(env, exports);
  signals_init(env, exports);
  pixels_init(env, exports);
  codecs_init(env, exports);
  i420_init(env, exports);
  scroll_init(env, exports);
  xkb_init(env, exports);
  pam_init(env, exports);
  return exports;
}
