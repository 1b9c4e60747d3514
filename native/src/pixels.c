#include "addon.h"

void pixels_init(napi_env env, napi_value exports) {
  (void)env;
  (void)exports;
}
