/*
 * Input devices that answer from the kernel's own headers, for a process that has this preloaded: what the calls send is written
 * to stderr as C sees it, and what they get was laid out by C.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/hidraw.h>
#include <linux/input.h>
#include <linux/ioctl.h>
#include <linux/uinput.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HIDIOCREVOKE_612 _IOW('H', 0x0d, int)

static int fail(int error) {
  errno = error;
  return -1;
}

static int text(unsigned long request, void *argument, const char *value) {
  snprintf(argument, _IOC_SIZE(request), "%s", value);
  return (int)strlen(value) + 1;
}

static int set_bit(unsigned long request, void *argument, unsigned bit) {
  memset(argument, 0, _IOC_SIZE(request));
  if (bit / 8 < _IOC_SIZE(request)) ((unsigned char *)argument)[bit / 8] |= 1u << (bit % 8);
  return _IOC_SIZE(request);
}

static int evdev(unsigned long request, void *argument) {
  static unsigned char mask[96];
  switch (_IOC_NR(request)) {
    case _IOC_NR(EVIOCGNAME(0)): return text(request, argument, "Kéyboard");
    case _IOC_NR(EVIOCGPHYS(0)): return text(request, argument, "usb-1/input0");
    case _IOC_NR(EVIOCGUNIQ(0)): return fail(ENOENT);
    case _IOC_NR(EVIOCGPROP(0)): return set_bit(request, argument, INPUT_PROP_BUTTONPAD);
    case _IOC_NR(EVIOCGKEY(0)): return set_bit(request, argument, KEY_A);
    case _IOC_NR(EVIOCGLED(0)): return set_bit(request, argument, LED_CAPSL);
    case _IOC_NR(EVIOCGSW(0)): return set_bit(request, argument, SW_LID);
    case _IOC_NR(EVIOCGBIT(EV_SYN, 0)): return set_bit(request, argument, EV_ABS);
    case _IOC_NR(EVIOCGBIT(EV_KEY, 0)): return set_bit(request, argument, BTN_LEFT);
  }
  switch (request) {
    case EVIOCGVERSION: *(int *)argument = EV_VERSION; return 0;
    case EVIOCGID:
      *(struct input_id *)argument = (struct input_id){.bustype = BUS_USB, .vendor = 0x1234, .product = 0xabcd, .version = 7};
      return 0;
    case EVIOCGABS(ABS_X):
      *(struct input_absinfo *)argument =
          (struct input_absinfo){.value = -5, .minimum = -10, .maximum = 4000, .fuzz = 4, .flat = 8, .resolution = 31};
      return 0;
    case EVIOCSABS(ABS_X): {
      const struct input_absinfo *a = argument;
      fprintf(stderr, "EVIOCSABS %d %d %d %d %d %d\n", a->value, a->minimum, a->maximum, a->fuzz, a->flat, a->resolution);
      return 0;
    }
    case EVIOCGREP: ((unsigned *)argument)[0] = 250, ((unsigned *)argument)[1] = 33; return 0;
    case EVIOCSREP: fprintf(stderr, "EVIOCSREP %u %u\n", ((unsigned *)argument)[0], ((unsigned *)argument)[1]); return 0;
    case EVIOCGRAB: fprintf(stderr, "EVIOCGRAB %ld\n", (long)argument); return argument ? fail(EBUSY) : 0;
    case EVIOCREVOKE: fprintf(stderr, "EVIOCREVOKE %ld\n", (long)argument); return 0;
    case EVIOCSCLOCKID: fprintf(stderr, "EVIOCSCLOCKID %d\n", *(int *)argument); return 0;
    case EVIOCSMASK: {
      const struct input_mask *m = argument;
      fprintf(stderr, "EVIOCSMASK type %u, %u bytes\n", m->type, m->codes_size);
      memcpy(mask, (void *)(unsigned long)m->codes_ptr, m->codes_size);
      return 0;
    }
    case EVIOCGMASK: {
      const struct input_mask *m = argument;
      memcpy((void *)(unsigned long)m->codes_ptr, mask, m->codes_size);
      return 0;
    }
  }
  return fail(EINVAL);
}

static int uinput(unsigned long request, void *argument) {
  if (_IOC_NR(request) >= _IOC_NR(UI_SET_EVBIT) && _IOC_NR(request) <= _IOC_NR(UI_SET_PROPBIT) && request != UI_SET_PHYS) {
    fprintf(stderr, "UI_SET %u %ld\n", (unsigned)_IOC_NR(request), (long)argument);
    return 0;
  }
  if (_IOC_NR(request) == _IOC_NR(UI_GET_SYSNAME(0))) return text(request, argument, "input7");
  switch (request) {
    case UI_SET_PHYS: fprintf(stderr, "UI_SET_PHYS %s\n", (char *)argument); return 0;
    case UI_GET_VERSION: *(unsigned *)argument = UINPUT_VERSION; return 0;
    case UI_DEV_SETUP: {
      const struct uinput_setup *s = argument;
      fprintf(stderr, "UI_DEV_SETUP %s %x:%x:%x:%x %u\n", s->name, s->id.bustype, s->id.vendor, s->id.product, s->id.version,
              s->ff_effects_max);
      return 0;
    }
    case UI_ABS_SETUP: {
      const struct uinput_abs_setup *s = argument;
      fprintf(stderr, "UI_ABS_SETUP %u %d..%d res %d\n", s->code, s->absinfo.minimum, s->absinfo.maximum, s->absinfo.resolution);
      return 0;
    }
    case UI_DEV_CREATE: fprintf(stderr, "UI_DEV_CREATE\n"); return 0;
    case UI_DEV_DESTROY: fprintf(stderr, "UI_DEV_DESTROY\n"); return 0;
  }
  return fail(EINVAL);
}

static int hidraw(unsigned long request, void *argument) {
  static const unsigned char descriptor[] = {5, 1, 9, 6, 0xc0};
  switch (_IOC_NR(request)) {
    case _IOC_NR(HIDIOCGRAWNAME(0)): return text(request, argument, "Pad");
    case _IOC_NR(HIDIOCGRAWPHYS(0)): return text(request, argument, "bt");
  }
  switch (request) {
    case HIDIOCGRDESCSIZE: *(int *)argument = sizeof descriptor; return 0;
    case HIDIOCGRDESC: {
      struct hidraw_report_descriptor *d = argument;
      memcpy(d->value, descriptor, d->size);
      return 0;
    }
    case HIDIOCGRAWINFO:
      *(struct hidraw_devinfo *)argument = (struct hidraw_devinfo){.bustype = BUS_BLUETOOTH, .vendor = -2, .product = 3};
      return 0;
    case HIDIOCREVOKE_612: fprintf(stderr, "HIDIOCREVOKE %ld\n", (long)argument); return 0;
  }
  return fail(EINVAL);
}

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  switch (_IOC_TYPE(request)) {
    case 'E': return evdev(request, argument);
    case 'U': return uinput(request, argument);
    case 'H': return hidraw(request, argument);
  }
  return (int)syscall(SYS_ioctl, fd, request, argument);
}
