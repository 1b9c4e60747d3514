#include "addon.h"

void xkb_init(napi_env env, napi_value exports) {
  (void)env;
  (void)exports;
}
