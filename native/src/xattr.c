/* Extended attributes: xattr(7). ACLs of device nodes are one. */
#include "addon.h"

#include <errno.h>
#include <limits.h>
#include <sys/xattr.h>

/* XATTR_NAME_MAX of linux/limits.h, and the NUL. */
#define NAME_SIZE 256

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

struct attribute {
  char path[PATH_MAX];
  char name[NAME_SIZE];
};

static bool attribute_arguments(napi_env env, const napi_value *argument, struct attribute *attribute) {
  return text_argument(env, argument[0], attribute->path, sizeof attribute->path) >= 0 &&
         text_argument(env, argument[1], attribute->name, sizeof attribute->name) >= 0;
}

/* getXattr(path, name, bytes) → bytes filled in; -ENODATA none, -ERANGE more */
static napi_value xattr_get(napi_env env, napi_callback_info info) {
  napi_value argument[3];
  struct attribute attribute;
  uint8_t *data;
  size_t size;
  get_arguments(env, info, 3, argument);
  if (!attribute_arguments(env, argument, &attribute) || !bytes_argument(env, argument[2], &data, &size))
    return int_result(env, -EINVAL);
  return syscall_result(env, lgetxattr(attribute.path, attribute.name, data, size));
}

/* setXattr(path, name, bytes) */
static napi_value xattr_set(napi_env env, napi_callback_info info) {
  napi_value argument[3];
  struct attribute attribute;
  uint8_t *data;
  size_t size;
  get_arguments(env, info, 3, argument);
  if (!attribute_arguments(env, argument, &attribute) || !bytes_argument(env, argument[2], &data, &size))
    return int_result(env, -EINVAL);
  return syscall_result(env, lsetxattr(attribute.path, attribute.name, data, size, 0));
}

/* removeXattr(path, name) */
static napi_value xattr_remove(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  struct attribute attribute;
  get_arguments(env, info, 2, argument);
  if (!attribute_arguments(env, argument, &attribute)) return int_result(env, -EINVAL);
  return syscall_result(env, lremovexattr(attribute.path, attribute.name));
}

void xattr_init(napi_env env, napi_value exports) {
  static const struct function_entry functions[] = {
      {"getXattr", xattr_get},
      {"setXattr", xattr_set},
      {"removeXattr", xattr_remove},
      {NULL, NULL},
  };
  define_functions(env, exports, functions);
}
