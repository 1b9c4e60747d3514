/* Finding libxkbcommon, and the externals that hold its objects. */
#include "xkb.h"

#include <dlfcn.h>
#include <stdlib.h>

struct xkb_library xkb;

static const struct {
  void *function;
  const char *name;
} symbols[] = {
    {&xkb.context_new, "xkb_context_new"},
    {&xkb.context_unref, "xkb_context_unref"},
    {&xkb.context_set_log_level, "xkb_context_set_log_level"},
    {&xkb.keymap_new_from_names, "xkb_keymap_new_from_names"},
    {&xkb.keymap_new_from_string, "xkb_keymap_new_from_string"},
    {&xkb.keymap_unref, "xkb_keymap_unref"},
    {&xkb.keymap_get_as_string, "xkb_keymap_get_as_string"},
    {&xkb.keymap_min_keycode, "xkb_keymap_min_keycode"},
    {&xkb.keymap_max_keycode, "xkb_keymap_max_keycode"},
    {&xkb.keymap_num_levels_for_key, "xkb_keymap_num_levels_for_key"},
    {&xkb.keymap_key_get_syms_by_level, "xkb_keymap_key_get_syms_by_level"},
    {&xkb.keymap_key_get_mods_for_level, "xkb_keymap_key_get_mods_for_level"},
    {&xkb.keymap_key_repeats, "xkb_keymap_key_repeats"},
    {&xkb.state_new, "xkb_state_new"},
    {&xkb.state_unref, "xkb_state_unref"},
    {&xkb.state_update_key, "xkb_state_update_key"},
    {&xkb.state_update_mask, "xkb_state_update_mask"},
    {&xkb.state_serialize_mods, "xkb_state_serialize_mods"},
    {&xkb.state_serialize_layout, "xkb_state_serialize_layout"},
    {&xkb.state_key_get_one_sym, "xkb_state_key_get_one_sym"},
    {&xkb.state_key_get_utf8, "xkb_state_key_get_utf8"},
    {&xkb.state_led_name_is_active, "xkb_state_led_name_is_active"},
    {&xkb.keysym_from_name, "xkb_keysym_from_name"},
    {&xkb.keysym_get_name, "xkb_keysym_get_name"},
    {&xkb.keysym_to_utf32, "xkb_keysym_to_utf32"},
    {&xkb.utf32_to_keysym, "xkb_utf32_to_keysym"},
    {&xkb.compose_table_new_from_locale, "xkb_compose_table_new_from_locale"},
    {&xkb.compose_table_new_from_buffer, "xkb_compose_table_new_from_buffer"},
    {&xkb.compose_table_unref, "xkb_compose_table_unref"},
    {&xkb.compose_state_new, "xkb_compose_state_new"},
    {&xkb.compose_state_unref, "xkb_compose_state_unref"},
    {&xkb.compose_state_feed, "xkb_compose_state_feed"},
    {&xkb.compose_state_reset, "xkb_compose_state_reset"},
    {&xkb.compose_state_get_status, "xkb_compose_state_get_status"},
    {&xkb.compose_state_get_utf8, "xkb_compose_state_get_utf8"},
    {&xkb.compose_state_get_one_sym, "xkb_compose_state_get_one_sym"},
};

bool have_xkb(void) {
  static enum { UNKNOWN, ABSENT, PRESENT } state;
  if (state != UNKNOWN) return state == PRESENT;
  void *library = dlopen("libxkbcommon.so.0", RTLD_NOW | RTLD_LOCAL);
  state = library ? PRESENT : ABSENT;
  for (size_t i = 0; library && i < sizeof symbols / sizeof *symbols; i++)
    if (!(*(void **)symbols[i].function = dlsym(library, symbols[i].name))) state = ABSENT;
  return state == PRESENT;
}

struct handle {
  enum kind kind;
  void *object; /* NULL after xkbFree */
};

static void end_object(struct handle *handle) {
  if (!handle->object) return;
  if (handle->kind == KEYMAP) xkb.keymap_unref(handle->object);
  else if (handle->kind == STATE) xkb.state_unref(handle->object);
  else xkb.compose_state_unref(handle->object);
  handle->object = NULL;
}

static void finalize(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  end_object(data);
  free(data);
}

napi_value wrap(napi_env env, enum kind kind, void *object) {
  napi_value result;
  struct handle *handle = object ? malloc(sizeof *handle) : NULL;
  if (!handle) {
    struct handle rest = {kind, object};
    end_object(&rest);
    return NULL;
  }
  *handle = (struct handle){kind, object};
  if (napi_create_external(env, handle, finalize, NULL, &result) == napi_ok) return result;
  finalize(env, handle, NULL);
  return NULL;
}

static struct handle *handle_of(napi_env env, napi_value value) {
  napi_valuetype type;
  void *data = NULL;
  if (napi_typeof(env, value, &type) != napi_ok || type != napi_external ||
      napi_get_value_external(env, value, &data) != napi_ok || !data)
    return NULL;
  struct handle *handle = data;
  return handle->kind >= KEYMAP && handle->kind <= COMPOSE ? handle : NULL;
}

void *object_of(napi_env env, napi_value value, enum kind kind) {
  struct handle *handle = handle_of(env, value);
  if (handle && handle->kind == kind && handle->object) return handle->object;
  napi_throw_type_error(env, NULL, handle && !handle->object ? "this xkb object was freed" : "not the xkb object that is needed");
  return NULL;
}

napi_value xkb_free(napi_env env, napi_callback_info info) {
  napi_value v[1];
  get_arguments(env, info, 1, v);
  struct handle *handle = handle_of(env, v[0]);
  if (handle) end_object(handle);
  return NULL;
}

bool library_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *v) {
  get_arguments(env, info, count, v);
  if (have_xkb()) return true;
  napi_throw_error(env, NULL, "libxkbcommon.so.0 is not installed");
  return false;
}

bool get_uint32(napi_env env, napi_value value, uint32_t *out) {
  if (napi_get_value_uint32(env, value, out) == napi_ok) return true;
  napi_throw_type_error(env, NULL, "a key code, keysym or modifier mask must be a number");
  return false;
}

bool get_name(napi_env env, napi_value value, char *buffer, const char **out) {
  napi_valuetype type;
  size_t length;
  *out = NULL;
  if (napi_typeof(env, value, &type) == napi_ok && type == napi_undefined) return true;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok || length >= NAME_MAX_BYTES) {
    napi_throw_type_error(env, NULL, "a name must be a string of less than 1024 bytes");
    return false;
  }
  napi_get_value_string_utf8(env, value, buffer, NAME_MAX_BYTES, &length);
  *out = buffer;
  return true;
}

napi_value bool_result(napi_env env, bool value) {
  napi_value result;
  return napi_get_boolean(env, value, &result) == napi_ok ? result : NULL;
}

napi_value text_result(napi_env env, const char *text) {
  napi_value result;
  return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result) == napi_ok ? result : NULL;
}

napi_value xkb_available(napi_env env, napi_callback_info info) {
  (void)info;
  return bool_result(env, have_xkb());
}

void *new_context(void) {
  void *context = xkb.context_new(0);
  if (context) xkb.context_set_log_level(context, 10); /* critical only: what failed is told by the result */
  return context;
}
