/*
 * Opens a login session as a PAM module does, on whichever login1 has the system bus, and becomes a program in it:
 *
 *   open-session UID SEAT VT TYPE PROGRAM …      VT 0: none
 *
 * In C because a start of Node.js takes seconds in an emulated machine, and to be the same for every manager.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

/* The fifo, and what was standard input before the VT was. */
enum { FIFO = 50, INPUT = 60 };

static void give_up(const char *what, const char *why) {
	fprintf(stderr, "open-session: %s: %s\n", what, why);
	exit(1);
}

/* The VT becomes the controlling terminal, standard input, and the user's. */
static void take_vt(unsigned vt, uid_t uid) {
	char path[32];
	snprintf(path, sizeof path, "/dev/tty%u", vt);
	setsid();
	int tty = open(path, O_RDWR);
	if (tty < 0 || ioctl(tty, TIOCSCTTY, 1) || fchown(tty, uid, -1))
		give_up(path, strerror(errno));
	dup2(0, INPUT);
	dup2(tty, 0);
	close(tty);
}

static void set_number(const char *name, unsigned value) {
	char text[16];
	snprintf(text, sizeof text, "%u", value);
	setenv(name, text, 1);
}

static void create_session(const struct passwd *user, const char *seat, unsigned vt, const char *type) {
	char tty[16] = "";
	if (vt)
		snprintf(tty, sizeof tty, "tty%u", vt);
	sd_bus *bus;
	int result = sd_bus_open_system(&bus);
	if (result < 0)
		give_up("system bus", strerror(-result));
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply;
	result = sd_bus_call_method(bus, "org.freedesktop.login1", "/org/freedesktop/login1",
	                            "org.freedesktop.login1.Manager", "CreateSession", &error, &reply, "uusssssussbssa(sv)",
	                            user->pw_uid, (uint32_t)getpid(), "open-session", type, "user", "", seat, vt, tty, "", 0,
	                            "", "", 0);
	if (result < 0)
		give_up("CreateSession", error.message);
	const char *id, *path, *runtime, *on_seat;
	int fifo, existing;
	uint32_t uid, on_vt;
	result = sd_bus_message_read(reply, "soshusub", &id, &path, &runtime, &fifo, &uid, &on_seat, &on_vt, &existing);
	if (result < 0)
		give_up("reply of CreateSession", strerror(-result));
	if (fcntl(fifo, F_DUPFD, FIFO) < 0) /* the session lives as long as somebody has it open */
		give_up("fifo", strerror(errno));
	setenv("XDG_SESSION_ID", id, 1);
	setenv("XDG_SEAT", on_seat, 1);
	setenv("XDG_SESSION_TYPE", type, 1);
	setenv("XDG_SESSION_CLASS", "user", 1);
	if (on_vt)
		set_number("XDG_VTNR", on_vt);
	char fallback[32];
	snprintf(fallback, sizeof fallback, "/run/user/%u", user->pw_uid);
	setenv("XDG_RUNTIME_DIR", *runtime ? runtime : fallback, 1);
	fprintf(stderr, "open-session: session %s of %s on %s\n", id, user->pw_name, on_seat);
	sd_bus_message_unref(reply);
	sd_bus_unref(bus);
}

/* Soaks collect fds; PID 1 here allows no more than the kernel's default. */
static void raise_file_limit(void) {
	struct rlimit files = {65536, 65536};
	setrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = 1024;
	setrlimit(RLIMIT_NOFILE, &files);
}

int main(int count, char **words) {
	if (count < 6)
		give_up("usage", "open-session UID SEAT VT TYPE PROGRAM …");
	struct passwd *user = getpwuid(atoi(words[1]));
	if (!user)
		give_up(words[1], "no such user");
	raise_file_limit();
	unsigned vt = atoi(words[3]);
	if (vt)
		take_vt(vt, user->pw_uid);
	create_session(user, words[2], vt, words[4]);
	setenv("HOME", user->pw_dir, 1);
	setenv("USER", user->pw_name, 1);
	setenv("LOGNAME", user->pw_name, 1);
	setenv("SHELL", user->pw_shell, 1);
	if (initgroups(user->pw_name, user->pw_gid) || setgid(user->pw_gid) || setuid(user->pw_uid) || chdir(user->pw_dir))
		give_up(user->pw_name, strerror(errno));
	execvp(words[5], words + 5);
	give_up(words[5], strerror(errno));
}
