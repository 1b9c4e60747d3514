/*
 * A client of libseat that does what it is told on stdin and says on stdout what happens:
 *
 *   open PATH | close ID | switch N | read ID | hold | quit      → opened ID, failed ERRNO, closed, data N, end, …
 *
 * It acknowledges disable_seat at once, unless told to `hold`. Only libseat.so.1 is needed: what of its interface is
 * used here stands below, as libseat.h has it.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
const char *libseat_seat_name(struct libseat *seat);
int libseat_switch_session(struct libseat *seat, int session);
int libseat_get_fd(struct libseat *seat);
int libseat_dispatch(struct libseat *seat, int timeout);

static int holding;
static int fds[1024];

static void enable(struct libseat *seat, void *data) {
	(void)seat, (void)data;
	puts("enable");
}

static void disable(struct libseat *seat, void *data) {
	(void)data;
	puts("disable");
	if (!holding && libseat_disable_seat(seat) < 0) printf("disable failed %d\n", errno);
}

static void command(struct libseat *seat, char *line) {
	char *argument = strchr(line, ' ');
	if (argument) *argument++ = 0;
	int number = argument ? atoi(argument) : 0;
	if (!strcmp(line, "open")) {
		int fd = -1, id = libseat_open_device(seat, argument, &fd);
		if (id < 0) printf("failed %d\n", errno);
		else fds[id] = fd, printf("opened %d\n", id);
	} else if (!strcmp(line, "close")) {
		if (libseat_close_device(seat, number) < 0) printf("failed %d\n", errno);
		else close(fds[number]), puts("closed");
	} else if (!strcmp(line, "switch")) {
		if (libseat_switch_session(seat, number) < 0) printf("failed %d\n", errno);
		else puts("switched");
	} else if (!strcmp(line, "read")) {
		char buffer[4096];
		ssize_t count;
		/* Behind what was sent before. */
		while ((count = read(fds[number], buffer, sizeof buffer)) > 0) continue;
		puts(count == 0 ? "end" : errno == EAGAIN ? "nothing" : "broken");
	} else if (!strcmp(line, "hold")) {
		holding = 1;
		puts("holding");
	} else if (!strcmp(line, "release")) {
		holding = 0;
		printf("released %d\n", libseat_disable_seat(seat));
	} else if (!strcmp(line, "quit")) {
		libseat_close_seat(seat);
		exit(0);
	}
}

int main(void) {
	static const struct libseat_seat_listener listener = {enable, disable};
	setvbuf(stdout, NULL, _IOLBF, 0);
	setvbuf(stdin, NULL, _IONBF, 0);
	struct libseat *seat = libseat_open_seat(&listener, NULL);
	if (!seat) return printf("no seat %d\n", errno), 1;
	printf("seat %s\n", libseat_seat_name(seat));
	/* An enable that came with the answer is waiting to be dispatched. */
	libseat_dispatch(seat, 0);
	static char line[4096];
	for (;;) {
		struct pollfd polls[] = {{libseat_get_fd(seat), POLLIN, 0}, {0, POLLIN, 0}};
		poll(polls, 2, -1);
		if (polls[0].revents && libseat_dispatch(seat, 0) < 0) return printf("lost %d\n", errno), 1;
		if (polls[1].revents) {
			if (!fgets(line, sizeof line, stdin)) return 0;
			line[strcspn(line, "\n")] = 0;
			command(seat, line);
		}
	}
}
