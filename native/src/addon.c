#include "addon.h"

void define_functions(napi_env env, napi_value exports, const struct function_entry *table) {
  for (; table->name; table++) {
    napi_value function;
    napi_create_function(env, table->name, NAPI_AUTO_LENGTH, table->call, NULL, &function);
    napi_set_named_property(env, exports, table->name, function);
  }
}

NAPI_MODULE_INIT() {
  sys_init(env, exports);
  poll_init(env, exports);
  pixels_init(env, exports);
  codecs_init(env, exports);
  xkb_init(env, exports);
  return exports;
}
