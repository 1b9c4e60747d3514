/*
 * libxkbcommon, opened at run time: keymaps, keyboard states, compose sequences. Key codes here are the kernel's (evdev);
 * XKB's are 8 higher. Objects are externals that hold one reference each; they end with xkbFree or with the garbage
 * collector, whichever is first, and using one after xkbFree throws.
 */
#include "addon.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define EVDEV_OFFSET 8
#define NAME_MAX_BYTES 1024 /* of a layout, variant, option list, locale or keysym name; the longest option lists are ~300 */
#define UTF8_MAX_BYTES 64   /* xkbcommon-compose.h: a key's or a sequence's text */

/* xkbcommon.h: struct xkb_rule_names; NULL members mean the library's defaults. */
struct rule_names {
  const char *rules, *model, *layout, *variant, *options;
};

/* xkbcommon.h: enum xkb_state_component */
enum { MODS_DEPRESSED = 1, MODS_LATCHED = 2, MODS_LOCKED = 4, LAYOUT_EFFECTIVE = 128 };

static struct {
  void *(*context_new)(int flags);
  void (*context_unref)(void *);
  void (*context_set_log_level)(void *, int);
  void *(*keymap_new_from_names)(void *context, const struct rule_names *, int flags);
  void *(*keymap_new_from_string)(void *context, const char *text, int format, int flags);
  void (*keymap_unref)(void *);
  char *(*keymap_get_as_string)(void *, int format);
  uint32_t (*keymap_min_keycode)(void *);
  uint32_t (*keymap_max_keycode)(void *);
  uint32_t (*keymap_num_levels_for_key)(void *, uint32_t key, uint32_t layout);
  int (*keymap_key_get_syms_by_level)(void *, uint32_t key, uint32_t layout, uint32_t level, const uint32_t **syms);
  size_t (*keymap_key_get_mods_for_level)(void *, uint32_t key, uint32_t layout, uint32_t level, uint32_t *masks, size_t room);
  int (*keymap_key_repeats)(void *, uint32_t key);
  void *(*state_new)(void *keymap);
  void (*state_unref)(void *);
  int (*state_update_key)(void *, uint32_t key, int down);
  int (*state_update_mask)(void *, uint32_t depressed, uint32_t latched, uint32_t locked, uint32_t, uint32_t, uint32_t layout);
  uint32_t (*state_serialize_mods)(void *, int components);
  uint32_t (*state_serialize_layout)(void *, int components);
  uint32_t (*state_key_get_one_sym)(void *, uint32_t key);
  int (*state_key_get_utf8)(void *, uint32_t key, char *text, size_t room);
  int (*state_led_name_is_active)(void *, const char *name);
  uint32_t (*keysym_from_name)(const char *name, int flags);
  int (*keysym_get_name)(uint32_t keysym, char *name, size_t room);
  uint32_t (*keysym_to_utf32)(uint32_t keysym);
  uint32_t (*utf32_to_keysym)(uint32_t character);
  void *(*compose_table_new_from_locale)(void *context, const char *locale, int flags);
  void *(*compose_table_new_from_buffer)(void *context, const char *text, size_t, const char *locale, int format, int flags);
  void (*compose_table_unref)(void *);
  void *(*compose_state_new)(void *table, int flags);
  void (*compose_state_unref)(void *);
  int (*compose_state_feed)(void *, uint32_t keysym);
  void (*compose_state_reset)(void *);
  int (*compose_state_get_status)(void *);
  int (*compose_state_get_utf8)(void *, char *text, size_t room);
  uint32_t (*compose_state_get_one_sym)(void *);
} xkb;

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

/* Whether the library is there with everything above (1.0 or newer). */
static bool have_xkb(void) {
  static enum { UNKNOWN, ABSENT, PRESENT } state;
  if (state != UNKNOWN) return state == PRESENT;
  void *library = dlopen("libxkbcommon.so.0", RTLD_NOW | RTLD_LOCAL);
  state = library ? PRESENT : ABSENT;
  for (size_t i = 0; library && i < sizeof symbols / sizeof *symbols; i++)
    if (!(*(void **)symbols[i].function = dlsym(library, symbols[i].name))) state = ABSENT;
  return state == PRESENT;
}

/* ---- objects ---- */

enum kind { KEYMAP = 0x58424b31, STATE, COMPOSE };

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

/* Takes the reference; undefined when there is none (the library did not make the object). */
static napi_value wrap(napi_env env, enum kind kind, void *object) {
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

static void *object_of(napi_env env, napi_value value, enum kind kind) {
  struct handle *handle = handle_of(env, value);
  if (handle && handle->kind == kind && handle->object) return handle->object;
  napi_throw_type_error(env, NULL, handle && !handle->object ? "this xkb object was freed" : "not the xkb object that is needed");
  return NULL;
}

static napi_value xkb_free(napi_env env, napi_callback_info info) {
  napi_value v[1];
  get_arguments(env, info, 1, v);
  struct handle *handle = handle_of(env, v[0]);
  if (handle) end_object(handle);
  return NULL;
}

/* ---- arguments and results ---- */

static bool library_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *v) {
  get_arguments(env, info, count, v);
  if (have_xkb()) return true;
  napi_throw_error(env, NULL, "libxkbcommon.so.0 is not installed");
  return false;
}

static bool get_uint32(napi_env env, napi_value value, uint32_t *out) {
  if (napi_get_value_uint32(env, value, out) == napi_ok) return true;
  napi_throw_type_error(env, NULL, "a key code, keysym or modifier mask must be a number");
  return false;
}

/* undefined becomes NULL. */
static bool get_name(napi_env env, napi_value value, char *buffer, const char **out) {
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

static napi_value bool_result(napi_env env, bool value) {
  napi_value result;
  return napi_get_boolean(env, value, &result) == napi_ok ? result : NULL;
}

static napi_value text_result(napi_env env, const char *text) {
  napi_value result;
  return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result) == napi_ok ? result : NULL;
}

static napi_value xkb_available(napi_env env, napi_callback_info info) {
  (void)info;
  return bool_result(env, have_xkb());
}

/* A context is cheap and nothing keeps files open, so each object gets its own. */
static void *new_context(void) {
  void *context = xkb.context_new(0);
  if (context) xkb.context_set_log_level(context, 10); /* critical only: what failed is told by the result */
  return context;
}

/* ---- keymaps ---- */

static napi_value keymap_from_names(napi_env env, napi_callback_info info) {
  napi_value v[5];
  char buffers[5][NAME_MAX_BYTES];
  const char *names[5];
  if (!library_arguments(env, info, 5, v)) return NULL;
  for (int i = 0; i < 5; i++)
    if (!get_name(env, v[i], buffers[i], &names[i])) return NULL;
  struct rule_names rules = {names[0], names[1], names[2], names[3], names[4]};
  void *context = new_context();
  if (!context) return NULL;
  void *keymap = xkb.keymap_new_from_names(context, &rules, 0);
  xkb.context_unref(context);
  return wrap(env, KEYMAP, keymap);
}

static napi_value keymap_from_text(napi_env env, napi_callback_info info) {
  napi_value v[1];
  size_t length;
  if (!library_arguments(env, info, 1, v)) return NULL;
  if (napi_get_value_string_utf8(env, v[0], NULL, 0, &length) != napi_ok) {
    napi_throw_type_error(env, NULL, "a keymap's text must be a string");
    return NULL;
  }
  char *text = malloc(length + 1);
  void *context = text ? new_context() : NULL, *keymap = NULL;
  if (context) {
    napi_get_value_string_utf8(env, v[0], text, length + 1, &length);
    keymap = xkb.keymap_new_from_string(context, text, 1, 0);
    xkb.context_unref(context);
  }
  free(text);
  return wrap(env, KEYMAP, keymap);
}

static napi_value keymap_text(napi_env env, napi_callback_info info) {
  napi_value v[1];
  void *keymap;
  if (!library_arguments(env, info, 1, v) || !(keymap = object_of(env, v[0], KEYMAP))) return NULL;
  char *text = xkb.keymap_get_as_string(keymap, 1);
  napi_value result = text_result(env, text ? text : "");
  free(text);
  return result;
}

static napi_value keymap_repeats(napi_env env, napi_callback_info info) {
  napi_value v[2];
  void *keymap;
  uint32_t code;
  if (!library_arguments(env, info, 2, v) || !(keymap = object_of(env, v[0], KEYMAP)) || !get_uint32(env, v[1], &code))
    return NULL;
  return bool_result(env, xkb.keymap_key_repeats(keymap, code + EVDEV_OFFSET));
}

/*
 * What the first layout's keys give: fills `out` with evdev code, keysym, modifier mask for every level of every key and
 * every mask that selects the level, and returns how many numbers there are (call again with more room if it is more).
 */
static napi_value keymap_entries(napi_env env, napi_callback_info info) {
  napi_value v[2];
  void *keymap, *data;
  napi_typedarray_type type;
  size_t room, used = 0;
  if (!library_arguments(env, info, 2, v) || !(keymap = object_of(env, v[0], KEYMAP))) return NULL;
  if (napi_get_typedarray_info(env, v[1], &type, &room, &data, NULL, NULL) != napi_ok || type != napi_uint32_array) {
    napi_throw_type_error(env, NULL, "the entries go into a Uint32Array");
    return NULL;
  }
  uint32_t *out = data, min = xkb.keymap_min_keycode(keymap), max = xkb.keymap_max_keycode(keymap);
  for (uint32_t key = min < EVDEV_OFFSET ? EVDEV_OFFSET : min; key <= max; key++) {
    uint32_t levels = xkb.keymap_num_levels_for_key(keymap, key, 0);
    for (uint32_t level = 0; level < levels; level++) {
      const uint32_t *syms;
      uint32_t masks[16];
      if (xkb.keymap_key_get_syms_by_level(keymap, key, 0, level, &syms) != 1) continue;
      size_t count = xkb.keymap_key_get_mods_for_level(keymap, key, 0, level, masks, 16);
      for (size_t i = 0; i < count; i++, used += 3) {
        if (used + 3 > room) continue;
        out[used] = key - EVDEV_OFFSET;
        out[used + 1] = syms[0];
        out[used + 2] = masks[i];
      }
    }
  }
  return int_result(env, (int64_t)used);
}

/* ---- keyboard states ---- */

static napi_value state_new(napi_env env, napi_callback_info info) {
  napi_value v[1];
  void *keymap;
  if (!library_arguments(env, info, 1, v) || !(keymap = object_of(env, v[0], KEYMAP))) return NULL;
  return wrap(env, STATE, xkb.state_new(keymap));
}

/* Returns enum xkb_state_component: what changed. */
static napi_value state_update_key(napi_env env, napi_callback_info info) {
  napi_value v[3];
  void *state;
  uint32_t code;
  bool down;
  if (!library_arguments(env, info, 3, v) || !(state = object_of(env, v[0], STATE)) || !get_uint32(env, v[1], &code)) return NULL;
  if (napi_get_value_bool(env, v[2], &down) != napi_ok) {
    napi_throw_type_error(env, NULL, "down must be true or false");
    return NULL;
  }
  return int_result(env, (uint32_t)xkb.state_update_key(state, code + EVDEV_OFFSET, down));
}

static napi_value state_update_mask(napi_env env, napi_callback_info info) {
  napi_value v[5];
  void *state;
  uint32_t n[4];
  if (!library_arguments(env, info, 5, v) || !(state = object_of(env, v[0], STATE))) return NULL;
  for (int i = 0; i < 4; i++)
    if (!get_uint32(env, v[i + 1], &n[i])) return NULL;
  return int_result(env, (uint32_t)xkb.state_update_mask(state, n[0], n[1], n[2], 0, 0, n[3]));
}

/* Fills a Uint32Array with wl_keyboard.modifiers: depressed, latched, locked, group. */
static napi_value state_modifiers(napi_env env, napi_callback_info info) {
  napi_value v[2];
  void *state, *data;
  napi_typedarray_type type;
  size_t length;
  if (!library_arguments(env, info, 2, v) || !(state = object_of(env, v[0], STATE))) return NULL;
  if (napi_get_typedarray_info(env, v[1], &type, &length, &data, NULL, NULL) != napi_ok || type != napi_uint32_array || length < 4) {
    napi_throw_type_error(env, NULL, "the modifiers go into a Uint32Array of four");
    return NULL;
  }
  uint32_t *out = data;
  out[0] = xkb.state_serialize_mods(state, MODS_DEPRESSED);
  out[1] = xkb.state_serialize_mods(state, MODS_LATCHED);
  out[2] = xkb.state_serialize_mods(state, MODS_LOCKED);
  out[3] = xkb.state_serialize_layout(state, LAYOUT_EFFECTIVE);
  return NULL;
}

/* Bits as in linux/input-event-codes.h: LED_NUML 0, LED_CAPSL 1, LED_SCROLLL 2, LED_COMPOSE 3, LED_KANA 4. */
static napi_value state_leds(napi_env env, napi_callback_info info) {
  static const char *const names[] = {"Num Lock", "Caps Lock", "Scroll Lock", "Compose", "Kana"};
  napi_value v[1];
  void *state;
  uint32_t leds = 0;
  if (!library_arguments(env, info, 1, v) || !(state = object_of(env, v[0], STATE))) return NULL;
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
    if (xkb.state_led_name_is_active(state, names[i]) > 0) leds |= 1u << i;
  return int_result(env, leds);
}

static napi_value state_keysym(napi_env env, napi_callback_info info) {
  napi_value v[2];
  void *state;
  uint32_t code;
  if (!library_arguments(env, info, 2, v) || !(state = object_of(env, v[0], STATE)) || !get_uint32(env, v[1], &code)) return NULL;
  return int_result(env, xkb.state_key_get_one_sym(state, code + EVDEV_OFFSET));
}

static napi_value state_text(napi_env env, napi_callback_info info) {
  napi_value v[2], result;
  void *state;
  uint32_t code;
  char text[UTF8_MAX_BYTES];
  if (!library_arguments(env, info, 2, v) || !(state = object_of(env, v[0], STATE)) || !get_uint32(env, v[1], &code)) return NULL;
  int length = xkb.state_key_get_utf8(state, code + EVDEV_OFFSET, text, sizeof text);
  /* The length counts: Ctrl+Space's text is one NUL. */
  size_t usable = length > 0 && (size_t)length < sizeof text ? (size_t)length : 0;
  return napi_create_string_utf8(env, text, usable, &result) == napi_ok ? result : NULL;
}

/* ---- compose ---- */

/* Arguments: locale, and optionally the text of a Compose file to use instead of the locale's. */
static napi_value compose_new(napi_env env, napi_callback_info info) {
  napi_value v[2];
  char buffer[NAME_MAX_BYTES];
  const char *locale;
  napi_valuetype type;
  if (!library_arguments(env, info, 2, v) || !get_name(env, v[0], buffer, &locale)) return NULL;
  void *context = new_context(), *table = NULL;
  if (!context) return NULL;
  if (!locale) locale = "C";
  if (napi_typeof(env, v[1], &type) == napi_ok && type == napi_string) {
    size_t length;
    napi_get_value_string_utf8(env, v[1], NULL, 0, &length);
    char *text = malloc(length + 1);
    if (text) {
      napi_get_value_string_utf8(env, v[1], text, length + 1, &length);
      table = xkb.compose_table_new_from_buffer(context, text, length, locale, 1, 0);
    }
    free(text);
  } else {
    table = xkb.compose_table_new_from_locale(context, locale, 0);
  }
  void *state = table ? xkb.compose_state_new(table, 0) : NULL;
  if (table) xkb.compose_table_unref(table);
  xkb.context_unref(context);
  return wrap(env, COMPOSE, state);
}

/* Returns enum xkb_compose_status after the keysym: 0 nothing, 1 composing, 2 composed, 3 cancelled; -1 when it was ignored. */
static napi_value compose_feed(napi_env env, napi_callback_info info) {
  napi_value v[2], result;
  void *state;
  uint32_t keysym;
  if (!library_arguments(env, info, 2, v) || !(state = object_of(env, v[0], COMPOSE)) || !get_uint32(env, v[1], &keysym)) return NULL;
  int accepted = xkb.compose_state_feed(state, keysym);
  int status = accepted ? xkb.compose_state_get_status(state) : -1;
  return napi_create_int32(env, status, &result) == napi_ok ? result : NULL;
}

static napi_value compose_reset(napi_env env, napi_callback_info info) {
  napi_value v[1];
  void *state;
  if (library_arguments(env, info, 1, v) && (state = object_of(env, v[0], COMPOSE))) xkb.compose_state_reset(state);
  return NULL;
}

static napi_value compose_text(napi_env env, napi_callback_info info) {
  napi_value v[1];
  void *state;
  char text[UTF8_MAX_BYTES * 4];
  if (!library_arguments(env, info, 1, v) || !(state = object_of(env, v[0], COMPOSE))) return NULL;
  int length = xkb.compose_state_get_utf8(state, text, sizeof text);
  return text_result(env, length > 0 && (size_t)length < sizeof text ? text : "");
}

static napi_value compose_keysym(napi_env env, napi_callback_info info) {
  napi_value v[1];
  void *state;
  if (!library_arguments(env, info, 1, v) || !(state = object_of(env, v[0], COMPOSE))) return NULL;
  return int_result(env, xkb.compose_state_get_one_sym(state));
}

/* ---- keysyms ---- */

static napi_value keysym_from_name(napi_env env, napi_callback_info info) {
  napi_value v[1];
  char buffer[NAME_MAX_BYTES];
  const char *name;
  if (!library_arguments(env, info, 1, v) || !get_name(env, v[0], buffer, &name)) return NULL;
  return int_result(env, name ? xkb.keysym_from_name(name, 0) : 0);
}

static napi_value keysym_name(napi_env env, napi_callback_info info) {
  napi_value v[1];
  uint32_t keysym;
  char name[UTF8_MAX_BYTES];
  if (!library_arguments(env, info, 1, v) || !get_uint32(env, v[0], &keysym)) return NULL;
  return text_result(env, xkb.keysym_get_name(keysym, name, sizeof name) > 0 ? name : "");
}

static napi_value keysym_to_utf32(napi_env env, napi_callback_info info) {
  napi_value v[1];
  uint32_t keysym;
  if (!library_arguments(env, info, 1, v) || !get_uint32(env, v[0], &keysym)) return NULL;
  return int_result(env, xkb.keysym_to_utf32(keysym));
}

static napi_value utf32_to_keysym(napi_env env, napi_callback_info info) {
  napi_value v[1];
  uint32_t character;
  if (!library_arguments(env, info, 1, v) || !get_uint32(env, v[0], &character)) return NULL;
  return int_result(env, xkb.utf32_to_keysym(character));
}

void xkb_init(napi_env env, napi_value exports) {
  static const struct function_entry table[] = {
      {"xkbAvailable", xkb_available},
      {"xkbFree", xkb_free},
      {"xkbKeymapFromNames", keymap_from_names},
      {"xkbKeymapFromText", keymap_from_text},
      {"xkbKeymapText", keymap_text},
      {"xkbKeymapRepeats", keymap_repeats},
      {"xkbKeymapEntries", keymap_entries},
      {"xkbStateNew", state_new},
      {"xkbStateUpdateKey", state_update_key},
      {"xkbStateUpdateMask", state_update_mask},
      {"xkbStateModifiers", state_modifiers},
      {"xkbStateLeds", state_leds},
      {"xkbStateKeysym", state_keysym},
      {"xkbStateText", state_text},
      {"xkbComposeNew", compose_new},
      {"xkbComposeFeed", compose_feed},
      {"xkbComposeReset", compose_reset},
      {"xkbComposeText", compose_text},
      {"xkbComposeKeysym", compose_keysym},
      {"xkbKeysymFromName", keysym_from_name},
      {"xkbKeysymName", keysym_name},
      {"xkbKeysymToUtf32", keysym_to_utf32},
      {"xkbUtf32ToKeysym", utf32_to_keysym},
      {NULL, NULL},
  };
  define_functions(env, exports, table);
}
