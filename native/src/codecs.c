#include "addon.h"

void codecs_init(napi_env env, napi_value exports) {
  (void)env;
  (void)exports;
}
