/*
 * libxkbcommon, opened at run time: keymaps, keyboard states, compose sequences. Key codes here are the kernel's (evdev);
 * XKB's are 8 higher. Objects are externals that hold one reference each; they end with xkbFree or with the garbage
 * collector, whichever is first, and using one after xkbFree throws.
 */
#ifndef SWITCHYARD_XKB_H
#define SWITCHYARD_XKB_H

#include "addon.h"

#define EVDEV_OFFSET 8
#define NAME_MAX_BYTES 1024 /* of a layout, variant, option list, locale or keysym name; the longest option lists are ~300 */
#define UTF8_MAX_BYTES 64   /* xkbcommon-compose.h: a key's or a sequence's text */

/* xkbcommon.h: struct xkb_rule_names; NULL members mean the library's defaults. */
struct rule_names {
  const char *rules, *model, *layout, *variant, *options;
};

/* The library's functions, xkb_ left out; valid once have_xkb() said true. */
struct xkb_library {
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
};
extern struct xkb_library xkb;

enum kind { KEYMAP = 0x58424b31, STATE, COMPOSE };

/* Whether the library is there with everything above (1.0 or newer). */
bool have_xkb(void);

/* A new external that owns the reference; NULL (undefined) when there is none: the library did not make the object. */
napi_value wrap(napi_env env, enum kind kind, void *object);
/* NULL with a pending TypeError when the value is no such object, or was freed. */
void *object_of(napi_env env, napi_value value, enum kind kind);
/* A context is cheap and nothing keeps files open, so each object gets its own. */
void *new_context(void);

/* Reads `count` arguments; false with a pending error when the library is missing. */
bool library_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values);
/* False with a pending TypeError when the value has another type. */
bool get_uint32(napi_env env, napi_value value, uint32_t *out);
/* Copies a string of less than NAME_MAX_BYTES into the buffer; undefined becomes NULL. */
bool get_name(napi_env env, napi_value value, char *buffer, const char **out);

/* Exported as they are. */
napi_value xkb_available(napi_env env, napi_callback_info info);
napi_value xkb_free(napi_env env, napi_callback_info info);

napi_value bool_result(napi_env env, bool value);
napi_value text_result(napi_env env, const char *text);

/* The part of xkb.c's exports that has a file of its own. */
void compose_init(napi_env env, napi_value exports);

#endif
