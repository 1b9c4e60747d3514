/* Keymaps and keyboard states by libxkbcommon. */
#include "xkb.h"

#include <stdlib.h>

/* xkbcommon.h: enum xkb_state_component */
enum { MODS_DEPRESSED = 1, MODS_LATCHED = 2, MODS_LOCKED = 4, LAYOUT_EFFECTIVE = 128 };

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
      {NULL, NULL},
  };
  define_functions(env, exports, table);
  compose_init(env, exports);
}
