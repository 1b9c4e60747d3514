/*
 * A wlcs integration module for a compositor in another process.
 *
 * For every test wlcs calls create_server, start, ..., stop, destroy_server. The module either
 *   WLCS_SHIM_CMD="node main.js"   runs that command (sh -c, in a process group of its own) with the path of a stream
 *                                  socket in $WLCS_CONTROL_SOCKET, to which the command connects; or
 *   WLCS_SHIM_CONNECT=/path        connects to a compositor that runs already; each connection is a world of its own.
 * Both sides speak JSON lines: {"id":1,"cmd":"start"} is answered by {"id":1,"ok":true}. Only create_client_socket carries
 * a descriptor, the server's end of the new client's connection, in the same sendmsg. A compositor that dies or hangs fails
 * the test and nothing else.
 *
 * Also: WLCS_SHIM_TIMEOUT_MS (10000, one command), WLCS_SHIM_TEST_TIMEOUT_MS (60000, one test), WLCS_SHIM_LOG=file (every
 * line, both ways), WLCS_SHIM_EXTENSIONS="xdg_wm_base=3,wl_seat=7" (instead of what the compositor says that it has),
 * WLCS_SHIM_DIR (default $XDG_RUNTIME_DIR or /tmp), WLCS_SHIM_STDERR=file (the command's output).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wayland-client-core.h>
#include <wlcs/display_server.h>
#include <wlcs/pointer.h>
#include <wlcs/touch.h>

#define MAX_FD 4096
#define MAX_EXT 128

struct shim {
    WlcsDisplayServer base;
    WlcsIntegrationDescriptor desc;
    WlcsExtensionDescriptor ext[MAX_EXT];
    pthread_mutex_t lock;
    int sock;                 /* control connection, -1 when dead */
    pid_t child;              /* 0 when connected to a running compositor */
    char path[108];
    unsigned next_id, next_client, next_device;
    unsigned client_of_fd[MAX_FD];
    ino_t ino_of_fd[MAX_FD];
    pthread_t watchdog;
    pthread_mutex_t wlock;
    pthread_cond_t wcond;
    bool ended, watching;
    long test_timeout_ms;
    char rbuf[65536];
    size_t rlen;
    int timeout_ms;
    FILE *log;
};

struct pointer { WlcsPointer base; struct shim *s; unsigned dev; };
struct touch { WlcsTouch base; struct shim *s; unsigned dev; };

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

static void say(struct shim *s, const char *dir, const char *line)
{
    if (s->log) { fprintf(s->log, "%ld %s %s\n", now_ms(), dir, line); fflush(s->log); }
}

/* Makes a hung compositor fail a test instead of hanging it: its processes are killed and the client
 * sockets that wlcs still holds are shut down, so that a blocked wl_display_roundtrip() returns. */
static void cut_off(struct shim *s)
{
    if (s->child > 0) kill(-s->child, SIGKILL);
    for (int fd = 0; fd < MAX_FD; fd++) {
        struct stat st;
        if (s->ino_of_fd[fd] && !fstat(fd, &st) && S_ISSOCK(st.st_mode) && st.st_ino == s->ino_of_fd[fd]) shutdown(fd, SHUT_RDWR);
        s->ino_of_fd[fd] = 0;
    }
}

static void *watch(void *p)
{
    struct shim *s = p;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += s->test_timeout_ms / 1000;
    pthread_mutex_lock(&s->wlock);
    while (!s->ended && pthread_cond_timedwait(&s->wcond, &s->wlock, &t) != ETIMEDOUT) { }
    bool late = !s->ended;
    pthread_mutex_unlock(&s->wlock);
    if (late) {
        fprintf(stderr, "wlcs-shim: test over %ld ms, cutting it off\n", s->test_timeout_ms);
        if (s->sock >= 0) shutdown(s->sock, SHUT_RDWR);
        cut_off(s);
    }
    return NULL;
}

static void die_conn(struct shim *s, const char *why)
{
    if (s->sock < 0) return;
    fprintf(stderr, "wlcs-shim: control connection lost: %s\n", why);
    if (s->child > 0) {
        int st;
        if (waitpid(s->child, &st, WNOHANG) == s->child) {
            fprintf(stderr, "wlcs-shim: compositor %d ended: %s %d\n", (int)s->child,
                    WIFSIGNALED(st) ? "signal" : "exit", WIFSIGNALED(st) ? WTERMSIG(st) : WEXITSTATUS(st));
            s->child = 0;
        }
    }
    close(s->sock);
    s->sock = -1;
    cut_off(s);
}

/* A very small JSON reader: enough for flat replies and one nested object of numbers. */
static const char *ws(const char *p) { while (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n') p++; return p; }

/* finds "key" : at depth 1 of the object and returns a pointer to its value, or NULL */
static const char *find_key(const char *p, const char *key)
{
    int depth = 0;
    size_t kl = strlen(key);
    for (; *p; p++) {
        if (*p == '{' || *p == '[') depth++;
        else if (*p == '}' || *p == ']') depth--;
        else if (*p == '"') {
            const char *q = p + 1;
            while (*q && *q != '"') q += (*q == '\\' && q[1]) ? 2 : 1;
            if (!*q) return NULL;
            const char *r = ws(q + 1);
            if (depth == 1 && *r == ':' && (size_t)(q - p - 1) == kl && !memcmp(p + 1, key, kl)) return ws(r + 1);
            p = q;
        }
    }
    return NULL;
}

static void add_ext(struct shim *s, const char *name, size_t n, unsigned ver)
{
    if (s->desc.num_extensions >= MAX_EXT) return;
    s->ext[s->desc.num_extensions].name = strndup(name, n);
    s->ext[s->desc.num_extensions].version = ver;
    s->desc.num_extensions++;
}

static void parse_extensions(struct shim *s, const char *reply)
{
    const char *env = getenv("WLCS_SHIM_EXTENSIONS");
    if (env && *env) {
        while (*env) {
            size_t n = strcspn(env, "=,");
            unsigned v = env[n] == '=' ? strtoul(env + n + 1, NULL, 10) : 1;
            add_ext(s, env, n, v);
            env += strcspn(env, ",");
            if (*env == ',') env++;
        }
        return;
    }
    const char *p = find_key(reply, "extensions");
    if (!p || *p != '{') return;
    p = ws(p + 1);
    while (*p == '"') {
        const char *q = strchr(p + 1, '"');
        if (!q) return;
        const char *v = ws(q + 1);
        if (*v != ':') return;
        char *end;
        unsigned ver = strtoul(ws(v + 1), &end, 10);
        add_ext(s, p + 1, q - p - 1, ver);
        p = ws(end);
        if (*p != ',') return;
        p = ws(p + 1);
    }
}

static bool send_line(struct shim *s, const char *line, size_t n, int fd)
{
    struct iovec io = { (void *)line, n };
    union { char b[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } u;
    struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1 };
    if (fd >= 0) {
        memset(&u, 0, sizeof u);
        m.msg_control = u.b; m.msg_controllen = sizeof u.b;
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET; c->cmsg_type = SCM_RIGHTS; c->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(c), &fd, sizeof fd);
    }
    while (io.iov_len) {
        ssize_t w = sendmsg(s->sock, &m, MSG_NOSIGNAL);
        if (w < 0) { if (errno == EINTR) continue; die_conn(s, strerror(errno)); return false; }
        io.iov_base = (char *)io.iov_base + w; io.iov_len -= w;
        m.msg_control = NULL; m.msg_controllen = 0;
    }
    return true;
}

/* reads one line into out; false on timeout or loss */
static bool read_line(struct shim *s, char *out, size_t max)
{
    long end = now_ms() + s->timeout_ms;
    for (;;) {
        char *nl = memchr(s->rbuf, '\n', s->rlen);
        if (nl) {
            size_t n = nl - s->rbuf;
            size_t c = n < max - 1 ? n : max - 1;
            memcpy(out, s->rbuf, c); out[c] = 0;
            memmove(s->rbuf, nl + 1, s->rlen - n - 1); s->rlen -= n + 1;
            return true;
        }
        if (s->rlen == sizeof s->rbuf) { die_conn(s, "reply line too long"); return false; }
        long left = end - now_ms();
        if (left <= 0) { die_conn(s, "timeout waiting for a reply"); return false; }
        struct pollfd pf = { s->sock, POLLIN, 0 };
        int r = poll(&pf, 1, left);
        if (r < 0 && errno != EINTR) { die_conn(s, strerror(errno)); return false; }
        if (r <= 0) continue;
        ssize_t n = read(s->sock, s->rbuf + s->rlen, sizeof s->rbuf - s->rlen);
        if (n == 0) { die_conn(s, "compositor closed it"); return false; }
        if (n < 0) { if (errno == EINTR || errno == EAGAIN) continue; die_conn(s, strerror(errno)); return false; }
        s->rlen += n;
    }
}

/* sends {"id":N,"cmd":CMD ARGS} and waits for the reply with that id */
static bool call(struct shim *s, int fd, char *reply, size_t rmax, const char *cmd, const char *fmt, ...)
{
    char line[1024], tmp[65536];
    if (!reply) { reply = tmp; rmax = sizeof tmp; }
    pthread_mutex_lock(&s->lock);
    bool ok = false;
    if (s->sock < 0) goto out;
    unsigned id = ++s->next_id;
    int n = snprintf(line, sizeof line, "{\"id\":%u,\"cmd\":\"%s\"", id, cmd);
    if (fmt) {
        va_list ap; va_start(ap, fmt);
        line[n++] = ',';
        n += vsnprintf(line + n, sizeof line - n - 3, fmt, ap);
        va_end(ap);
    }
    line[n++] = '}'; line[n] = 0;
    say(s, ">", line);
    line[n++] = '\n';
    if (!send_line(s, line, n, fd)) goto out;
    for (;;) {
        if (!read_line(s, reply, rmax)) goto out;
        say(s, "<", reply);
        const char *v = find_key(reply, "id");
        if (!v || strtoul(v, NULL, 10) != id) continue;  /* an event or a stale reply */
        v = find_key(reply, "ok");
        ok = v && !strncmp(v, "true", 4);
        if (!ok) fprintf(stderr, "wlcs-shim: %s refused: %s\n", cmd, reply);
        break;
    }
out:
    pthread_mutex_unlock(&s->lock);
    return ok;
}

#define P(p) ((struct pointer *)(p))
static void p_abs(WlcsPointer *p, wl_fixed_t x, wl_fixed_t y)
{ call(P(p)->s, -1, NULL, 0, "pointer_move_absolute", "\"device\":%u,\"x\":%.8g,\"y\":%.8g", P(p)->dev, wl_fixed_to_double(x), wl_fixed_to_double(y)); }
static void p_rel(WlcsPointer *p, wl_fixed_t x, wl_fixed_t y)
{ call(P(p)->s, -1, NULL, 0, "pointer_move_relative", "\"device\":%u,\"dx\":%.8g,\"dy\":%.8g", P(p)->dev, wl_fixed_to_double(x), wl_fixed_to_double(y)); }
static void p_up(WlcsPointer *p, int b)
{ call(P(p)->s, -1, NULL, 0, "pointer_button", "\"device\":%u,\"button\":%d,\"pressed\":false", P(p)->dev, b); }
static void p_down(WlcsPointer *p, int b)
{ call(P(p)->s, -1, NULL, 0, "pointer_button", "\"device\":%u,\"button\":%d,\"pressed\":true", P(p)->dev, b); }
static void p_destroy(WlcsPointer *p)
{ call(P(p)->s, -1, NULL, 0, "destroy_pointer", "\"device\":%u", P(p)->dev); free(p); }

static WlcsPointer *create_pointer(WlcsDisplayServer *b)
{
    struct shim *s = (struct shim *)b;
    struct pointer *p = calloc(1, sizeof *p);
    p->s = s; p->dev = ++s->next_device;
    p->base = (WlcsPointer){ WLCS_POINTER_VERSION, p_abs, p_rel, p_up, p_down, p_destroy };
    call(s, -1, NULL, 0, "create_pointer", "\"device\":%u", p->dev);
    return &p->base;
}

/* touch: one contact a device. The type says wl_fixed_t, but wlcs (1.5.0 to 1.8.1) gives whole pixels. */
#define T(p) ((struct touch *)(p))
static void t_down(WlcsTouch *t, wl_fixed_t x, wl_fixed_t y)
{ call(T(t)->s, -1, NULL, 0, "touch_down", "\"device\":%u,\"x\":%d,\"y\":%d", T(t)->dev, x, y); }
static void t_move(WlcsTouch *t, wl_fixed_t x, wl_fixed_t y)
{ call(T(t)->s, -1, NULL, 0, "touch_move", "\"device\":%u,\"x\":%d,\"y\":%d", T(t)->dev, x, y); }
static void t_up(WlcsTouch *t)
{ call(T(t)->s, -1, NULL, 0, "touch_up", "\"device\":%u", T(t)->dev); }
static void t_destroy(WlcsTouch *t)
{ call(T(t)->s, -1, NULL, 0, "destroy_touch", "\"device\":%u", T(t)->dev); free(t); }

static WlcsTouch *create_touch(WlcsDisplayServer *b)
{
    struct shim *s = (struct shim *)b;
    struct touch *t = calloc(1, sizeof *t);
    t->s = s; t->dev = ++s->next_device;
    t->base = (WlcsTouch){ WLCS_TOUCH_VERSION, t_down, t_move, t_up, t_destroy };
    call(s, -1, NULL, 0, "create_touch", "\"device\":%u", t->dev);
    return &t->base;
}

static void srv_start(WlcsDisplayServer *b) { call((struct shim *)b, -1, NULL, 0, "start", NULL); }

static void end_child(struct shim *s)
{
    if (s->child <= 0) return;
    int st;
    for (int i = 0; i < 300; i++) {
        if (waitpid(s->child, &st, WNOHANG) == s->child) { s->child = 0; return; }
        if (i == 100) kill(-s->child, SIGTERM);
        if (i == 250) kill(-s->child, SIGKILL);
        usleep(10000);
    }
    fprintf(stderr, "wlcs-shim: compositor %d does not end\n", (int)s->child);
    s->child = 0;
}

static void srv_stop(WlcsDisplayServer *b)
{
    struct shim *s = (struct shim *)b;
    if (s->sock >= 0) {
        call(s, -1, NULL, 0, "stop", NULL);
        if (s->sock >= 0) { close(s->sock); s->sock = -1; }
    }
    end_child(s);
}

static int create_client_socket(WlcsDisplayServer *b)
{
    struct shim *s = (struct shim *)b;
    int sv[2];
    if (s->sock < 0) { errno = ENOTCONN; return -1; }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv) < 0) return -1;
    unsigned c = ++s->next_client;
    bool ok = call(s, sv[1], NULL, 0, "create_client_socket", "\"client\":%u", c);
    close(sv[1]);
    if (!ok) { close(sv[0]); errno = EPIPE; return -1; }
    if (sv[0] < MAX_FD) {
        struct stat st;
        s->client_of_fd[sv[0]] = c;
        s->ino_of_fd[sv[0]] = fstat(sv[0], &st) ? 0 : st.st_ino;
    }
    return sv[0];
}

static void position_window(WlcsDisplayServer *b, struct wl_display *d, struct wl_surface *surf, int x, int y)
{
    struct shim *s = (struct shim *)b;
    int fd = wl_display_get_fd(d);
    call(s, -1, NULL, 0, "position_window", "\"client\":%u,\"surface\":%u,\"x\":%d,\"y\":%d",
         fd >= 0 && fd < MAX_FD ? s->client_of_fd[fd] : 0, wl_proxy_get_id((struct wl_proxy *)surf), x, y);
}

static const WlcsIntegrationDescriptor *get_descriptor(const WlcsDisplayServer *b)
{ return &((const struct shim *)b)->desc; }

static int unix_addr(struct sockaddr_un *a, const char *path)
{
    memset(a, 0, sizeof *a);
    a->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof a->sun_path) return -1;
    strcpy(a->sun_path, path);
    return 0;
}

static int spawn(struct shim *s, const char *cmd)
{
    static unsigned serial;
    const char *dir = getenv("WLCS_SHIM_DIR");
    if (!dir || !*dir) dir = getenv("XDG_RUNTIME_DIR");
    if (!dir || !*dir) dir = "/tmp";
    snprintf(s->path, sizeof s->path, "%s/wlcs-%d-%u.sock", dir, (int)getpid(), ++serial);
    struct sockaddr_un a;
    if (unix_addr(&a, s->path)) return -1;
    int l = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unlink(s->path);
    if (l < 0 || bind(l, (struct sockaddr *)&a, sizeof a) || listen(l, 1)) { perror("wlcs-shim: listen"); if (l >= 0) close(l); return -1; }
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        sigset_t none; sigemptyset(&none); sigprocmask(SIG_SETMASK, &none, NULL);
        setenv("WLCS_CONTROL_SOCKET", s->path, 1);
        int nul = open("/dev/null", O_RDONLY);
        dup2(nul, 0);
        const char *ef = getenv("WLCS_SHIM_STDERR");
        int e = ef ? open(ef, O_WRONLY | O_CREAT | O_APPEND, 0644) : -1;
        if (e >= 0) { dup2(e, 1); dup2(e, 2); } else dup2(2, 1); /* keep gtest's stdout clean */
        execl("/bin/sh", "sh", "-c", cmd, (char *)NULL);
        _exit(127);
    }
    if (pid < 0) { close(l); return -1; }
    setpgid(pid, pid);
    s->child = pid;
    long end = now_ms() + s->timeout_ms;
    int c = -1;
    while (c < 0 && now_ms() < end) {
        struct pollfd pf = { l, POLLIN, 0 };
        if (poll(&pf, 1, 50) > 0) c = accept4(l, NULL, NULL, SOCK_CLOEXEC);
        else {
            int st;
            if (waitpid(pid, &st, WNOHANG) == pid) { fprintf(stderr, "wlcs-shim: compositor ended before it connected (status %d)\n", st); s->child = 0; break; }
        }
    }
    close(l);
    unlink(s->path);
    return c;
}

static WlcsDisplayServer *create_server(int argc, const char **argv)
{
    (void)argc; (void)argv;
    struct shim *s = calloc(1, sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    const char *t = getenv("WLCS_SHIM_TIMEOUT_MS"), *lf = getenv("WLCS_SHIM_LOG");
    s->timeout_ms = t && atoi(t) > 0 ? atoi(t) : 10000;
    if (lf && *lf) s->log = fopen(lf, "ae");
    s->base = (WlcsDisplayServer){
        .version = WLCS_DISPLAY_SERVER_VERSION, .start = srv_start, .stop = srv_stop,
        .create_client_socket = create_client_socket, .position_window_absolute = position_window,
        .create_pointer = create_pointer, .create_touch = create_touch, .get_descriptor = get_descriptor,
        .start_on_this_thread = NULL };
    s->desc = (WlcsIntegrationDescriptor){ .version = WLCS_INTEGRATION_DESCRIPTOR_VERSION, .supported_extensions = s->ext };
    const char *con = getenv("WLCS_SHIM_CONNECT"), *cmd = getenv("WLCS_SHIM_CMD");
    s->sock = -1;
    if (con && *con) {
        struct sockaddr_un a;
        int c = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (unix_addr(&a, con) || connect(c, (struct sockaddr *)&a, sizeof a)) { fprintf(stderr, "wlcs-shim: cannot connect to %s: %s\n", con, strerror(errno)); close(c); }
        else s->sock = c;
    } else if (cmd && *cmd) {
        s->sock = spawn(s, cmd);
    } else {
        fprintf(stderr, "wlcs-shim: set WLCS_SHIM_CMD or WLCS_SHIM_CONNECT\n");
    }
    if (s->sock < 0) fprintf(stderr, "wlcs-shim: no compositor; every test will fail\n");
    char reply[65536] = "";
    call(s, -1, reply, sizeof reply, "hello", "\"protocol\":1");
    parse_extensions(s, reply);
    const char *tt = getenv("WLCS_SHIM_TEST_TIMEOUT_MS");
    s->test_timeout_ms = tt && atol(tt) > 0 ? atol(tt) : 60000;
    pthread_mutex_init(&s->wlock, NULL);
    pthread_cond_init(&s->wcond, NULL);
    s->watching = !pthread_create(&s->watchdog, NULL, watch, s);
    return &s->base;
}

static void destroy_server(WlcsDisplayServer *b)
{
    struct shim *s = (struct shim *)b;
    if (s->watching) {
        pthread_mutex_lock(&s->wlock);
        s->ended = true;
        pthread_cond_signal(&s->wcond);
        pthread_mutex_unlock(&s->wlock);
        pthread_join(s->watchdog, NULL);
    }
    if (s->sock >= 0) close(s->sock);
    end_child(s);
    for (size_t i = 0; i < s->desc.num_extensions; i++) free((char *)s->ext[i].name);
    if (s->log) fclose(s->log);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

__attribute__((visibility("default")))
const WlcsServerIntegration wlcs_server_integration = {
    WLCS_SERVER_INTEGRATION_VERSION, create_server, destroy_server,
};
