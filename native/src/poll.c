#include "addon.h"

void poll_init(napi_env env, napi_value exports) {
  (void)env;
  (void)exports;
}
