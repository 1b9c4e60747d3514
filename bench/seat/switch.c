/*
 * Times switches between two clients of libseat in one process: from libseat_switch_session() of the one in front to
 * when the other is enabled and has opened its devices again. Prints microseconds, a line each.
 *
 *   switch COUNT FIRST SECOND [PATH…]      FIRST and SECOND: the numbers of the two clients' sessions
 *
 * A third client is opened before them, since seatd's session 0 cannot be switched to. As compositors do, a client
 * closes its devices when it is disabled, and only then acknowledges.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct libseat;
struct libseat_seat_listener {
	void (*enable_seat)(struct libseat *seat, void *userdata);
	void (*disable_seat)(struct libseat *seat, void *userdata);
};
struct libseat *libseat_open_seat(const struct libseat_seat_listener *listener, void *userdata);
int libseat_disable_seat(struct libseat *seat);
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

static void enable(struct libseat *seat, void *data) {
	(void)seat;
	((struct client *)data)->enabled = 1;
}

static void disable(struct libseat *seat, void *data) {
	struct client *client = data;
	client->enabled = 0;
	for (int i = 0; i < count; i++) {
		if (client->ids[i] < 0) continue;
		libseat_close_device(seat, client->ids[i]);
		close(client->fds[i]);
		client->ids[i] = -1;
	}
	libseat_disable_seat(seat);
}

static void open_devices(struct client *client) {
	for (int i = 0; i < count; i++) {
		client->ids[i] = libseat_open_device(client->seat, paths[i], &client->fds[i]);
		if (client->ids[i] < 0) perror(paths[i]), exit(1);
	}
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

int main(int argc, char **argv) {
	static const struct libseat_seat_listener listener = {enable, disable};
	struct client clients[3] = {{0}};
	if (argc < 4) return 2;
	int times = atoi(argv[1]);
	clients[1].session = atoi(argv[2]);
	clients[2].session = atoi(argv[3]);
	paths = argv + 4;
	count = argc - 4 < DEVICES ? argc - 4 : DEVICES;
	for (int i = 0; i < 3; i++) {
		for (int k = 0; k < DEVICES; k++) clients[i].ids[k] = -1;
		clients[i].seat = libseat_open_seat(&listener, &clients[i]);
		if (!clients[i].seat) return perror("libseat_open_seat"), 1;
		if (i == 0) until_enabled(clients, 1, &clients[0]);
	}
	libseat_switch_session(clients[0].seat, clients[1].session);
	until_enabled(clients, 3, &clients[1]);
	open_devices(&clients[1]);
	for (int i = 0; i < times; i++) {
		struct client *from = &clients[1 + i % 2], *to = &clients[2 - i % 2];
		double start = now();
		libseat_switch_session(from->seat, to->session);
		until_enabled(clients, 3, to);
		open_devices(to);
		printf("%.1f\n", now() - start);
	}
	return 0;
}
