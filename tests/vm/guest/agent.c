/*
 * The guest's end of GuestAgent.ts: runs commands for the host, over a virtio serial port. Usually PID 1, so it reaps orphans.
 *
 *   frame, both ways, little-endian:  u32 length of what follows | u8 kind | u32 process | payload
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum kind { EXEC = 1, INPUT = 2, KILL = 3, HELLO = 16, OUTPUT = 17, ERRORS = 18, EXIT = 19 };
enum { HEADER = 9, CHUNK = 65536, MAX_FRAME = 1 << 20, MAX_PROCESSES = 128 };

/* How long after a command's end its output is still passed on: what it left in the background may hold the pipes for ever. */
static const int64_t drain_ms = 200;

enum { OUT, ERR, PIPES };

struct process {
	uint32_t id;
	pid_t pid; /* 0: this slot is free */
	int input;
	int pipes[PIPES];
	int status;     /* -1: it runs */
	int64_t closes; /* when its pipes are given up, if it has ended */
};

static struct process processes[MAX_PROCESSES];
static int port;

static int64_t now_ms(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void send_all(const void *bytes, size_t length) {
	const char *at = bytes;
	while (length > 0) {
		ssize_t written = write(port, at, length);
		if (written > 0) {
			at += written;
			length -= written;
		} else if (errno == EAGAIN) {
			poll(&(struct pollfd){.fd = port, .events = POLLOUT}, 1, 100);
		} else if (errno != EINTR) {
			return;
		}
	}
}

static void send_frame(enum kind kind, uint32_t process, const void *payload, uint32_t length) {
	static unsigned char frame[HEADER + CHUNK];
	uint32_t follows = length + HEADER - 4;
	memcpy(frame, &follows, 4);
	frame[4] = kind;
	memcpy(frame + 5, &process, 4);
	memcpy(frame + HEADER, payload, length);
	send_all(frame, HEADER + length);
}

/* The port that QEMU calls `name`; its driver may still be at it. -1 when there is none within some seconds. */
static int open_port(const char *name) {
	for (int attempt = 0; attempt < 200; attempt++, usleep(20000)) {
		DIR *ports = opendir("/sys/class/virtio-ports");
		for (struct dirent *entry; ports && (entry = readdir(ports));) {
			char path[512], found[64] = "";
			snprintf(path, sizeof path, "/sys/class/virtio-ports/%s/name", entry->d_name);
			FILE *file = fopen(path, "re");
			if (!file)
				continue;
			int matches = fscanf(file, "%63s", found) == 1 && strcmp(found, name) == 0;
			fclose(file);
			if (!matches)
				continue;
			snprintf(path, sizeof path, "/dev/%s", entry->d_name);
			closedir(ports);
			return open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
		}
		if (ports)
			closedir(ports);
	}
	return -1;
}

static void send_exit(uint32_t id, int32_t status) {
	send_frame(EXIT, id, &status, sizeof status);
}

static void start(uint32_t id, const char *command) {
	struct process *process = processes;
	while (process < processes + MAX_PROCESSES && process->pid)
		process++;
	int in[2], out[2], err[2];
	if (process == processes + MAX_PROCESSES || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)) {
		send_exit(id, 126);
		return;
	}
	pid_t pid = fork();
	if (pid == 0) {
		setsid();
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(err[1], 2);
		sigset_t none;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		signal(SIGPIPE, SIG_DFL);
		execl("/bin/bash", "bash", "-c", command, NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	close(err[1]);
	fcntl(in[1], F_SETFL, O_NONBLOCK); /* a command that does not read its stdin holds up nobody else */
	*process = (struct process){.id = id, .pid = pid, .input = in[1], .pipes = {out[0], err[0]}, .status = -1};
}

static void close_pipe(int *fd) {
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Tells of a process's end when all of its output has been passed on. */
static void finish(struct process *process) {
	if (process->status < 0 || process->pipes[OUT] >= 0 || process->pipes[ERR] >= 0)
		return;
	close_pipe(&process->input);
	send_exit(process->id, process->status);
	process->pid = 0;
}

static void pass_on(struct process *process, int which) {
	static char buffer[CHUNK];
	ssize_t length = read(process->pipes[which], buffer, sizeof buffer);
	if (length > 0) {
		send_frame(which == OUT ? OUTPUT : ERRORS, process->id, buffer, length);
	} else if (length == 0 || errno != EAGAIN) {
		close_pipe(&process->pipes[which]);
		finish(process);
	}
}

static void reap(int signals) {
	struct signalfd_siginfo info;
	while (read(signals, &info, sizeof info) > 0)
		;
	int status;
	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
		for (struct process *process = processes; process < processes + MAX_PROCESSES; process++) {
			if (process->pid != pid || process->status >= 0)
				continue;
			process->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
			process->closes = now_ms() + drain_ms;
			finish(process);
		}
}

static void obey(enum kind kind, uint32_t id, const unsigned char *payload, uint32_t length) {
	if (kind == EXEC) {
		char *command = strndup((const char *)payload, length);
		start(id, command);
		free(command);
		return;
	}
	for (struct process *process = processes; process < processes + MAX_PROCESSES; process++) {
		if (!process->pid || process->id != id)
			continue;
		if (kind == INPUT && length == 0)
			close_pipe(&process->input);
		else if (kind == INPUT && process->input >= 0 && write(process->input, payload, length) < (ssize_t)length)
			fprintf(stderr, "agent: process %u does not read its input\n", id);
		else if (kind == KILL && length == 1 && process->status < 0)
			kill(-process->pid, payload[0]);
	}
}

static void receive(void) {
	static unsigned char buffer[MAX_FRAME];
	static size_t have;
	ssize_t length = read(port, buffer + have, sizeof buffer - have);
	if (length <= 0)
		return;
	have += length;
	size_t at = 0;
	for (uint32_t follows, id; have - at >= HEADER; at += 4 + follows) {
		memcpy(&follows, buffer + at, 4);
		if (follows > sizeof buffer - 4) {
			fprintf(stderr, "agent: a frame of %u bytes\n", follows);
			reboot(RB_POWER_OFF);
		}
		if (have - at < 4 + (size_t)follows)
			break;
		memcpy(&id, buffer + at + 5, 4);
		obey(buffer[at + 4], id, buffer + at + HEADER, follows + 4 - HEADER);
	}
	have -= at;
	memmove(buffer, buffer + at, have);
}

/* One round: waits until something has happened, and does it. */
static void serve(int signals) {
	struct pollfd polled[2 + PIPES * MAX_PROCESSES];
	int owner[2 + PIPES * MAX_PROCESSES];
	int count = 0;
	polled[count++] = (struct pollfd){.fd = port, .events = POLLIN};
	polled[count++] = (struct pollfd){.fd = signals, .events = POLLIN};
	int timeout = -1;
	for (int i = 0; i < MAX_PROCESSES; i++) {
		if (!processes[i].pid)
			continue;
		for (int which = 0; which < PIPES; which++)
			if (processes[i].pipes[which] >= 0) {
				owner[count] = i * PIPES + which;
				polled[count++] = (struct pollfd){.fd = processes[i].pipes[which], .events = POLLIN};
			}
		if (processes[i].status >= 0)
			timeout = 50;
	}
	if (poll(polled, count, timeout) < 0)
		return;
	for (int i = 2; i < count; i++)
		if (polled[i].revents)
			pass_on(&processes[owner[i] / PIPES], owner[i] % PIPES);
	int64_t now = now_ms();
	for (struct process *process = processes; process < processes + MAX_PROCESSES; process++)
		if (process->pid && process->status >= 0 && now > process->closes) {
			close_pipe(&process->pipes[OUT]);
			close_pipe(&process->pipes[ERR]);
			finish(process);
		}
	if (polled[1].revents)
		reap(signals);
	if (polled[0].revents & POLLIN)
		receive();
	else if (polled[0].revents)
		usleep(50000); /* the host is not connected */
}

int main(void) {
	sigset_t children;
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	sigprocmask(SIG_BLOCK, &children, NULL);
	signal(SIGPIPE, SIG_IGN);
	int signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
	port = open_port("vm.agent");
	if (port < 0) {
		fprintf(stderr, "agent: no port vm.agent\n");
		reboot(RB_POWER_OFF);
	}
	send_frame(HELLO, 0, "", 0);
	for (;;)
		serve(signals);
}
