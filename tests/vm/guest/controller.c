/*
 * A session's controller that tells of all it is told, and tries what a session in the background must not be able to do:
 *
 *   controller [--silent | --own-vt] DEVICE …
 *
 * --silent: never answers PauseDevice("pause"). --own-vt: sets the mode of its VT itself, as an X server does, and answers the kernel.
 *
 * It keeps a duplicate of every fd that it is ever given. Whenever its devices have been taken from it, it reads from each of
 * them that is an input device and flips pages on each that is a card. Each line begins with CLOCK_MONOTONIC in ms.
 * A line `activate` on its standard input, or what was that before open-session made it a VT, makes it ask for its session to be activated, `report` to print what it counted.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <linux/vt.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <systemd/sd-bus.h>
#include <time.h>
#include <unistd.h>

#include <libdrm/drm.h>
#include <libdrm/drm_mode.h>

enum { COMMANDS = 60, MAX_DEVICES = 16, MAX_FDS = 65536, INPUT_MAJOR = 13, DRM_MAJOR = 226 };

struct device {
	unsigned major, minor;
	int fd;   /* the one that was given last */
	int live; /* whether the manager says that it is ours now */
	uint32_t connector, crtc, framebuffer;
	struct drm_mode_modeinfo mode;
	int flipping;
};

static struct device devices[MAX_DEVICES];
static int device_count;
/* All that was ever given, as duplicates. */
static struct { int fd, device; } given[MAX_FDS];
static int given_count;

static sd_bus *bus;
static char session[256];
static int silent;
static int commands;

static struct { long keys, background_keys, flips, background_flips, pauses, forces, resumes, checks; } counted;

static void say(const char *format, ...) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	printf("%.2f ", now.tv_sec * 1e3 + now.tv_nsec / 1e6);
	va_list arguments;
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
}

static struct device *find(unsigned major, unsigned minor) {
	for (int i = 0; i < device_count; i++)
		if (devices[i].major == major && devices[i].minor == minor)
			return &devices[i];
	return NULL;
}

static void keep(int fd, int device) {
	if (given_count == MAX_FDS || (given[given_count].fd = fcntl(fd, F_DUPFD_CLOEXEC, 3)) < 0) {
		say("too many fds");
		exit(1);
	}
	given[given_count++].device = device;
}

/* Reads what there is; how many keys went down or up. A key that a slow machine holds long is repeated by the kernel: that is told apart. */
static int read_keys(int fd, int *last_error, int *repeats) {
	struct input_event events[64];
	int keys = 0;
	*repeats = 0;
	ssize_t length;
	while ((length = read(fd, events, sizeof events)) > 0)
		for (size_t i = 0; i < length / sizeof *events; i++)
			if (events[i].type == EV_KEY)
				++*(events[i].value == 2 ? repeats : &keys);
	*last_error = length < 0 ? errno : 0;
	return keys;
}

static int is_master(int fd) {
	struct drm_auth auth = {0};
	return ioctl(fd, DRM_IOCTL_AUTH_MAGIC, &auth) == 0 || errno != EACCES;
}

/* The first connector's mode, with a buffer that the file keeps as long as it is open: what is to be shown and flipped. */
static void make_picture(struct device *device) {
	uint32_t connectors[8], crtcs[8], encoders[8];
	struct drm_mode_card_res resources = {.connector_id_ptr = (uintptr_t)connectors, .count_connectors = 8,
		.crtc_id_ptr = (uintptr_t)crtcs, .count_crtcs = 8, .encoder_id_ptr = (uintptr_t)encoders, .count_encoders = 8};
	if (ioctl(device->fd, DRM_IOCTL_MODE_GETRESOURCES, &resources) || !resources.count_connectors || !resources.count_crtcs)
		return;
	struct drm_mode_modeinfo modes[64];
	struct drm_mode_get_connector connector = {.connector_id = connectors[0], .modes_ptr = (uintptr_t)modes, .count_modes = 64};
	if (ioctl(device->fd, DRM_IOCTL_MODE_GETCONNECTOR, &connector) || !connector.count_modes)
		return;
	struct drm_mode_create_dumb dumb = {.width = modes[0].hdisplay, .height = modes[0].vdisplay, .bpp = 32};
	if (ioctl(device->fd, DRM_IOCTL_MODE_CREATE_DUMB, &dumb))
		return;
	struct drm_mode_fb_cmd framebuffer = {.width = dumb.width, .height = dumb.height, .pitch = dumb.pitch, .bpp = 32,
		.depth = 24, .handle = dumb.handle};
	if (ioctl(device->fd, DRM_IOCTL_MODE_ADDFB, &framebuffer))
		return;
	device->connector = connectors[0];
	device->crtc = crtcs[0];
	device->framebuffer = framebuffer.fb_id;
	device->mode = modes[0];
}

static void show(const struct device *device) {
	struct drm_mode_crtc crtc = {.crtc_id = device->crtc, .fb_id = device->framebuffer, .mode_valid = 1, .mode = device->mode,
		.set_connectors_ptr = (uintptr_t)&device->connector, .count_connectors = 1};
	int result = ioctl(device->fd, DRM_IOCTL_MODE_SETCRTC, &crtc);
	say("mode %ux%u %s", device->mode.hdisplay, device->mode.vdisplay, result ? strerror(errno) : "set");
}

/* 0, or the errno with which the kernel refuses. */
static int flip(const struct device *device, int fd) {
	struct drm_mode_crtc_page_flip request = {.crtc_id = device->crtc, .fb_id = device->framebuffer,
		.flags = DRM_MODE_PAGE_FLIP_EVENT};
	return ioctl(fd, DRM_IOCTL_MODE_PAGE_FLIP, &request) ? errno : 0;
}

/* Every fd of a device that is not ours now must be of no use. */
static void try_background(int device) {
	for (int i = 0; i < given_count; i++) {
		if (given[i].device != device)
			continue;
		int error, repeats;
		if (devices[device].major == INPUT_MAJOR) {
			int keys = read_keys(given[i].fd, &error, &repeats) + repeats;
			counted.background_keys += keys;
			if (keys || error != ENODEV)
				say("leak: fd %d of %u gives %d keys, then %s", i, devices[device].minor, keys, strerror(error));
		} else if (devices[device].framebuffer) {
			error = flip(&devices[device], given[i].fd);
			/* EBUSY is said before mastership is looked at only of a CRTC that still flips: that is success, too. */
			if (error != EACCES) {
				counted.background_flips++;
				say("leak: fd %d of a card flips: %s", i, strerror(error));
			}
		}
		counted.checks++;
	}
}

static void lost(struct device *device) {
	device->live = 0;
	try_background(device - devices);
}

static void won(struct device *device) {
	device->live = 1;
	if (device->major != DRM_MAJOR)
		return;
	device->flipping = 0;
	/* What a lease had is gone with it. */
	struct drm_mode_fb_cmd mine = {.fb_id = device->framebuffer};
	if (!device->framebuffer || ioctl(device->fd, DRM_IOCTL_MODE_GETFB, &mine))
		make_picture(device);
	struct drm_mode_crtc shown = {.crtc_id = device->crtc};
	if (ioctl(device->fd, DRM_IOCTL_MODE_GETCRTC, &shown) || shown.fb_id != device->framebuffer)
		show(device);
}

static int call_session(const char *member, const char *types, ...) {
	sd_bus_message *call;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message_new_method_call(bus, &call, "org.freedesktop.login1", session, "org.freedesktop.login1.Session", member);
	va_list arguments;
	va_start(arguments, types);
	sd_bus_message_appendv(call, types, arguments);
	va_end(arguments);
	int result = sd_bus_call(bus, call, 0, &error, NULL);
	if (result < 0)
		say("%s: %s: %s", member, error.name, error.message);
	return result;
}

static int on_pause(sd_bus_message *message, void *context, sd_bus_error *error) {
	uint32_t major, minor;
	const char *kind;
	sd_bus_message_read(message, "uus", &major, &minor, &kind);
	struct device *device = find(major, minor);
	int asked = !strcmp(kind, "pause");
	say("pause %u:%u %s%s", major, minor, kind, device && major == DRM_MAJOR ? is_master(device->fd) ? " master" : " no master" : "");
	if (asked)
		counted.pauses++;
	else
		counted.forces++;
	if (!device || (asked && silent))
		return 0;
	if (asked && call_session("PauseDeviceComplete", "uu", major, minor) < 0)
		return 0;
	lost(device);
	return 0;
}

static int on_resume(sd_bus_message *message, void *context, sd_bus_error *error) {
	uint32_t major, minor;
	int fd;
	if (sd_bus_message_read(message, "uuh", &major, &minor, &fd) < 0)
		return 0;
	struct device *device = find(major, minor);
	if (!device)
		return 0;
	close(device->fd);
	device->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	keep(device->fd, device - devices);
	counted.resumes++;
	say("resume %u:%u%s", major, minor, major == DRM_MAJOR ? is_master(device->fd) ? " master" : " no master" : "");
	won(device);
	return 0;
}

static int on_properties(sd_bus_message *message, void *context, sd_bus_error *error) {
	const char *interface, *name;
	sd_bus_message_read(message, "s", &interface);
	sd_bus_message_enter_container(message, 'a', "{sv}");
	while (sd_bus_message_enter_container(message, 'e', "sv") > 0) {
		int active;
		sd_bus_message_read(message, "s", &name);
		if (!strcmp(name, "Active") && sd_bus_message_read(message, "v", "b", &active) >= 0)
			say("active %d", active);
		else
			sd_bus_message_skip(message, "v");
		sd_bus_message_exit_container(message);
	}
	return 0;
}

static int on_lock(sd_bus_message *message, void *context, sd_bus_error *error) {
	say("%s", sd_bus_message_get_member(message));
	return 0;
}

static void take(const char *path) {
	struct stat status;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply;
	if (stat(path, &status) || device_count == MAX_DEVICES) {
		say("no %s", path);
		exit(1);
	}
	unsigned major = major(status.st_rdev), minor = minor(status.st_rdev);
	int fd, inactive;
	if (sd_bus_call_method(bus, "org.freedesktop.login1", session, "org.freedesktop.login1.Session", "TakeDevice", &error,
	                       &reply, "uu", major, minor) < 0 || sd_bus_message_read(reply, "hb", &fd, &inactive) < 0) {
		say("TakeDevice %s: %s: %s", path, error.name, error.message);
		exit(1);
	}
	struct device *device = &devices[device_count++];
	*device = (struct device){.major = major, .minor = minor, .fd = fcntl(fd, F_DUPFD_CLOEXEC, 3)};
	keep(device->fd, device - devices);
	say("taken %u:%u %s %s%s", major, minor, path, inactive ? "inactive" : "active",
	    major == DRM_MAJOR ? is_master(device->fd) ? " master" : " no master" : "");
	if (inactive)
		try_background(device - devices);
	else
		won(device);
	sd_bus_message_unref(reply);
}

static void follow(const char *interface, const char *member, sd_bus_message_handler_t handler) {
	sd_bus_match_signal(bus, NULL, "org.freedesktop.login1", session, interface, member, handler, NULL);
}

static void report(void) {
	say("counted: keys=%ld background-keys=%ld flips=%ld background-flips=%ld pauses=%ld forces=%ld resumes=%ld fds=%d checks=%ld",
	    counted.keys, counted.background_keys, counted.flips, counted.background_flips, counted.pauses, counted.forces,
	    counted.resumes, given_count, counted.checks);
}

static int on_activated(sd_bus_message *message, void *context, sd_bus_error *error) {
	const sd_bus_error *refused = sd_bus_message_get_error(message);
	say("activated%s%s", refused ? ": " : "", refused ? refused->message : "");
	return 0;
}

static void obey(void) {
	static char line[256];
	static size_t have;
	ssize_t length = read(commands, line + have, sizeof line - 1 - have);
	if (length <= 0)
		exit(0);
	have += length;
	line[have] = 0;
	for (char *end; (end = strchr(line, '\n'));) {
		*end = 0;
		if (!strcmp(line, "activate")) {
			say("activate");
			sd_bus_call_method_async(bus, NULL, "org.freedesktop.login1", session, "org.freedesktop.login1.Session",
			                         "Activate", on_activated, NULL, "");
			sd_bus_flush(bus);
		} else {
			report();
		}
		have -= end + 1 - line;
		memmove(line, end + 1, have + 1);
	}
}

/* What a card says: that a flip is done. */
static void read_card(struct device *device) {
	char events[1024];
	if (read(device->fd, events, sizeof events) > 0)
		device->flipping = 0;
}

static void release_vt(int signal) {
	ioctl(0, VT_RELDISP, 1);
}

static void enter_vt(int signal) {
	ioctl(0, VT_RELDISP, VT_ACKACQ);
}

static void own_vt(void) {
	struct vt_mode mode = {.mode = VT_PROCESS, .relsig = SIGUSR1, .acqsig = SIGUSR2};
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = release_vt, .sa_flags = SA_RESTART}, NULL);
	sigaction(SIGUSR2, &(struct sigaction){.sa_handler = enter_vt, .sa_flags = SA_RESTART}, NULL);
	if (ioctl(0, VT_SETMODE, &mode))
		say("VT_SETMODE: %s", strerror(errno));
}

static void serve(void) {
	struct pollfd polled[2 + MAX_DEVICES] = {{.fd = sd_bus_get_fd(bus), .events = POLLIN}, {.fd = commands, .events = POLLIN}};
	for (int i = 0; i < device_count; i++) {
		struct device *device = &devices[i];
		if (device->live && device->framebuffer && !device->flipping && flip(device, device->fd) == 0) {
			device->flipping = 1;
			counted.flips++;
		}
		int listens = device->live || device->flipping;
		polled[2 + i] = (struct pollfd){.fd = listens ? device->fd : -1, .events = POLLIN};
	}
	poll(polled, 2 + device_count, 1000);
	if (polled[1].revents)
		obey();
	for (int i = 0; i < device_count; i++) {
		if (!polled[2 + i].revents)
			continue;
		if (devices[i].major == DRM_MAJOR) {
			read_card(&devices[i]);
			continue;
		}
		int error, repeats, keys = read_keys(devices[i].fd, &error, &repeats);
		counted.keys += keys;
		if (error != EAGAIN) {
			say("%u:%u ends: %s", devices[i].major, devices[i].minor, strerror(error));
			devices[i].live = 0;
		} else if (keys) {
			say("keys %u:%u %d", devices[i].major, devices[i].minor, keys);
		}
	}
}

int main(int count, char **words) {
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	silent = count > 1 && !strcmp(words[1], "--silent");
	int owner = count > 1 && !strcmp(words[1], "--own-vt");
	commands = fcntl(COMMANDS, F_GETFD) < 0 ? 0 : COMMANDS;

	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply;
	const char *path;
	if (sd_bus_open_system(&bus) < 0 ||
	    sd_bus_call_method(bus, "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
	                       "GetSession", &error, &reply, "s", getenv("XDG_SESSION_ID")) < 0 ||
	    sd_bus_message_read(reply, "o", &path) < 0) {
		say("GetSession: %s", error.message);
		return 1;
	}
	snprintf(session, sizeof session, "%s", path);
	follow("org.freedesktop.login1.Session", "PauseDevice", on_pause);
	follow("org.freedesktop.login1.Session", "ResumeDevice", on_resume);
	follow("org.freedesktop.login1.Session", "Lock", on_lock);
	follow("org.freedesktop.login1.Session", "Unlock", on_lock);
	follow("org.freedesktop.DBus.Properties", "PropertiesChanged", on_properties);
	if (call_session("TakeControl", "b", 0) < 0)
		return 1;
	if (owner)
		own_vt();
	for (int i = 1 + (silent || owner); i < count; i++)
		take(words[i]);
	say("ready");
	for (;;) {
		int result;
		while ((result = sd_bus_process(bus, NULL)) > 0)
			;
		if (result < 0) {
			say("the bus is gone");
			return 0;
		}
		serve();
	}
}
