/*
 * A graphics card that answers from the kernel's own headers, for a process that has this preloaded: what the calls send is
 * written to stderr as C sees it, and what they get was laid out by C. Like the kernel it fills arrays only when there is room.
 */
#define _GNU_SOURCE
#if __has_include(<drm/drm.h>)
#include <drm/drm.h>
#elif __has_include(<libdrm/drm.h>)
#include <libdrm/drm.h>
#else
#error "missing drm/drm.h"
#endif
#include <errno.h>
#include <linux/ioctl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define AT(pointer) ((void *)(unsigned long)(pointer))
/* As the kernel does it: copies all when there is room for all, and says how many there are. */
#define FILL(pointer, count, array)                                      \
  do {                                                                   \
    if ((count) >= COUNT(array)) memcpy(AT(pointer), array, sizeof(array)); \
    (count) = COUNT(array);                                              \
  } while (0)

static int fail(int error) {
  errno = error;
  return -1;
}

static void copy_text(char *to, __kernel_size_t *length, const char *text) {
  if (to) memcpy(to, text, *length < strlen(text) ? *length : strlen(text));
  *length = strlen(text);
}

static int get_connector(struct drm_mode_get_connector *c) {
  static const struct drm_mode_modeinfo modes[] = {
      {.clock = 74250, .hdisplay = 1280, .htotal = 1650, .vdisplay = 720, .vtotal = 750, .vrefresh = 60, .type = 72, .name = "1280x720"},
      {.clock = 25175, .hdisplay = 640, .vdisplay = 480, .vrefresh = 60, .flags = 10, .name = "640x480"},
  };
  static const __u32 encoders[] = {61}, properties[] = {5, 6};
  static const __u64 values[] = {1, 0xfffffffffffffffeull};
  static int probes;
  if (c->connector_id == 52) {
    probes += c->count_modes == 0;
    c->mm_width = probes;
    c->connection = 2;
    c->count_modes = c->count_props = c->count_encoders = 0;
    return 0;
  }
  if (c->connector_id != 51) return fail(ENOENT);
  FILL(c->modes_ptr, c->count_modes, modes);
  if (c->count_props >= 2) memcpy(AT(c->prop_values_ptr), values, sizeof values);
  FILL(c->props_ptr, c->count_props, properties);
  FILL(c->encoders_ptr, c->count_encoders, encoders);
  c->encoder_id = 61, c->connector_type = DRM_MODE_CONNECTOR_HDMIA, c->connector_type_id = 1, c->connection = 1;
  c->mm_width = 600, c->mm_height = 340, c->subpixel = 1;
  return 0;
}

static int get_resources(struct drm_mode_card_res *r) {
  static const __u32 crtcs[] = {41, 42}, one[] = {51}, two[] = {51, 52}, encoders[] = {61};
  static int calls;
  FILL(r->crtc_id_ptr, r->count_crtcs, crtcs);
  FILL(r->encoder_id_ptr, r->count_encoders, encoders);
  /* A connector is plugged in between the first and the second call. */
  if (calls++ == 0)
    FILL(r->connector_id_ptr, r->count_connectors, one);
  else
    FILL(r->connector_id_ptr, r->count_connectors, two);
  r->count_fbs = 0;
  r->min_width = 1, r->max_width = 8192, r->min_height = 2, r->max_height = 4096;
  return 0;
}

static int atomic(const struct drm_mode_atomic *a) {
  const __u32 *objects = AT(a->objs_ptr), *counts = AT(a->count_props_ptr), *properties = AT(a->props_ptr);
  const __u64 *values = AT(a->prop_values_ptr);
  fprintf(stderr, "ATOMIC %#x for %llu:", a->flags, a->user_data);
  for (__u32 i = 0; i < a->count_objs; i++)
    for (__u32 j = 0; j < counts[i]; j++) fprintf(stderr, " %u.%u=%lld", objects[i], *properties++, (long long)*values++);
  fprintf(stderr, "\n");
  return 0;
}

static int card(int fd, unsigned long request, void *argument) {
  static const unsigned char blob[] = {1, 2, 3, 250, 251};
  switch (request) {
    case DRM_IOCTL_VERSION: {
      struct drm_version *v = argument;
      v->version_major = 1, v->version_minor = 2, v->version_patchlevel = 3;
      copy_text(v->name, &v->name_len, "fake_drm");
      copy_text(v->date, &v->date_len, "0");
      copy_text(v->desc, &v->desc_len, "a card in C");
      return 0;
    }
    case DRM_IOCTL_GET_UNIQUE: {
      struct drm_unique *u = argument;
      copy_text(u->unique, &u->unique_len, "");
      return 0;
    }
    case DRM_IOCTL_GET_CAP: ((struct drm_get_cap *)argument)->value = ((struct drm_get_cap *)argument)->capability + (1ull << 40); return 0;
    case DRM_IOCTL_SET_CLIENT_CAP: {
      const struct drm_set_client_cap *c = argument;
      fprintf(stderr, "SET_CLIENT_CAP %llu %llu\n", c->capability, c->value);
      return 0;
    }
    case DRM_IOCTL_SET_MASTER: return fail(EBUSY);
    case DRM_IOCTL_DROP_MASTER: return 0;
    case DRM_IOCTL_GET_MAGIC: ((struct drm_auth *)argument)->magic = 77; return 0;
    case DRM_IOCTL_AUTH_MAGIC: return fail(((struct drm_auth *)argument)->magic == 0 ? EINVAL : EACCES);
    case DRM_IOCTL_MODE_GETRESOURCES: return get_resources(argument);
    case DRM_IOCTL_MODE_GETCONNECTOR: return get_connector(argument);
    case DRM_IOCTL_MODE_GETCRTC: {
      struct drm_mode_crtc *c = argument;
      c->fb_id = 9, c->gamma_size = 2, c->mode_valid = 1, c->mode.hdisplay = 800;
      strcpy(c->mode.name, "800x600");
      return 0;
    }
    case DRM_IOCTL_MODE_SETCRTC: {
      const struct drm_mode_crtc *c = argument;
      fprintf(stderr, "SETCRTC %u fb %u at %u,%u valid %u %s:", c->crtc_id, c->fb_id, c->x, c->y, c->mode_valid, c->mode.name);
      for (__u32 i = 0; i < c->count_connectors; i++) fprintf(stderr, " %u", ((__u32 *)AT(c->set_connectors_ptr))[i]);
      fprintf(stderr, "\n");
      return 0;
    }
    case DRM_IOCTL_MODE_GETPLANERESOURCES: {
      static const __u32 planes[] = {31, 32, 33};
      struct drm_mode_get_plane_res *p = argument;
      FILL(p->plane_id_ptr, p->count_planes, planes);
      return 0;
    }
    case DRM_IOCTL_MODE_GETPLANE: {
      static const __u32 formats[] = {0x34325258, 0x34325241};
      struct drm_mode_get_plane *p = argument;
      p->crtc_id = 41, p->fb_id = 9, p->possible_crtcs = 3;
      FILL(p->format_type_ptr, p->count_format_types, formats);
      return 0;
    }
    case DRM_IOCTL_MODE_OBJ_GETPROPERTIES: {
      static const __u32 ids[] = {5};
      static const __u64 values[] = {1ull << 63};
      struct drm_mode_obj_get_properties *p = argument;
      if (p->count_props >= 1) memcpy(AT(p->prop_values_ptr), values, sizeof values);
      FILL(p->props_ptr, p->count_props, ids);
      return p->obj_type == DRM_MODE_OBJECT_PLANE ? 0 : fail(EINVAL);
    }
    case DRM_IOCTL_MODE_GETPROPERTY: {
      static const struct drm_mode_property_enum enums[] = {{0, "Overlay"}, {1, "Primary"}};
      static const __u64 values[] = {0, 1};
      struct drm_mode_get_property *p = argument;
      p->flags = DRM_MODE_PROP_ENUM | DRM_MODE_PROP_IMMUTABLE;
      strcpy(p->name, "type");
      FILL(p->values_ptr, p->count_values, values);
      FILL(p->enum_blob_ptr, p->count_enum_blobs, enums);
      return 0;
    }
    case DRM_IOCTL_MODE_GETPROPBLOB: {
      struct drm_mode_get_blob *b = argument;
      if (b->length == sizeof blob) memcpy(AT(b->data), blob, sizeof blob);
      b->length = sizeof blob;
      return 0;
    }
    case DRM_IOCTL_MODE_CREATEPROPBLOB: {
      struct drm_mode_create_blob *b = argument;
      b->blob_id = b->length == sizeof blob && memcmp(AT(b->data), blob, sizeof blob) == 0 ? 90 : 0;
      return 0;
    }
    case DRM_IOCTL_MODE_GETGAMMA: {
      const struct drm_mode_crtc_lut *l = argument;
      for (__u32 i = 0; i < l->gamma_size; i++)
        ((__u16 *)AT(l->red))[i] = i, ((__u16 *)AT(l->green))[i] = 100 + i, ((__u16 *)AT(l->blue))[i] = 65535;
      return 0;
    }
    case DRM_IOCTL_MODE_PAGE_FLIP: {
      const struct drm_mode_crtc_page_flip *f = argument;
      fprintf(stderr, "PAGE_FLIP %u %u %u %u %#llx\n", f->crtc_id, f->fb_id, f->flags, f->reserved, f->user_data);
      return 0;
    }
    case DRM_IOCTL_MODE_CREATE_DUMB: {
      struct drm_mode_create_dumb *d = argument;
      d->handle = 3, d->pitch = d->width * d->bpp / 8 + 64, d->size = (__u64)d->pitch * d->height;
      return 0;
    }
    case DRM_IOCTL_MODE_MAP_DUMB: ((struct drm_mode_map_dumb *)argument)->offset = 4096; return 0;
    case DRM_IOCTL_MODE_ADDFB2: {
      struct drm_mode_fb_cmd2 *f = argument;
      fprintf(stderr, "ADDFB2 %ux%u %.4s flags %u handle %u,%u pitch %u offset %u modifier %llx\n", f->width, f->height,
              (char *)&f->pixel_format, f->flags, f->handles[0], f->handles[1], f->pitches[0], f->offsets[0], f->modifier[0]);
      f->fb_id = 9;
      return 0;
    }
    case DRM_IOCTL_MODE_RMFB: fprintf(stderr, "RMFB %u\n", *(unsigned *)argument); return 0;
    case DRM_IOCTL_MODE_DIRTYFB: {
      const struct drm_mode_fb_dirty_cmd *d = argument;
      fprintf(stderr, "DIRTYFB %u:", d->fb_id);
      for (__u32 i = 0; i < d->num_clips; i++) {
        const struct drm_clip_rect *c = (struct drm_clip_rect *)AT(d->clips_ptr) + i;
        fprintf(stderr, " %u,%u-%u,%u", c->x1, c->y1, c->x2, c->y2);
      }
      fprintf(stderr, "\n");
      return 0;
    }
    case DRM_IOCTL_MODE_ATOMIC: return atomic(argument);
    case DRM_IOCTL_MODE_CREATE_LEASE: {
      struct drm_mode_create_lease *l = argument;
      fprintf(stderr, "CREATE_LEASE %#x:", l->flags);
      for (__u32 i = 0; i < l->object_count; i++) fprintf(stderr, " %u", ((__u32 *)AT(l->object_ids))[i]);
      fprintf(stderr, "\n");
      l->lessee_id = 4, l->fd = dup(fd);
      return 0;
    }
    case DRM_IOCTL_MODE_LIST_LESSEES: {
      static const __u32 lessees[] = {4};
      struct drm_mode_list_lessees *l = argument;
      FILL(l->lessees_ptr, l->count_lessees, lessees);
      return 0;
    }
    case DRM_IOCTL_MODE_GET_LEASE: ((struct drm_mode_get_lease *)argument)->count_objects = 0; return 0;
    case DRM_IOCTL_MODE_REVOKE_LEASE: fprintf(stderr, "REVOKE_LEASE %u\n", ((struct drm_mode_revoke_lease *)argument)->lessee_id); return 0;
    case DRM_IOCTL_PRIME_HANDLE_TO_FD: {
      struct drm_prime_handle *p = argument;
      fprintf(stderr, "PRIME_HANDLE_TO_FD %u %#x\n", p->handle, p->flags);
      p->fd = dup(fd);
      return 0;
    }
    case DRM_IOCTL_PRIME_FD_TO_HANDLE: ((struct drm_prime_handle *)argument)->handle = ((struct drm_prime_handle *)argument)->fd > 2 ? 12 : 0; return 0;
    case DRM_IOCTL_GEM_CLOSE: fprintf(stderr, "GEM_CLOSE %u\n", ((struct drm_gem_close *)argument)->handle); return 0;
  }
  return fail(EINVAL);
}

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  if (_IOC_TYPE(request) == DRM_IOCTL_BASE) return card(fd, request, argument);
  return (int)syscall(SYS_ioctl, fd, request, argument);
}
