/*
 * Mappings as external ArrayBuffers.
 *
 *   mapped ──unmap(), or the collector found the buffer──▶ gone
 *
 * unmap() detaches the buffer first: every view of it then has length 0. The finalizer of a buffer runs later than
 * unmap(), when the address may long be another mapping's; `mapped` keeps it from unmapping twice.
 */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/vfs.h>

struct mapping {
  void *address;
  size_t length;  /* with what the kernel adds */
  bool mapped;
  bool ended;     /* nobody in JavaScript has it any more */
  bool finalized; /* and its ArrayBuffer is gone: the struct is to be freed */
  unsigned pins;  /* other threads that use it */
};

/*
 * A file of huge pages is mapped by whole ones, whatever length was asked for, and munmap(2) of less than that fails. Only what has
 * seals can be one of somebody else's, and asking others for their file system could wait for whoever serves it.
 */
static size_t mapped_length(int fd, size_t length) {
  struct statfs status;
  if (fcntl(fd, F_GET_SEALS) < 0 || fstatfs(fd, &status) < 0 || status.f_type != HUGETLBFS_MAGIC) return length;
  size_t page = (size_t)status.f_bsize;
  return (length + page - 1) / page * page;
}

static void settle(struct mapping *mapping) {
  if (mapping->pins > 0) return;
  if (mapping->ended && mapping->mapped) {
    munmap(mapping->address, mapping->length);
    mapping->mapped = false;
  }
  if (mapping->finalized) free(mapping);
}

static void finalize_mapping(napi_env env, void *data, void *hint) {
  (void)env;
  (void)data;
  struct mapping *mapping = hint;
  mapping->ended = mapping->finalized = true;
  settle(mapping);
}

struct mapping *memory_pin(napi_env env, napi_value array) {
  napi_value buffer;
  void *mapping;
  if (napi_get_typedarray_info(env, array, NULL, NULL, NULL, &buffer, NULL) != napi_ok ||
      napi_unwrap(env, buffer, &mapping) != napi_ok)
    return NULL;
  ((struct mapping *)mapping)->pins++;
  return mapping;
}

void memory_unpin(struct mapping *mapping) {
  if (!mapping) return;
  mapping->pins--;
  settle(mapping);
}

/* map(fd, length, offset, write, private) → ArrayBuffer, or a negative error */
static napi_value memory_map(napi_env env, napi_callback_info info) {
  napi_value argument[5], buffer;
  bool write = false, private = false;
  get_arguments(env, info, 5, argument);
  int fd = int_argument(env, argument[0]);
  int64_t length = long_argument(env, argument[1]);
  napi_get_value_bool(env, argument[3], &write);
  napi_get_value_bool(env, argument[4], &private);
  if (length <= 0) return int_result(env, -EINVAL);

  struct mapping *mapping = malloc(sizeof *mapping);
  if (!mapping) return int_result(env, -ENOMEM);
  *mapping = (struct mapping){.length = mapped_length(fd, (size_t)length), .mapped = true};
  mapping->address = mmap(NULL, (size_t)length, PROT_READ | (write ? PROT_WRITE : 0), private ? MAP_PRIVATE : MAP_SHARED,
                          fd, long_argument(env, argument[2]));
  if (mapping->address == MAP_FAILED) {
    int error = errno;
    free(mapping);
    return int_result(env, -error);
  }
  if (napi_create_external_arraybuffer(env, mapping->address, (size_t)length, finalize_mapping, mapping, &buffer) != napi_ok) {
    munmap(mapping->address, mapping->length);
    free(mapping);
    return int_result(env, -ENOMEM);
  }
  napi_wrap(env, buffer, mapping, NULL, NULL, NULL);
  return buffer;
}

/* unmap(ArrayBuffer): detaches it and ends the mapping; later calls do nothing */
static napi_value memory_unmap(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  void *mapping;
  bool is_buffer = false;
  get_arguments(env, info, 1, argument);
  napi_is_arraybuffer(env, argument[0], &is_buffer);
  if (!is_buffer || napi_remove_wrap(env, argument[0], &mapping) != napi_ok) return int_result(env, -EINVAL);
  /* The finalizer, which frees the struct, cannot run before this call returns. */
  struct mapping *it = mapping;
  if (napi_detach_arraybuffer(env, argument[0]) != napi_ok) return int_result(env, -EBUSY);
  it->ended = true;
  settle(it);
  return int_result(env, 0);
}

void memory_init(napi_env env, napi_value exports) {
  static const struct function_entry functions[] = {
      {"map", memory_map},
      {"unmap", memory_unmap},
      {NULL, NULL},
  };
  define_functions(env, exports, functions);
}
