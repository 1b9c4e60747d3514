/*
 * Times switches between two clients of libseat in one process: from libseat_switch_session() of the one in front to
 * when the other is enabled and has opened its devices again. Prints microseconds, a line each.
 *
 *   switch COUNT FIRST SECOND [PATH…]      FIRST and SECOND: the numbers of the two clients' sessions
 *   switch -v COUNT FIRST SECOND [PATH…]   and of the VTs on which they are; in the end the one is in front that was
 *
 * Without VTs a third client is opened before them, since seatd's session 0 cannot be switched to. As compositors do, a
 * client closes its devices when it is disabled, and only then acknowledges; a screen it keeps.
 */
#include <fcntl.h>
#include <linux/vt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

struct libseat;
struct libseat_seat_listener {
	void (*enable_seat)(struct libseat *seat, void *userdata);
	void (*disable_seat)(struct libseat *seat, void *userdata);
};
struct libseat *libseat_open_seat(const struct libseat_seat_listener *listener, void *userdata);
int libseat_disable_seat(struct libseat *seat);
int libseat_close_seat(struct libseat *seat);
int libseat_open_device(struct libseat *seat, const char *path, int *fd);
int libseat_close_device(struct libseat *seat, int device_id);
int libseat_switch_session(struct libseat *seat, int session);
int libseat_get_fd(struct libseat *seat);
int libseat_dispatch(struct libseat *seat, int timeout);

#define DEVICES 8
struct client {
	struct libseat *seat;
	int session, enabled;
	int ids[DEVICES], fds[DEVICES];
};
static char **paths;
static int count;

static int is_screen(int i) {
	return strncmp(paths[i], "/dev/dri/", 9) == 0;
}

static void enable(struct libseat *seat, void *data) {
	(void)seat;
	((struct client *)data)->enabled = 1;
}

static void disable(struct libseat *seat, void *data) {
	struct client *client = data;
	client->enabled = 0;
	for (int i = 0; i < count; i++) {
		if (client->ids[i] < 0 || is_screen(i)) continue;
		libseat_close_device(seat, client->ids[i]);
		close(client->fds[i]);
		client->ids[i] = -1;
	}
	libseat_disable_seat(seat);
}

static void open_devices(struct client *client) {
	for (int i = 0; i < count; i++) {
		if (client->ids[i] >= 0) continue;
		client->ids[i] = libseat_open_device(client->seat, paths[i], &client->fds[i]);
		if (client->ids[i] < 0) perror(paths[i]), exit(1);
	}
}

static void open_client(struct client *client) {
	static const struct libseat_seat_listener listener = {enable, disable};
	for (int k = 0; k < DEVICES; k++) client->ids[k] = -1;
	client->seat = libseat_open_seat(&listener, client);
	if (!client->seat) perror("libseat_open_seat"), exit(1);
}

/* Of `opened` clients. */
static void until_enabled(struct client *clients, int opened, struct client *wanted) {
	/* What came with an answer waits in libseat already. */
	for (int i = 0; i < opened; i++) libseat_dispatch(clients[i].seat, 0);
	while (!wanted->enabled) {
		struct pollfd polls[3];
		for (int i = 0; i < opened; i++) polls[i] = (struct pollfd){libseat_get_fd(clients[i].seat), POLLIN, 0};
		if (poll(polls, opened, 10000) <= 0) fputs("nobody is enabled\n", stderr), exit(1);
		for (int i = 0; i < opened; i++)
			if (polls[i].revents && libseat_dispatch(clients[i].seat, 0) < 0) perror("libseat_dispatch"), exit(1);
	}
}

static double now(void) {
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int in_front(int console) {
	struct vt_stat state;
	if (ioctl(console, VT_GETSTATE, &state) < 0) perror("VT_GETSTATE"), exit(1);
	return state.v_active;
}

/* Whoever has the VT in front may be asked first, and answers meanwhile. */
static void show(int console, int vt, struct client *clients, int opened) {
	if (ioctl(console, VT_ACTIVATE, vt) < 0) perror("VT_ACTIVATE"), exit(1);
	for (int tries = 0; in_front(console) != vt; tries++) {
		if (tries > 10000) fputs("the VT does not come to the front\n", stderr), exit(1);
		for (int i = 0; i < opened; i++) libseat_dispatch(clients[i].seat, 0);
		usleep(1000);
	}
}

int main(int argc, char **argv) {
	struct client clients[3] = {{0}};
	int vts = argc > 1 && strcmp(argv[1], "-v") == 0, opened = 0, console = -1, home = 0;
	if (vts) argc--, argv++;
	if (argc < 4) return 2;
	int times = atoi(argv[1]);
	int sessions[2] = {atoi(argv[2]), atoi(argv[3])};
	paths = argv + 4;
	count = argc - 4 < DEVICES ? argc - 4 : DEVICES;
	if (vts) {
		console = open("/dev/tty0", O_RDWR | O_NOCTTY);
		if (console < 0) return perror("/dev/tty0"), 1;
		home = in_front(console);
	} else {
		open_client(&clients[opened++]);
		until_enabled(clients, opened, &clients[0]);
	}
	struct client *pair[2];
	for (int i = 0; i < 2; i++) {
		if (vts) show(console, sessions[i], clients, opened);
		pair[i] = &clients[opened++];
		pair[i]->session = sessions[i];
		open_client(pair[i]);
		if (!vts) continue;
		until_enabled(clients, opened, pair[i]);
		open_devices(pair[i]);
	}
	libseat_switch_session((vts ? pair[1] : &clients[0])->seat, pair[0]->session);
	until_enabled(clients, opened, pair[0]);
	open_devices(pair[0]);
	for (int i = 0; i < times; i++) {
		struct client *from = pair[i % 2], *to = pair[1 - i % 2];
		double start = now();
		libseat_switch_session(from->seat, to->session);
		until_enabled(clients, opened, to);
		open_devices(to);
		printf("%.1f\n", now() - start);
	}
	if (vts) {
		/* seatd 0.7 dies of a client that goes when no VT of one is in front. */
		struct client *last = pair[times % 2];
		libseat_close_seat(pair[1 - times % 2]->seat);
		libseat_close_seat(last->seat);
		show(console, home, clients, 0);
	}
	return 0;
}
