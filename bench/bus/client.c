/*
 * A D-Bus client that does as little as can be, so that a benchmark measures the broker: it writes what it has in one
 * write, reads 64 KiB at a time, and looks at no more of a message than it must.
 *
 *   client PATH echo                             answers calls with their own body; prints its name
 *   client PATH sink                             reads and forgets; prints its name
 *   client PATH receive COUNT NUMBER             NUMBER connections that match org.example.Bench.All and wait for COUNT each
 *   client PATH calls NAME SIZE WINDOW COUNT     calls, WINDOW in flight
 *   client PATH oneway NAME SIZE COUNT           signals to NAME, 32 in a write, then one call to see them through
 *   client PATH broadcast SIZE COUNT             signals without destination, then Peer.Ping of the bus
 *   client PATH flood NAME SIZE                  signals to NAME until killed; prints how many on SIGTERM
 *   client PATH latency NAME SIZE COUNT          calls one by one; the median instead of the mean
 *   client PATH connect COUNT                    connections: handshake, Hello, close
 *   client PATH rules COUNT                      one connection with COUNT match rules that nothing meets; prints "ready", waits
 *   client PATH channelecho                      takes one direct channel and answers on it; prints its name
 *   client PATH channel NAME SIZE COUNT          round trips on a direct channel to NAME
 *   client PATH idle COUNT                       COUNT connections that said Hello; prints "ready" and waits
 *   client PATH fds SIZE COUNT NAME READ         sends one sealed memfd of SIZE again and again, as an fd of a call;
 *                                                READ 1: the receiver ("reader NAME") maps it and reads all
 *
 * Each prints nanoseconds for one operation, except where it says otherwise.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { CALL = 1, RETURN = 2, ERROR = 3, SIGNAL = 4 };
enum { PATH = 1, INTERFACE, MEMBER, ERROR_NAME, REPLY_SERIAL, DESTINATION, SENDER, SIGNATURE, UNIX_FDS };

static void fail(const char *what) {
  fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Bytes that grow. */
struct bytes {
  uint8_t *data;
  size_t start, end, size;
};

static uint8_t *room(struct bytes *bytes, size_t count) {
  if (bytes->start == bytes->end) bytes->start = bytes->end = 0;
  if (bytes->end + count > bytes->size) {
    if (bytes->start > 0) {
      memmove(bytes->data, bytes->data + bytes->start, bytes->end - bytes->start);
      bytes->end -= bytes->start;
      bytes->start = 0;
    }
    if (bytes->end + count > bytes->size) {
      bytes->size = (bytes->end + count) * 2;
      bytes->data = realloc(bytes->data, bytes->size);
      if (!bytes->data) fail("realloc");
    }
  }
  return bytes->data + bytes->end;
}

static void put(struct bytes *out, const void *data, size_t count) {
  memcpy(room(out, count), data, count);
  out->end += count;
}

static void put_u32(struct bytes *out, uint32_t value) { put(out, &value, 4); }

static void pad(struct bytes *out, size_t from, size_t alignment) {
  static const uint8_t zeros[8];
  put(out, zeros, -(out->end - from) & (alignment - 1));
}

struct connection {
  int fd;
  uint32_t serial;
  char name[64];
  struct bytes in, out;
  int passed; /* the fd that came last, or -1 */
};

struct message {
  const uint8_t *start, *body;
  uint32_t type, flags, serial, reply_serial, body_length;
  char sender[64];
};

static void put_string(struct bytes *out, size_t from, uint8_t field, char type, const char *text) {
  if (!text) return;
  pad(out, from, 8);
  uint8_t head[4] = {field, 1, (uint8_t)type, 0};
  put(out, head, 4);
  uint32_t length = (uint32_t)strlen(text);
  if (type == 'g') {
    uint8_t byte = (uint8_t)length;
    put(out, &byte, 1);
  } else {
    put_u32(out, length);
  }
  put(out, text, length + 1);
}

static void put_number(struct bytes *out, size_t from, uint8_t field, uint32_t value) {
  if (!value) return;
  pad(out, from, 8);
  uint8_t head[4] = {field, 1, 'u', 0};
  put(out, head, 4);
  put_u32(out, value);
}

/* Appends a message to what goes out; `body` NULL: zeros. Returns its serial. */
static uint32_t append(struct connection *c, int type, int flags, const char *path, const char *interface, const char *member,
                       const char *destination, uint32_t reply_serial, const char *signature, const void *body, size_t length, uint32_t fds) {
  struct bytes *out = &c->out;
  room(out, length + 1024);
  uint8_t head[4] = {'l', (uint8_t)type, (uint8_t)flags, 1};
  size_t base = out->end;
  put(out, head, 4);
  put_u32(out, (uint32_t)length);
  put_u32(out, ++c->serial);
  put_u32(out, 0);
  put_string(out, base, PATH, 'o', path);
  put_string(out, base, INTERFACE, 's', interface);
  put_string(out, base, MEMBER, 's', member);
  put_number(out, base, REPLY_SERIAL, reply_serial);
  put_string(out, base, DESTINATION, 's', destination);
  put_string(out, base, SIGNATURE, 'g', signature);
  put_number(out, base, UNIX_FDS, fds);
  uint32_t fields = (uint32_t)(out->end - base - 16);
  memcpy(out->data + base + 12, &fields, 4);
  pad(out, base, 8);
  uint8_t *at = room(out, length);
  if (body) memcpy(at, body, length);
  else memset(at, 0, length);
  out->end += length;
  return c->serial;
}

static void flush_with(struct connection *c, int fd) {
  while (c->out.start < c->out.end) {
    struct iovec chunk = {c->out.data + c->out.start, c->out.end - c->out.start};
    union {
      struct cmsghdr header;
      char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {.msg_iov = &chunk, .msg_iovlen = 1};
    if (fd >= 0) {
      message.msg_control = &control;
      message.msg_controllen = sizeof control;
      control.header.cmsg_level = SOL_SOCKET;
      control.header.cmsg_type = SCM_RIGHTS;
      control.header.cmsg_len = CMSG_LEN(sizeof(int));
      memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    }
    ssize_t sent = sendmsg(c->fd, &message, MSG_NOSIGNAL);
    if (sent < 0) fail("sendmsg");
    fd = -1;
    c->out.start += (size_t)sent;
  }
}

static void flush(struct connection *c) { flush_with(c, -1); }

/* Reads once, waiting for something. */
static void fill(struct connection *c, size_t wanted) {
  size_t most = wanted > 65536 ? wanted : 65536;
  struct iovec chunk = {room(&c->in, most), most};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(8 * sizeof(int))];
  } control;
  struct msghdr message = {.msg_iov = &chunk, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t count = recvmsg(c->fd, &message, MSG_CMSG_CLOEXEC);
  if (count <= 0) fail("the bus closed the connection");
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header))
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
      if (c->passed >= 0) close(c->passed);
      memcpy(&c->passed, CMSG_DATA(header), sizeof(int));
    }
  c->in.end += (size_t)count;
}

static uint32_t u32_at(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, 4);
  return value;
}

/* The next message if it is there as a whole. */
static bool take(struct connection *c, struct message *m) {
  size_t there = c->in.end - c->in.start;
  if (there < 16) return false;
  const uint8_t *p = c->in.data + c->in.start;
  uint32_t fields = u32_at(p + 12);
  m->body_length = u32_at(p + 4);
  size_t head = 16 + ((fields + 7) & ~7u);
  if (there < head + m->body_length) return false;
  m->start = p;
  m->body = p + head;
  m->type = p[1];
  m->flags = p[2];
  m->serial = u32_at(p + 8);
  m->reply_serial = 0;
  m->sender[0] = 0;
  for (size_t at = 16; at < 16 + fields;) {
    at = (at + 7) & ~7ul;
    uint8_t field = p[at], type = p[at + 2];
    at += 4;
    if (type == 'u') {
      if (field == REPLY_SERIAL) m->reply_serial = u32_at(p + at);
      at += 4;
    } else if (type == 'g') {
      at += 2u + p[at];
    } else {
      uint32_t length = u32_at(p + at);
      if (field == SENDER && length < sizeof m->sender) memcpy(m->sender, p + at + 4, length + 1);
      at += 4 + length + 1;
    }
  }
  c->in.start += head + m->body_length;
  return true;
}

static struct message next(struct connection *c) {
  struct message m;
  while (!take(c, &m)) fill(c, c->in.end - c->in.start >= 16 ? u32_at(c->in.data + c->in.start + 4) : 0);
  return m;
}

static struct message reply_to(struct connection *c, uint32_t serial) {
  for (;;) {
    struct message m = next(c);
    if (m.reply_serial == serial) return m;
  }
}

static uint32_t ask_bus(struct connection *c, const char *member, const char *argument) {
  uint8_t body[512];
  size_t length = 0;
  if (argument) {
    uint32_t count = (uint32_t)strlen(argument);
    memcpy(body, &count, 4);
    memcpy(body + 4, argument, count + 1);
    length = 4 + count + 1;
  }
  return append(c, CALL, 0, "/org/freedesktop/DBus", "org.freedesktop.DBus", member, "org.freedesktop.DBus", 0, argument ? "s" : NULL, body, length, 0);
}

static void connect_to(struct connection *c, const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memset(c, 0, sizeof *c);
  c->passed = -1;
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address) < 0) fail(path);
  char uid[16], hex[40] = "", hello[128];
  snprintf(uid, sizeof uid, "%u", getuid());
  for (char *digit = uid; *digit; digit++) sprintf(hex + strlen(hex), "%02x", *digit);
  int length = snprintf(hello, sizeof hello, "%cAUTH EXTERNAL %s\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n", 0, hex);
  put(&c->out, hello, (size_t)length);
  uint32_t serial = ask_bus(c, "Hello", NULL);
  flush(c);
  for (int lines = 0; lines < 2;) {
    if (c->in.start == c->in.end) fill(c, 0);
    if (c->in.data[c->in.start++] == '\n') lines++;
  }
  struct message m = reply_to(c, serial);
  snprintf(c->name, sizeof c->name, "%s", (const char *)m.body + 4);
}

static void disconnect(struct connection *c) {
  close(c->fd);
  free(c->in.data);
  free(c->out.data);
}

static const char item_path[] = "/org/example/Bench", item_interface[] = "org.example.Bench";

static void echo(struct connection *c, bool answer, bool map) {
  printf("%s\n", c->name);
  fflush(stdout);
  for (;;) {
    struct message m;
    bool any = false;
    while (take(c, &m)) {
      if (m.type != CALL || m.flags & 1) continue;
      size_t length = answer ? m.body_length : 0;
      if (c->passed >= 0) {
        struct stat status;
        length = 0;
        if (map && fstat(c->passed, &status) == 0) {
          uint64_t *data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, c->passed, 0);
          uint64_t sum = 0;
          for (size_t i = 0; i < (size_t)status.st_size / 8; i++) sum += data[i];
          munmap(data, (size_t)status.st_size);
          if (sum == 42) puts("");
        }
        close(c->passed);
        c->passed = -1;
      }
      append(c, RETURN, 1, NULL, NULL, NULL, m.sender, m.serial, length ? "ay" : NULL, m.body, length, 0);
      any = true;
    }
    if (any) flush(c);
    fill(c, c->in.end - c->in.start >= 16 ? u32_at(c->in.data + c->in.start + 4) : 0);
  }
}

/* An array of SIZE zeros. */
static uint8_t *payload_of(size_t size) {
  uint8_t *payload = calloc(1, size + 4);
  uint32_t count = (uint32_t)size;
  memcpy(payload, &count, 4);
  return payload;
}

static void calls(struct connection *c, const char *name, size_t size, long window, long count) {
  uint8_t *payload = payload_of(size);
  long sent = 0, answered = 0;
  int64_t start = now();
  while (answered < count) {
    bool any = false;
    while (sent < count && sent - answered < window) {
      append(c, CALL, 0, item_path, item_interface, "Go", name, 0, "ay", payload, size + 4, 0);
      sent++;
      any = true;
    }
    if (any) flush(c);
    struct message m = next(c);
    do
      if (m.reply_serial) {
        if (m.type != RETURN) fail("an error instead of a reply");
        answered++;
      }
    while (take(c, &m));
  }
  printf("%.1f\n", (double)(now() - start) / (double)count);
}

static void signals(struct connection *c, const char *name, const char *member, size_t size, long count) {
  uint8_t *payload = payload_of(size);
  long batch = size > 16384 ? 1 : 32;
  int64_t start = now();
  for (long sent = 0; sent < count;) {
    for (long i = 0; i < batch && sent < count; i++, sent++)
      append(c, SIGNAL, 1, item_path, item_interface, member, name, 0, "ay", payload, size + 4, 0);
    flush(c);
  }
  if (name) {
    uint32_t serial = append(c, CALL, 0, item_path, item_interface, "End", name, 0, NULL, NULL, 0, 0);
    flush(c);
    reply_to(c, serial);
  } else {
    uint32_t serial = ask_bus(c, "GetId", NULL);
    flush(c);
    reply_to(c, serial);
  }
  printf("%.1f\n", (double)(now() - start) / (double)count);
}

static volatile sig_atomic_t stopped;
static void on_stop(int signal) {
  (void)signal;
  stopped = 1;
}

static void flood(struct connection *c, const char *name, size_t size) {
  uint8_t *payload = payload_of(size);
  struct sigaction action = {.sa_handler = on_stop};
  sigaction(SIGTERM, &action, NULL);
  long count = 0;
  printf("flooding\n");
  fflush(stdout);
  while (!stopped) {
    for (int i = 0; i < 32; i++, count++)
      append(c, SIGNAL, 1, item_path, item_interface, "Go", name, 0, "ay", payload, size + 4, 0);
    while (!stopped && c->out.start < c->out.end) {
      ssize_t sent = send(c->fd, c->out.data + c->out.start, c->out.end - c->out.start, MSG_NOSIGNAL);
      if (sent < 0 && errno != EINTR) fail("flood");
      if (sent > 0) c->out.start += (size_t)sent;
    }
  }
  printf("%ld\n", count);
}

static int compare(const void *a, const void *b) {
  int64_t difference = *(const int64_t *)a - *(const int64_t *)b;
  return difference < 0 ? -1 : difference > 0;
}

static void latency(struct connection *c, const char *name, size_t size, long count) {
  uint8_t *payload = payload_of(size);
  int64_t *times = calloc((size_t)count, sizeof *times);
  for (long i = 0; i < count; i++) {
    int64_t start = now();
    uint32_t serial = append(c, CALL, 0, item_path, item_interface, "Go", name, 0, "ay", payload, size + 4, 0);
    flush(c);
    reply_to(c, serial);
    times[i] = now() - start;
  }
  qsort(times, (size_t)count, sizeof *times, compare);
  printf("%ld\n", (long)times[count / 2]);
}

static void receive(const char *path, long count, long number) {
  struct connection *all = calloc((size_t)number, sizeof *all);
  struct pollfd *polls = calloc((size_t)number, sizeof *polls);
  long *left = calloc((size_t)number, sizeof *left);
  for (long i = 0; i < number; i++) {
    connect_to(&all[i], path);
    uint32_t serial = ask_bus(&all[i], "AddMatch", "type='signal',interface='org.example.Bench',member='All'");
    flush(&all[i]);
    reply_to(&all[i], serial);
    polls[i] = (struct pollfd){.fd = all[i].fd, .events = POLLIN};
    left[i] = count;
  }
  printf("ready\n");
  fflush(stdout);
  int64_t start = 0;
  for (long waiting = number; waiting > 0;) {
    if (poll(polls, (nfds_t)number, -1) < 0) fail("poll");
    if (!start) start = now();
    for (long i = 0; i < number; i++) {
      struct message m;
      if (!(polls[i].revents & POLLIN)) continue;
      fill(&all[i], 0);
      while (take(&all[i], &m))
        if (m.type == SIGNAL && --left[i] == 0) waiting--;
    }
  }
  printf("%.1f\n", (double)(now() - start) / (double)count);
}

static void connections(const char *path, long count) {
  int64_t start = now();
  for (long i = 0; i < count; i++) {
    struct connection c;
    connect_to(&c, path);
    disconnect(&c);
  }
  printf("%.1f\n", (double)(now() - start) / (double)count);
}

static void idle(const char *path, long count) {
  struct rlimit limit = {65536, 65536};
  setrlimit(RLIMIT_NOFILE, &limit);
  for (long i = 0; i < count; i++) {
    struct connection c;
    connect_to(&c, path);
    free(c.in.data);
    free(c.out.data);
  }
  printf("ready\n");
  fflush(stdout);
  pause();
}

static void memfds(struct connection *c, size_t size, long count, const char *name) {
  int fd = memfd_create("bench", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0 || ftruncate(fd, (off_t)size) < 0) fail("memfd");
  uint8_t *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  memset(data, 1, size);
  munmap(data, size);
  if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0) fail("F_ADD_SEALS");
  uint32_t index = 0;
  int64_t start = now();
  for (long i = 0; i < count; i++) {
    uint32_t serial = append(c, CALL, 0, item_path, item_interface, "Go", name, 0, "h", &index, 4, 1);
    flush_with(c, fd);
    if (reply_to(c, serial).type != RETURN) fail("an error instead of a reply");
  }
  printf("%.1f\n", (double)(now() - start) / (double)count);
}

static void rules(struct connection *c, long count) {
  char rule[128];
  for (long i = 0; i < count; i++) {
    snprintf(rule, sizeof rule, "type='signal',interface='org.example.Bench',member='All',arg0='other%ld'", i);
    uint32_t serial = ask_bus(c, "AddMatch", rule);
    if (i % 100 == 99 || i == count - 1) {
      flush(c);
      reply_to(c, serial);
    }
  }
  printf("ready\n");
  fflush(stdout);
  pause();
}

/* org.switchyard.Bus1.Negotiate({"channels": true}) */
static void negotiate(struct connection *c) {
  static const uint8_t options[] = {21,  0,   0,   0, 0,   0, 0,   0, 8, 0, 0, 0, 'c', 'h', 'a', 'n', 'n',
                                    'e', 'l', 's', 0, 1,   'b', 0, 1, 0, 0, 0};
  uint8_t body[32] = {0};
  size_t length = sizeof options;
  memcpy(body, options, length);
  /* The boolean lies at a multiple of 4: the entry is "channels" (4 + 9), the signature (3), the value (4). */
  uint32_t bytes = (uint32_t)(length - 8);
  memcpy(body, &bytes, 4);
  uint32_t serial = append(c, CALL, 0, "/org/freedesktop/DBus", "org.switchyard.Bus1", "Negotiate", "org.freedesktop.DBus", 0, "a{sv}", body, length, 0);
  flush(c);
  if (reply_to(c, serial).type != RETURN) fail("Negotiate");
}

static void channel_echo(struct connection *c) {
  uint8_t *data = malloc(1 << 20);
  negotiate(c);
  printf("%s\n", c->name);
  fflush(stdout);
  for (;;) {
    while (c->passed < 0) next(c);
    int fd = c->passed;
    c->passed = -1;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    ssize_t count;
    while ((count = read(fd, data, 1 << 20)) > 0)
      for (ssize_t sent = 0; sent < count;) {
        ssize_t some = send(fd, data + sent, (size_t)(count - sent), MSG_NOSIGNAL);
        if (some < 0) break;
        sent += some;
      }
    close(fd);
  }
}

static void channel(struct connection *c, const char *name, size_t size, long count) {
  negotiate(c);
  uint8_t body[160];
  uint32_t length = (uint32_t)strlen(name), type = 6;
  size_t at = 0;
  memset(body, 0, sizeof body);
  memcpy(body, &length, 4);
  memcpy(body + 4, name, length + 1);
  at = (4 + length + 1 + 3) & ~3ul;
  memcpy(body + at, &type, 4);
  memcpy(body + at + 4, "stream", 7);
  at += 4 + 7;
  uint32_t serial = append(c, CALL, 0, "/org/freedesktop/DBus", "org.switchyard.Bus1", "OpenChannel", "org.freedesktop.DBus", 0, "ss", body, at, 0);
  flush(c);
  if (reply_to(c, serial).type != RETURN || c->passed < 0) fail("OpenChannel");
  int fd = c->passed;
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
  uint8_t *data = calloc(1, size);
  int64_t start = now();
  for (long i = 0; i < count; i++) {
    if (send(fd, data, size, MSG_NOSIGNAL) != (ssize_t)size) fail("channel");
    for (size_t got = 0; got < size;) {
      ssize_t some = read(fd, data, size - got);
      if (some <= 0) fail("channel");
      got += (size_t)some;
    }
  }
  printf("%.1f\n", (double)(now() - start) / (double)count);
  shutdown(fd, SHUT_RDWR);
}

int main(int count, char **words) {
  if (count < 3) return 2;
  const char *path = words[1], *what = words[2];
  long number[4] = {0};
  for (int i = 3; i < count && i < 7; i++) number[i - 3] = atol(words[i]);
  if (!strcmp(what, "connect")) return connections(path, number[0]), 0;
  if (!strcmp(what, "idle")) return idle(path, number[0]), 0;
  if (!strcmp(what, "receive")) return receive(path, number[0], number[1]), 0;
  struct connection c;
  connect_to(&c, path);
  if (!strcmp(what, "echo")) echo(&c, true, false);
  else if (!strcmp(what, "sink")) echo(&c, false, false);
  else if (!strcmp(what, "reader")) echo(&c, false, true);
  else if (!strcmp(what, "calls")) calls(&c, words[3], (size_t)number[1], number[2], number[3]);
  else if (!strcmp(what, "oneway")) signals(&c, words[3], "Go", (size_t)number[1], number[2]);
  else if (!strcmp(what, "broadcast")) signals(&c, NULL, "All", (size_t)number[0], number[1]);
  else if (!strcmp(what, "flood")) flood(&c, words[3], (size_t)number[1]);
  else if (!strcmp(what, "rules")) rules(&c, number[0]);
  else if (!strcmp(what, "channelecho")) channel_echo(&c);
  else if (!strcmp(what, "channel")) channel(&c, words[3], (size_t)number[1], number[2]);
  else if (!strcmp(what, "latency")) latency(&c, words[3], (size_t)number[1], number[2]);
  else if (!strcmp(what, "fds")) memfds(&c, (size_t)number[0], number[1], words[5]);
  else return 2;
  return 0;
}
